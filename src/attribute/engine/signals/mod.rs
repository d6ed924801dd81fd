//! The signals: one file per kind of evidence, and here the one list of what is measured.
//!
//! A signal is a small pure function from a pairing to a number, mostly between 0 and 1. What it is worth stands
//! in `weights.toml`; what it means, in `docs/scoring.md`.

mod batch_list;
mod claims;
mod co_change;
mod identifiers;
mod message;
mod named_path;
mod order;
mod ownership;
mod partner;
mod prediction;
mod review;
mod shape;
mod task_id;

use super::commits::Winners;
use super::evidence::{CommitEvidence, Evidence, PathEvidence, TaskEvidence};

/// A task and a commit that may be its work.
pub(super) struct Bid<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) task: usize,
    pub(super) commit: usize,
    /// What an earlier pass made of all commits; `None` in the first.
    pub(super) winners: Option<&'a Winners>,
}

impl Bid<'_> {
    fn task(&self) -> &TaskEvidence {
        &self.evidence.tasks[self.task]
    }

    fn commit(&self) -> &CommitEvidence {
        &self.evidence.commits[self.commit]
    }
}

/// A task and a path that it may have changed.
pub(super) struct Pair<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) task: usize,
    pub(super) path: usize,
    /// What was made of the commits.
    pub(super) winners: &'a Winners,
}

impl Pair<'_> {
    fn task(&self) -> &TaskEvidence {
        &self.evidence.tasks[self.task]
    }

    fn path(&self) -> &PathEvidence {
        &self.evidence.paths[self.path]
    }

    /// Other tasks that compete for the path.
    fn rivals(&self) -> impl Iterator<Item = usize> + '_ {
        let is_rival = |(at, task): (usize, &TaskEvidence)| (at != self.task && task.is_active).then_some(at);
        self.evidence.tasks.iter().enumerate().filter_map(is_rival)
    }
}

/// Something measured of a commit as the work of a task.
pub(super) struct CommitSignal {
    /// Its stable name.
    pub(super) name: &'static str,
    pub(super) value: fn(&Bid<'_>) -> f64,
}

/// Something measured of a commit as the work of no task of the plan.
pub(super) struct NobodySignal {
    pub(super) name: &'static str,
    pub(super) value: fn(&Evidence, usize) -> f64,
}

/// Something measured of a path as changed by a task.
pub(super) struct FileSignal {
    pub(super) name: &'static str,
    pub(super) value: fn(&Pair<'_>) -> f64,
}

/// What is measured of a task and a commit.
pub(super) const COMMIT: &[CommitSignal] = &[
    CommitSignal { name: "names_task", value: task_id::names_task },
    CommitSignal { name: "names_other_task", value: task_id::names_other },
    CommitSignal { name: "title_in_message", value: message::title_in_message },
    CommitSignal { name: "title_in_diff", value: message::title_in_diff },
    CommitSignal { name: "message_in_task", value: message::message_in_task },
    CommitSignal { name: "message_share", value: message::share },
    CommitSignal { name: "identifiers", value: identifiers::of_commit },
    CommitSignal { name: "identifier_share", value: identifiers::share_of_commit },
    CommitSignal { name: "words", value: identifiers::words_of_commit },
    CommitSignal { name: "named_paths", value: named_path::of_commit },
    CommitSignal { name: "named_paths_found", value: named_path::found_in_commit },
    CommitSignal { name: "in_batch_list", value: batch_list::of_commit },
    CommitSignal { name: "only_in_this_list", value: batch_list::only_here_of_commit },
    CommitSignal { name: "left_over_in_list", value: batch_list::left_over_of_commit },
    CommitSignal { name: "left_over_found", value: batch_list::left_over_found },
    CommitSignal { name: "outside_batch_list", value: batch_list::outside_of_commit },
    CommitSignal { name: "claimed", value: claims::of_commit },
    CommitSignal { name: "claimed_alone", value: claims::alone_of_commit },
    CommitSignal { name: "claimed_by_another", value: claims::of_another },
    CommitSignal { name: "is_open", value: claims::is_open },
    CommitSignal { name: "log_words", value: identifiers::log_words },
    CommitSignal { name: "log_message", value: message::log_message },
    CommitSignal { name: "log_message_diff", value: message::log_message_diff },
    CommitSignal { name: "log_path_words", value: message::log_path_words },
    CommitSignal { name: "owns_other_files", value: claims::owns_other_files },
    CommitSignal { name: "before_its_batch", value: order::early },
    CommitSignal { name: "after_its_batch", value: order::late },
    CommitSignal { name: "beside_its_batch", value: order::beside },
    CommitSignal { name: "apart_from_its_batch", value: order::apart },
    CommitSignal { name: "outside_list_count", value: batch_list::outside_count },
    CommitSignal { name: "left_over_count", value: batch_list::left_over_count },
    CommitSignal { name: "unclaimed_count", value: claims::unclaimed_count },
    CommitSignal { name: "claimed_count", value: claims::claimed_count },
    CommitSignal { name: "message_stands_out", value: message::stands_out },
    CommitSignal { name: "words_stand_out", value: identifiers::stands_out },
    CommitSignal { name: "has_another_commit", value: order::has_another },
    CommitSignal { name: "before_others", value: order::before_others },
    CommitSignal { name: "after_others", value: order::after_others },
    CommitSignal { name: "window_odds", value: order::window_odds },
    CommitSignal { name: "edits_its_lines", value: ownership::edits_its_lines },
    CommitSignal { name: "edits_others_lines", value: ownership::edits_others_lines },
];

/// What is measured of a commit that is no task's.
pub(super) const NOBODY: &[NobodySignal] = &[
    NobodySignal { name: "foreign_message", value: shape::foreign_message },
    NobodySignal { name: "fits_no_list", value: shape::fits_no_list },
    NobodySignal { name: "chore", value: shape::chore },
    NobodySignal { name: "many_files", value: shape::many_files },
    NobodySignal { name: "crowd", value: shape::crowd },
    NobodySignal { name: "claimed_by_nobody", value: shape::claimed_by_nobody },
];

/// What is measured of a task and a path.
pub(super) const FILE: &[FileSignal] = &[
    FileSignal { name: "batch_list", value: batch_list::listed },
    FileSignal { name: "faithful_list", value: batch_list::faithful },
    FileSignal { name: "open_mates", value: batch_list::open_mates },
    FileSignal { name: "listed_elsewhere", value: batch_list::listed_elsewhere },
    FileSignal { name: "review_evidence", value: review::cited },
    FileSignal { name: "review_of_another", value: review::cited_for_another },
    FileSignal { name: "prediction", value: prediction::predicted },
    FileSignal { name: "predicted_for_another", value: prediction::predicted_for_another },
    FileSignal { name: "path_in_description", value: named_path::path_in_description },
    FileSignal { name: "name_in_description", value: named_path::name_in_description },
    FileSignal { name: "stem_in_description", value: named_path::stem_in_description },
    FileSignal { name: "directory_in_description", value: named_path::directory_in_description },
    FileSignal { name: "read_in_description", value: named_path::read_in_description },
    FileSignal { name: "changed_in_description", value: named_path::changed_in_description },
    FileSignal { name: "late_in_description", value: named_path::late_in_description },
    FileSignal { name: "path_in_notes", value: named_path::path_in_notes },
    FileSignal { name: "name_in_notes", value: named_path::name_in_notes },
    FileSignal { name: "stem_in_notes", value: named_path::stem_in_notes },
    FileSignal { name: "read_in_notes", value: named_path::read_in_notes },
    FileSignal { name: "changed_in_notes", value: named_path::changed_in_notes },
    FileSignal { name: "only_description", value: named_path::only_description },
    FileSignal { name: "only_notes", value: named_path::only_notes },
    FileSignal { name: "named_by_others", value: named_path::named_by_others },
    FileSignal { name: "path_words_in_description", value: named_path::path_words_in_description },
    FileSignal { name: "path_words_in_notes", value: named_path::path_words_in_notes },
    FileSignal { name: "path_words_share", value: named_path::path_words_share },
    FileSignal { name: "identifiers_in_description", value: identifiers::in_description },
    FileSignal { name: "identifiers_in_notes", value: identifiers::in_notes },
    FileSignal { name: "hunk_share", value: identifiers::hunk_share },
    FileSignal { name: "hunk_share_notes", value: identifiers::hunk_share_notes },
    FileSignal { name: "best_by_description", value: identifiers::best_by_description },
    FileSignal { name: "best_by_notes", value: identifiers::best_by_notes },
    FileSignal { name: "word_share", value: identifiers::word_share },
    FileSignal { name: "partner_named", value: partner::named },
    FileSignal { name: "partner_of_another", value: partner::named_by_another },
    FileSignal { name: "claimed_by_mate", value: claims::by_mate },
    FileSignal { name: "claimed_by_others", value: claims::by_others },
    FileSignal { name: "commit", value: co_change::commit },
    FileSignal { name: "commit_of_another", value: co_change::commit_of_another },
    FileSignal { name: "commit_of_nobody", value: co_change::commit_of_nobody },
    FileSignal { name: "left_over", value: batch_list::left_over },
    FileSignal { name: "left_to_it_alone", value: batch_list::left_to_it_alone },
    FileSignal { name: "commit_left_over", value: co_change::commit_left_over },
    FileSignal { name: "commit_listed", value: co_change::commit_listed },
    FileSignal { name: "commit_outside", value: co_change::commit_outside },
    FileSignal { name: "commit_left_over_count", value: co_change::commit_left_over_count },
    FileSignal { name: "lead_over_mates", value: co_change::lead_over_mates },
    FileSignal { name: "lead_over_open", value: co_change::lead_over_open },
    FileSignal { name: "lead_over_known", value: co_change::lead_over_known },
    FileSignal { name: "lead_over_nobody", value: co_change::lead_over_nobody },
    FileSignal { name: "in_bundle", value: co_change::in_bundle },
    FileSignal { name: "beside_named", value: co_change::beside_named },
    FileSignal { name: "shared_file", value: shape::shared_file },
    FileSignal { name: "unchanged", value: shape::unchanged },
    FileSignal { name: "many_commits", value: shape::many_commits },
    FileSignal { name: "rival_confidence", value: co_change::zero },
];
