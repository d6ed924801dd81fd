//! What is measured of a task and a command its batch lists: one file per kind of evidence, and one visible list.

mod batch;
mod claims;
mod habits;
mod named;
mod order;
mod sorts;
mod told;
mod told_of;
mod words;

use super::evidence::{Evidence, List, Listed};
use super::links::Link;
use super::task::TaskEvidence;

/// A task and a command that it may have run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) list: &'a List,
    pub(super) command: &'a Listed,
    /// Place of the command in the list.
    pub(super) at: usize,
    pub(super) task: usize,
}

impl<'a> Pair<'a> {
    fn task(&self) -> &'a TaskEvidence {
        &self.evidence.tasks[self.task]
    }

    fn link(&self) -> Link {
        self.command.link(self.task)
    }

    /// The other members of the batch.
    fn mates(&self) -> impl Iterator<Item = (usize, &'a TaskEvidence)> {
        let (tasks, task) = (&self.evidence.tasks, self.task);
        self.list.members.iter().filter(move |mate| **mate != task).map(|mate| (*mate, &tasks[*mate]))
    }

    /// The share of mates of which something holds; 0 without mates.
    fn share_of_mates(&self, holds: impl Fn(usize, &TaskEvidence) -> bool) -> f64 {
        let (mut all, mut some) = (0, 0);
        for (mate, evidence) in self.mates() {
            all += 1;
            some += usize::from(holds(mate, evidence));
        }
        super::super::count(some) / super::super::count(all.max(1))
    }

    /// Whether the command names files, so that whose they are speaks for itself.
    pub(super) fn is_specific(&self) -> bool {
        self.command.strongest > 0.0
    }
}

/// A kind of evidence: its stable name, what it measures, and how a report says it.
#[derive(Debug)]
pub(super) struct CommandSignal {
    pub(super) name: &'static str,
    pub(super) value: fn(&Pair<'_>) -> f64,
    pub(super) says: &'static str,
}

const fn signal(name: &'static str, value: fn(&Pair<'_>) -> f64, says: &'static str) -> CommandSignal {
    CommandSignal { name, value, says }
}

/// Yes as 1, no as 0.
fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// All signals. `weights.toml` has a weight for each name.
pub(super) const COMMAND: &[CommandSignal] = &[
    signal("owned_files", named::owned, "it names files that records give to the task"),
    signal("described_files", named::described, "it names files that the description names"),
    signal("noted_files", named::noted, "it names files that the notes name"),
    signal("paired_files", named::paired, "it names tests of the task's files, or what they test"),
    signal("best_file", named::best, "it names a file of the task"),
    signal("only_its_files", named::only, "it names files that no other task of the batch has to do with"),
    signal(
        "others_files",
        named::others,
        "it names files that another task of the batch has more to do with",
    ),
    signal("foreign_files", named::foreign, "it names files that no task of the batch has to do with"),
    signal("near_files", named::near, "it names files that lie beside the task's"),
    signal("covers_its_files", named::covers, "it names most of the task's files"),
    signal("many_files", named::many, "how many files it names"),
    signal("wide", named::wide, "how many tasks of the batch have to do with what it names"),
    signal("best_file_checked", named::best_checked, "it checks a file of the task"),
    signal("only_its_files_shown", named::only_shown, "it shows files of this task alone"),
    signal("only_its_files_checked", named::only_checked, "it checks files of this task alone"),
    signal("quoted", told::quoted, "the task's texts quote it"),
    signal("quoted_by_mate", told::quoted_by_mate, "texts of other tasks of the batch quote it"),
    signal("program_in_notes", told::program, "the notes name its program"),
    signal("sort_in_notes", told::sort, "the notes speak of such a command"),
    signal(
        "sort_in_mates_notes",
        told::sort_of_mates,
        "notes of other tasks of the batch speak of such a command",
    ),
    signal("sort_in_description", told::sort_described, "the description speaks of such a command"),
    signal(
        "checked_as_told",
        told::best_and_sort,
        "the notes speak of such a command, and it names a file of the task",
    ),
    signal(
        "whole_in_notes",
        told::whole_and_sort,
        "it checks everything, and the notes speak of such a command",
    ),
    signal("no_notes", told::no_notes, "the task's notes say next to nothing"),
    signal("names_the_task", told::names_task, "it names the task's id"),
    signal("names_a_mate", told::names_mate, "it names the id of another task of the batch"),
    signal("shared_words", words::share, "the task's texts use its words"),
    signal("lead_in_words", words::lead, "the task's texts use its words more than those of the other tasks"),
    signal("words_elsewhere", words::behind, "texts of another task of the batch use its words more"),
    signal("claimed_by_mates", claims::share, "how many known tasks of the batch ran it"),
    signal("claimed_by_one_mate", claims::by_one, "one other task of the batch ran it"),
    signal("claimed_by_several", claims::by_several, "several other tasks of the batch ran it"),
    signal("left_over", claims::left_over, "no other task of the batch ran it"),
    signal("left_to_it_alone", claims::left_to_it, "no other task of the batch ran it, and theirs are known"),
    signal(
        "left_over_shown",
        claims::left_over_shown,
        "no other task ran it, but it only looks at something",
    ),
    signal(
        "like_mates_ran",
        claims::like_mates_ran,
        "known tasks of the batch that have as much to do with it ran it",
    ),
    signal(
        "like_mates_did_not",
        claims::like_mates_did_not,
        "known tasks that have as much to do with it did not run it",
    ),
    signal(
        "repeated_when_so_related",
        habits::related,
        "how often tasks of the plan repeat commands they are so related to",
    ),
    signal("respelled", habits::respelled, "rows of the plan tell such commands in words of their own"),
    signal(
        "respelled_wide",
        habits::respelled_wide,
        "rows of the plan tell such commands in words of their own, and it names several files",
    ),
    signal("repeated_sort", habits::repeats, "how often tasks of the plan repeat such a command"),
    signal(
        "repeated_its_files",
        habits::repeats_own,
        "tasks of the plan repeat such commands, and it names files of this task",
    ),
    signal(
        "repeated_wide",
        habits::repeats_wide,
        "how often tasks of the plan repeat commands that name several files",
    ),
    signal("shared_sort", habits::shared, "how many tasks repeat such a command at once"),
    signal("shared_by_all", habits::shared_whole, "such a check of everything is repeated by all"),
    signal("beside_its_own", order::own, "it stands beside commands of the task"),
    signal("beside_a_mates", order::mates, "it stands beside commands of another task"),
    signal("told_elsewhere", told_of::elsewhere, "its batch tells of it outside the list of commands"),
    signal("in_transcript", told_of::transcript, "a transcript of the run holds it"),
    signal("late", order::late, "how far down the list it stands"),
    signal("test", sorts::test, "it runs tests"),
    signal("types", sorts::types, "it checks types"),
    signal("lint", sorts::lint, "it lints or checks the format"),
    signal("syntax", sorts::syntax, "it checks that something compiles"),
    signal("build", sorts::build, "it builds"),
    signal("search", sorts::search, "it searches"),
    signal("read", sorts::read, "it shows files"),
    signal("version", sorts::version, "it asks the version control"),
    signal("script", sorts::script, "it runs a script"),
    signal("whole", sorts::whole, "it checks everything"),
    signal("bookkeeping", sorts::bookkeeping, "it is about the harness's own files"),
    signal("many_mates", batch::mates, "how many tasks the batch has"),
    signal("many_open", batch::open, "how many tasks of the batch lack commands"),
    signal("unfaithful_list", batch::unfaithful, "the list may be another run's"),
    signal("verifier", batch::verifier, "the task is there to run checks"),
    signal("mate_verifies", batch::mate_verifies, "another task of the batch is there to run checks"),
];

/// The values of a pair, in the order of [`COMMAND`].
pub(super) fn values(pair: &Pair<'_>) -> Vec<f64> {
    COMMAND.iter().map(|signal| (signal.value)(pair)).collect()
}
