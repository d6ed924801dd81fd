//! From the words of a commit to the terms that the engine knows.
//!
//! What is looked for comes from the plan alone ([`Lexicon`]). A history keeps of its changes which words they use
//! ([`crate::words`]); [`Lexicon::read`] turns those of a commit into a [`CommitReading`]. Where hunks stand (their line
//! numbers) is kept by the history itself.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::vocabulary::{Bag, Term, Terms, Vocabulary};
use crate::attribute::context::{checks_by_task, rows_by_task};
use crate::gate;
use crate::model::{Change, Commit, Content, Plan, Row, SenseCheck, Task, TaskId};

/// The terms of a plan's texts: all that commits are read for.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(super) vocabulary: Vocabulary,
    /// Of each task, in plan order.
    pub(super) texts: Vec<TaskTexts>,
}

/// What the texts of one task say.
#[derive(Debug, Default)]
pub(super) struct TaskTexts {
    pub(super) title: Terms,
    pub(super) description: Bag,
    pub(super) notes: Terms,
}

/// What is kept of one commit, or of uncommitted changes.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct CommitReading {
    /// Terms of its message.
    pub(super) message: Terms,
    /// How many words of the message no text of the plan has.
    pub(super) strange_words: usize,
    /// Terms of its changes, in the order of `Commit::changes`.
    pub(super) changes: Vec<ChangeReading>,
}

/// The terms of the hunks of one change, each hunk's rising, one hunk after the other.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct ChangeReading {
    terms: Vec<Term>,
    /// Where each hunk ends in `terms`.
    ends: Vec<u32>,
}

impl ChangeReading {
    /// The terms of each hunk.
    pub(super) fn hunks(&self) -> impl Iterator<Item = &[Term]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let hunk = &self.terms[start..*end as usize];
            start = *end as usize;
            hunk
        })
    }

    /// All of them, some several times, in no order.
    pub(super) fn all(&self) -> &[Term] {
        &self.terms
    }

    fn push(&mut self, terms: &[Term]) {
        self.terms.extend(terms);
        self.ends.push(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
    }
}

impl CommitReading {
    /// The set of the terms of all changes.
    pub(super) fn terms(&self) -> Terms {
        set(self.changes.iter().flat_map(ChangeReading::all).copied().collect())
    }
}

/// Terms as a set.
pub(super) fn set(mut terms: Terms) -> Terms {
    terms.sort_unstable();
    terms.dedup();
    terms
}

impl Lexicon {
    /// Learns the terms of a plan's tasks: of their descriptions, and of what executors and reviewers wrote.
    pub(crate) fn new(plan: &Plan) -> Self {
        let rows = rows_by_task(plan, &gate::scopes(plan));
        let checks = checks_by_task(plan);
        let mut lexicon = Self::default();
        for task in &plan.tasks {
            let notes = notes(task, of(&rows, &task.id), of(&checks, &task.id));
            let vocabulary = &mut lexicon.vocabulary;
            lexicon.texts.push(TaskTexts {
                title: vocabulary.learn(title(&task.description)).terms(),
                description: vocabulary.learn(&task.description),
                notes: vocabulary.learn(&notes).terms(),
            });
        }
        lexicon
    }

    /// The terms of a commit. The cost grows with the words of interest in it, and not with the number of tasks.
    pub(crate) fn read(&self, commit: &Commit) -> CommitReading {
        let message = self.vocabulary.terms_of(&commit.wording.words);
        CommitReading {
            strange_words: (commit.wording.count as usize).saturating_sub(message.len()),
            message,
            changes: self.read_changes(&commit.changes),
        }
    }

    /// The same for changes without a commit.
    pub(crate) fn read_changes(&self, changes: &[Change]) -> Vec<ChangeReading> {
        /// Fewer changes are not worth dividing among threads.
        const MANY: usize = 32;
        let read = |change: &Change| {
            let mut reading = ChangeReading::default();
            if let Content::Text(edits) = &change.content {
                edits.words.iter().for_each(|words| reading.push(&self.vocabulary.terms_of(words)));
            }
            reading.terms.shrink_to_fit();
            reading
        };
        if changes.len() < MANY {
            changes.iter().map(read).collect()
        } else {
            changes.par_iter().map(read).collect()
        }
    }
}

/// The first sentence of a description, as far as it can be a title.
fn title(description: &str) -> &str {
    const LONGEST: usize = 160;
    let line = description.trim_start().lines().next().unwrap_or_default();
    let sentence = line.find(". ").map_or(line, |end| &line[..end]);
    let end = sentence.char_indices().nth(LONGEST).map_or(sentence.len(), |(at, _)| at);
    &sentence[..end]
}

fn of<'m, T>(found: &'m HashMap<&TaskId, Vec<T>>, task: &TaskId) -> &'m [T] {
    found.get(task).map_or(&[], Vec::as_slice)
}

/// Everything that executors and reviewers wrote about a task, in these rows, these checks and its own, and what they were
/// asked, each once.
pub(super) fn notes(task: &Task, rows: &[&Row], checks: &[&SenseCheck]) -> String {
    let rows = rows.iter().map(|row| row.notes.as_str());
    let checks = checks.iter().flat_map(|check| [check.question.as_str(), check.executor_note.as_str()]);
    let own = [task.executor_notes.as_str(), task.reviewer_verdict.as_str()];
    let mut seen = HashSet::new();
    let all = own.into_iter().chain(rows).chain(checks).filter(|text| seen.insert(*text));
    all.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{commit, plan, row, task};
    use crate::model::{ChangeKind, Edits, SenseCheck};
    use crate::words::Reader;
    use crate::words::WordSets;

    #[test]
    fn a_commit_is_reduced_to_the_terms_of_the_tasks() {
        let described = |text: &str| Task { description: text.into(), ..task("T1") };
        let lexicon = Lexicon::new(&plan(vec![described("Draw the clock with drawHands")]));
        let mut read = commit("1", "Draw a moon", &[]);
        let mut words = WordSets::default();
        for hunk in ["fn drawHands old clock clocks", "nothing", "draw(hands)"] {
            words.push(Reader::default().read([hunk.as_bytes()], None));
        }
        read.changes = vec![Change {
            path: "a.rs".into(),
            old_path: None,
            kind: ChangeKind::Modified,
            blob: None,
            content: Content::Text(Edits { words, ..Edits::default() }),
        }];
        let reading = lexicon.read(&read);
        let spelled = |terms: &[Term]| lexicon.vocabulary.spell(terms.iter().copied(), 9).join(" ");
        let hunks: Vec<String> = reading.changes[0].hunks().map(spelled).collect();
        assert_eq!(hunks, ["draw clock drawHands hand", "", "draw hand"]);
        assert_eq!((spelled(&reading.message), reading.strange_words), ("draw".to_owned(), 1));
        assert_eq!(spelled(&reading.terms()), "draw clock drawHands hand");
    }

    #[test]
    fn what_a_history_is_read_for_is_all_that_is_learned() {
        let mut plan = plan(vec![Task { description: "Draw drawHands".into(), ..task("T1") }, task("T2")]);
        plan.tasks[0].executor_notes = "a clock".into();
        plan.tasks[0].reviewer_verdict = "a moon".into();
        plan.rows = vec![Row { notes: "a sun".into(), ..row(1, "T1", "done", &[], &[]) }];
        plan.sense_checks = vec![SenseCheck {
            task_id: "T2".into(),
            question: "a star?".into(),
            executor_note: "a comet".into(),
            id: "SC1".into(),
        }];
        let lexicon = Lexicon::new(&plan);
        let interest = crate::words::Interest::of(plan.texts());
        assert!(lexicon.vocabulary.len() > 7);
        assert!(lexicon.vocabulary.words().all(|word| interest.contains(word)));
    }
}
