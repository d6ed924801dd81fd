//! Tests that touch the outside: repositories, files, the binary.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

/// What an operator answers is checked, written once and never over evidence.
mod cli_answers;
/// What the gate of a CI job looks at.
mod cli_check;
/// Which claims hold, and what is recorded of them.
mod cli_claims;
/// Damaged and hostile plans end quickly, with a message that leads out.
mod cli_corrupt;
/// Where plans are found.
mod cli_discovery;
/// How well hidden evidence comes back, and what is written of that.
mod cli_evaluate;
/// Why a task was decided as it was.
mod cli_explain;
/// Plans that are large, tolerated or made to deceive end as quickly.
mod cli_hostile;
/// What the options mean.
mod cli_options;
/// What a branch checks out where a job reads or writes.
mod cli_planted;
/// From blocked to running again, and what the harness does next.
mod cli_recover;
/// When a run that writes must not.
mod cli_refusals;
/// Many plans over one history.
mod cli_scan;
/// What goes where: reports, messages, demonstrations.
mod cli_streams;
/// What a run that writes takes, leaves and gives back.
mod cli_write;
/// Sessions in the documents, typed as they stand there.
mod docs_sessions;
/// The library inside another program.
mod embedding;
/// Every situation of `fixture-repos/`, played through the real binary.
mod fixtures;
/// What was read once is not read again.
mod git_cache;
/// Files of commits and of the index, compared with git itself.
mod git_content;
/// What is wrong with a repository, said with a way out.
mod git_errors;
/// Files of a repository that would take all memory, or for ever, are not read.
mod git_excess;
/// A plan's history in one piece.
mod git_history;
/// Histories that tell of more than fits any memory are not read.
mod git_limits;
/// Commits, changes and hunks, compared with git itself.
mod git_oracle;
/// The same for random histories.
mod git_random;
/// Where an epic starts and ends.
mod git_range;
/// Histories built from a description.
mod git_script;
mod git_storage;
/// Uncommitted changes, compared with git itself.
mod git_worktree;
/// Whatever the order of files and the number of threads.
mod order;
/// What carries the program to its users.
mod packaging;
/// Pages that the program writes of itself.
mod reference_docs;
/// Edits that change what they should and not a byte more.
mod repair_roundtrip;
/// Reports for other programs, read as these programs read them.
mod report_consumers;
/// Documents that must name what the code has.
mod report_docs;
/// What holds for every report in every format.
mod report_formats;
/// Figures in documents that must be those of the engine.
mod scoring_docs;
mod support;
