//! The signals: one file per kind of evidence, and here the one list of what is measured.
//!
//! A signal is a small pure function from a pairing to a number, mostly between 0 and 1. What each is worth was
//! learned and stands in `weights.toml`; what each means is told in `docs/scoring.md`.

mod batch_list;
mod claims;
mod co_change;
mod identifiers;
mod message;
mod named_path;
mod nobody;
mod order;
mod ownership;
mod partner;
mod prediction;
mod review;
mod standing;
mod task_id;
mod window;

use super::contest::Winners;
use super::evidence::{CommitEvidence, Evidence, PathEvidence, TaskEvidence};
use super::overlap::{CommitOverlap, PathOverlap, Totals};
use super::reading::CommitReading;

/// A task and a commit that may be its work.
#[derive(Clone, Copy)]
pub(super) struct Bid<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) task: usize,
    pub(super) commit: usize,
    /// What an earlier pass made of all commits; `None` in the first.
    pub(super) winners: Option<&'a Winners>,
}

impl<'a> Bid<'a> {
    fn task(&self) -> &'a TaskEvidence {
        &self.evidence.tasks[self.task]
    }

    fn commit(&self) -> &'a CommitEvidence {
        &self.evidence.commits[self.commit]
    }

    fn overlap(&self) -> CommitOverlap {
        self.evidence.overlaps.of_commit(self.commit, self.task)
    }

    /// What was kept of the commit's text.
    fn reading(&self) -> &'a CommitReading {
        &self.evidence.readings[self.commit]
    }

    fn totals(&self) -> Totals {
        self.evidence.overlaps.commit_totals(self.commit)
    }
}

/// A task and a path that it may have changed.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) task: usize,
    pub(super) path: usize,
    /// Whose the commits are.
    pub(super) winners: &'a Winners,
}

impl<'a> Pair<'a> {
    fn task(&self) -> &'a TaskEvidence {
        &self.evidence.tasks[self.task]
    }

    fn path(&self) -> &'a PathEvidence {
        &self.evidence.paths[self.path]
    }

    fn overlap(&self) -> PathOverlap {
        self.evidence.overlaps.of_path(self.path, self.task)
    }

    fn totals(&self) -> Totals {
        self.evidence.overlaps.path_totals(self.path)
    }

    /// The path's commits that can tell tasks apart, each with this task.
    fn bids(&self) -> impl Iterator<Item = Bid<'a>> + use<'a> {
        let Self { evidence, task, path, .. } = *self;
        evidence.single_commits(path).map(move |commit| Bid { evidence, task, commit, winners: None })
    }

    fn is_other(&self, task: usize) -> bool {
        task != self.task && self.evidence.tasks[task].is_active
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
    /// Its stable name.
    pub(super) name: &'static str,
    pub(super) value: fn(&Evidence, usize) -> f64,
}

/// Something measured of a path as changed by a task.
pub(super) struct FileSignal {
    /// Its stable name.
    pub(super) name: &'static str,
    pub(super) value: fn(&Pair<'_>) -> f64,
    /// What was seen, for people; asked only where the value is not 0.
    pub(super) tell: fn(&Pair<'_>) -> String,
}

const fn commit(name: &'static str, value: fn(&Bid<'_>) -> f64) -> CommitSignal {
    CommitSignal { name, value }
}

const fn nobody(name: &'static str, value: fn(&Evidence, usize) -> f64) -> NobodySignal {
    NobodySignal { name, value }
}

const fn file(name: &'static str, value: fn(&Pair<'_>) -> f64, tell: fn(&Pair<'_>) -> String) -> FileSignal {
    FileSignal { name, value, tell }
}

/// Whether the notes say of the path that it was changed. That the description wants it is a plan, and no evidence.
pub(super) fn says_changed(pair: &Pair<'_>) -> bool {
    named_path::changed_in_notes(pair) > 0.0
}

/// What is measured of a task and a commit.
pub(super) const COMMIT: &[CommitSignal] = &[
    commit("names_task", task_id::names_task),
    commit("names_another_task", task_id::names_another),
    commit("branch_names_task", task_id::branch_names_task),
    commit("branch_names_another", task_id::branch_names_another),
    commit("title_in_message", message::title_in_message),
    commit("message_in_description", message::message_in_description),
    commit("message_share", message::share),
    commit("bm25", message::bm25),
    commit("bm25_share", message::bm25_share),
    commit("identifier_share", identifiers::share_of_commit),
    commit("word_share", identifiers::word_share_of_commit),
    commit("words", identifiers::words_of_commit),
    commit("words_stand_out", identifiers::stand_out),
    commit("path_words", named_path::words_of_commit),
    commit("named_paths", named_path::share_of_commit),
    commit("named_paths_found", named_path::found_in_commit),
    commit("planned_paths", named_path::planned_share_of_commit),
    commit("only_in_this_list", batch_list::only_here),
    commit("outside_list", batch_list::outside),
    commit("left_over_in_list", batch_list::left_over_in_commit),
    commit("claimed", claims::claimed),
    commit("not_claimed", claims::not_claimed),
    commit("claimed_by_another", claims::claimed_by_another),
    commit("is_open", claims::is_open),
    commit("before_earlier_batches", order::before_earlier),
    commit("after_later_batches", order::after_later),
    commit("before_dependency", order::before_dependency),
    commit("after_dependent", order::after_dependent),
    commit("window_odds", order::window_odds),
    commit("has_another_commit", order::has_another_commit),
    commit("in_batch_window", window::in_batch_window),
    commit("edits_its_lines", ownership::edits_its_lines),
];

/// What is measured of a commit that is no task's.
pub(super) const NOBODY: &[NobodySignal] = &[
    nobody("foreign_message", nobody::foreign_message),
    nobody("fits_no_list", nobody::fits_no_list),
    nobody("shared_files", nobody::shared_files),
    nobody("many_files", nobody::many_files),
    nobody("claimed_by_nobody", nobody::claimed_by_nobody),
    nobody("crowd", nobody::crowd),
];

/// What is measured of a task and a path.
pub(super) const FILE: &[FileSignal] = &[
    file("batch_list", batch_list::listed, batch_list::tell_listed),
    file("faithful_list", batch_list::faithful, batch_list::tell_faithful),
    file("left_over", batch_list::left_over, batch_list::tell_left_over),
    file("open_mates", batch_list::open_mates, batch_list::tell_open_mates),
    file("listed_elsewhere", batch_list::listed_elsewhere, batch_list::tell_listed_elsewhere),
    file("review_evidence", review::cited, review::tell_cited),
    file("review_of_another", review::cited_for_another, review::tell_another),
    file("prediction", prediction::predicted, prediction::tell_predicted),
    file("predicted_for_another", prediction::predicted_for_another, prediction::tell_another),
    file("path_in_description", named_path::path_in_description, named_path::tell_description),
    file("name_in_description", named_path::name_in_description, named_path::tell_description),
    file("stem_in_description", named_path::stem_in_description, named_path::tell_description),
    file("directory_in_description", named_path::directory_in_description, named_path::tell_directory),
    file("changed_in_description", named_path::changed_in_description, named_path::tell_changed),
    file("only_description", named_path::only_description, named_path::tell_only_description),
    file("path_in_notes", named_path::path_in_notes, named_path::tell_notes),
    file("name_in_notes", named_path::name_in_notes, named_path::tell_notes),
    file("stem_in_notes", named_path::stem_in_notes, named_path::tell_notes),
    file("directory_in_notes", named_path::directory_in_notes, named_path::tell_directory_in_notes),
    file("changed_in_notes", named_path::changed_in_notes, named_path::tell_changed_in_notes),
    file("only_notes", named_path::only_notes, named_path::tell_only_notes),
    file("named_in_plan_step", named_path::named_in_plan_step, named_path::tell_plan_step),
    file("step_of_another", named_path::step_of_another, named_path::tell_step_of_another),
    file("named_by_others", named_path::named_by_others, named_path::tell_others),
    file("path_words", named_path::path_words, named_path::tell_words),
    file("path_words_share", named_path::path_words_share, named_path::tell_words_share),
    file("path_words_in_notes", named_path::path_words_in_notes, named_path::tell_words_in_notes),
    file("identifiers_in_notes", identifiers::in_notes, identifiers::tell_notes),
    file("best_by_notes", identifiers::best_by_notes, identifiers::tell_best),
    file("hunk_share", identifiers::hunk_share, identifiers::tell_hunk),
    file("hunk_share_notes", identifiers::hunk_share_notes, identifiers::tell_hunk_notes),
    file("word_share", identifiers::word_share, identifiers::tell_word_share),
    file("word_share_notes", identifiers::word_share_notes, identifiers::tell_word_share_notes),
    file("partner_named", partner::named, partner::tell_named),
    file("partner_of_another", partner::named_by_another, partner::tell_another),
    file("claimed_by_mate", claims::by_mate, claims::tell_mate),
    file("claimed_by_others", claims::by_others, claims::tell_others),
    file("commit", co_change::commit, co_change::tell_commit),
    file("lead_over_open", co_change::lead_over_open, co_change::tell_lead),
    file("commit_of_another", co_change::commit_of_another, co_change::tell_another),
    file("commit_of_nobody", co_change::commit_of_nobody, co_change::tell_nobody),
    file("commit_outside_list", co_change::outside_list, co_change::tell_outside),
    file("commit_left_over", co_change::left_over, co_change::tell_left_over),
    file("often_changed", standing::often_changed, standing::tell_often),
    file("bundle", standing::bundle, standing::tell_bundle),
    file("unchanged", standing::unchanged, standing::tell_unchanged),
    file("shared_file", standing::shared_file, standing::tell_shared),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let unique = |names: Vec<&str>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
        assert!(unique(COMMIT.iter().map(|signal| signal.name).collect()));
        assert!(unique(NOBODY.iter().map(|signal| signal.name).collect()));
        assert!(unique(FILE.iter().map(|signal| signal.name).collect()));
    }
}
