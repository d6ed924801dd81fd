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
    pub(super) changes: ChangeReadings,
}

/// The terms of changes, in one piece: there are a hundred thousand, and most say little.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct ChangeReadings {
    /// Of each hunk rising, one hunk after the other.
    terms: Vec<Term>,
    /// Where each hunk ends in `terms`. Those after the last one of a change that says anything are left out.
    hunks: Vec<u32>,
    /// Where each change ends in `hunks`.
    changes: Vec<u32>,
}

/// The terms of the hunks of one change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ChangeReading<'a> {
    terms: &'a [Term],
    /// Where the hunks end in the terms of the commit.
    ends: &'a [u32],
    /// Where the terms of this change start there.
    start: u32,
}

impl ChangeReadings {
    fn of(changes: &[Change], vocabulary: &Vocabulary) -> Self {
        let mut readings = Self::default();
        for change in changes {
            if let Content::Text(edits) = &change.content {
                let first = readings.hunks.len();
                for words in edits.words.iter() {
                    vocabulary.add_terms_of(words, &mut readings.terms);
                    readings.hunks.push(end(&readings.terms));
                }
                let all = end(&readings.terms);
                let before_last = readings.hunks[first..].partition_point(|end| *end < all);
                readings.hunks.truncate(first + before_last + 1);
            }
            readings.changes.push(end(&readings.hunks));
        }
        readings
    }

    /// Those of further changes after these.
    fn followed_by(mut self, others: Self) -> Self {
        let (terms, hunks) = (end(&self.terms), end(&self.hunks));
        self.terms.extend(others.terms);
        self.hunks.extend(others.hunks.iter().map(|end| end.saturating_add(terms)));
        self.changes.extend(others.changes.iter().map(|end| end.saturating_add(hunks)));
        self
    }

    /// Those of the change at a place.
    pub(super) fn at(&self, place: usize) -> ChangeReading<'_> {
        let first = place.checked_sub(1).map_or(0, |before| self.changes[before]) as usize;
        let start = first.checked_sub(1).map_or(0, |before| self.hunks[before]);
        let ends = &self.hunks[first..self.changes[place] as usize];
        let end = ends.last().copied().unwrap_or(start);
        ChangeReading { terms: &self.terms[start as usize..end as usize], ends, start }
    }
}

/// Where what comes next will start.
fn end<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

impl<'a> ChangeReading<'a> {
    /// The terms of each hunk, as far as hunks say anything.
    pub(super) fn hunks(self) -> impl Iterator<Item = &'a [Term]> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let to = (end - self.start) as usize;
            &self.terms[std::mem::replace(&mut from, to)..to]
        })
    }

    /// All of them, some several times, in no order.
    pub(super) fn all(self) -> &'a [Term] {
        self.terms
    }
}

impl CommitReading {
    /// The set of the terms of all changes.
    pub(super) fn terms(&self) -> Terms {
        set(self.changes.terms.clone())
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
    pub(crate) fn read_changes(&self, changes: &[Change]) -> ChangeReadings {
        /// Fewer changes are not worth dividing among threads.
        const MANY: usize = 32;
        let read = |changes: &[Change]| ChangeReadings::of(changes, &self.vocabulary);
        let mut readings = match changes.len() <= MANY {
            true => read(changes),
            false => changes
                .par_chunks(MANY)
                .map(read)
                .reduce(ChangeReadings::default, ChangeReadings::followed_by),
        };
        readings.terms.shrink_to_fit();
        readings.hunks.shrink_to_fit();
        readings
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
        let hunks: Vec<String> = reading.changes.at(0).hunks().map(spelled).collect();
        assert_eq!(hunks, ["draw clock drawHands hand", "", "draw hand"]);
        assert_eq!((spelled(&reading.message), reading.strange_words), ("draw".to_owned(), 1));
        assert_eq!(spelled(&reading.terms()), "draw clock drawHands hand");
    }

    #[test]
    fn changes_are_read_alike_in_one_piece_and_in_many() {
        let lexicon = Lexicon::new(&plan(vec![Task { description: "Draw the clock".into(), ..task("T1") }]));
        let change = |hunks: &[&str]| {
            let mut words = WordSets::default();
            for hunk in hunks {
                words.push(Reader::default().read([hunk.as_bytes()], None));
            }
            let content = match hunks.is_empty() {
                true => Content::Binary,
                false => Content::Text(Edits { words, ..Edits::default() }),
            };
            Change { path: "a".into(), old_path: None, kind: ChangeKind::Modified, blob: None, content }
        };
        let some = [change(&["draw"]), change(&[]), change(&["a clock", "nothing", "draw the clock", "no"])];
        let changes: Vec<Change> = some.iter().cycle().take(99).cloned().collect();
        let read = lexicon.read_changes(&changes);
        assert_eq!(read, ChangeReadings::of(&changes, &lexicon.vocabulary));
        let sizes = |at: usize| read.at(at).hunks().map(<[Term]>::len).collect::<Vec<_>>();
        assert_eq!((sizes(96), sizes(97), sizes(98)), (vec![1], vec![], vec![1, 0, 2]));
        assert_eq!(read.at(98).all().len(), 3);
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
