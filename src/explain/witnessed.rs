//! The lines of the witnesses of a whole plan, as many as a page has room for.

use std::collections::{BTreeMap, BTreeSet};

use super::diffs::{Clip, Fetched, Patches, Seen, content, fetch, seen, shown};
use crate::model::{Attribution, Content, Decision, FileCandidate, History, Oid, PatchHunk, WitnessLines};

/// What is kept of a hunk.
const CLIP: Clip = Clip { lines: 40, characters: 300 };
/// Hunks of a change that are kept.
const HUNKS: usize = 12;
/// Commits that are read again for their lines.
const COMMITS: usize = 256;

/// What git shows of the files of all tasks, until `room` bytes of lines are there: first of what would be filled, then of
/// what is possible, then of what is recorded, the surest first. A change that speaks for several tasks is there once.
pub fn witnessed(
    tasks: &[Attribution],
    history: &History,
    patches: &dyn Patches,
    room: usize,
) -> WitnessLines {
    if room == 0 {
        return WitnessLines::default();
    }
    let changed = history.changed_paths();
    let mut files: Vec<&FileCandidate> = tasks.iter().flat_map(|task| &task.files).collect();
    files.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.confidence.total_cmp(&a.confidence)));
    let all = joined(files.iter().flat_map(|file| seen(file, &changed)));
    let (wanted, late) = within_reach(all);
    let (seen, hunks): (Vec<Seen<'_>>, Vec<Vec<(u32, u32)>>) = wanted.into_iter().unzip();
    let mut lines = fill(&seen, &hunks, &fetch(&seen, patches), room);
    lines.left_out += late;
    lines
}

fn rank(file: &FileCandidate) -> usize {
    match file.decision {
        Decision::Backfill => 0,
        Decision::Candidate => 1,
        Decision::Recorded => 2,
        Decision::Rejected => 3,
    }
}

/// A change, and the places of its hunks.
type Wanted<'a> = (Seen<'a>, Vec<(u32, u32)>);

/// Each change once, in order of its first mention, with the places that any task is shown by.
fn joined<'a>(seen: impl Iterator<Item = Seen<'a>>) -> Vec<Wanted<'a>> {
    let mut places: BTreeMap<(Option<&'a Oid>, &'a str), usize> = BTreeMap::new();
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for one in seen.filter(|one| !one.witness.hunks.is_empty()) {
        let key = (one.commit.map(|commit| &commit.id), one.path);
        let hunks = one.witness.hunks.iter().take(HUNKS).copied();
        match places.get(&key) {
            Some(&at) => {
                let known = &mut wanted[at].1;
                known.extend(hunks.filter(|hunk| !known.contains(hunk)).collect::<Vec<_>>());
            }
            None => {
                places.insert(key, wanted.len());
                let hunks = hunks.collect();
                wanted.push((one, hunks));
            }
        }
    }
    wanted
}

/// The changes of the first commits, and how many others there are.
fn within_reach(all: Vec<Wanted<'_>>) -> (Vec<Wanted<'_>>, usize) {
    let number = all.len();
    let mut commits: BTreeSet<Option<Oid>> = BTreeSet::new();
    let mut kept = Vec::new();
    for change in all {
        let id = change.0.id().copied();
        if commits.len() < COMMITS || commits.contains(&id) {
            commits.insert(id);
            kept.push(change);
        }
    }
    let late = number - kept.len();
    (kept, late)
}

fn fill(seen: &[Seen<'_>], hunks: &[Vec<(u32, u32)>], lines: &Fetched<'_>, room: usize) -> WitnessLines {
    let mut left = room;
    let mut filled = WitnessLines::default();
    for (one, wanted) in seen.iter().zip(hunks) {
        let content = content(one, lines, wanted, &CLIP);
        let Content::Text(patch) = &content else { continue };
        let size = patch.iter().map(size).sum::<usize>();
        match left.checked_sub(size) {
            Some(rest) => {
                left = rest;
                filled.diffs.push(shown(one, content));
            }
            None => filled.left_out += 1,
        }
    }
    filled
}

fn size(hunk: &PatchHunk) -> usize {
    [hunk.removed.as_terminated(), hunk.added.as_terminated(), &hunk.header].map(str::len).iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{commit, history, ids, oid};
    use crate::model::{
        Change, ChangeKind, Edits, Evidence, Gap, Hunk, Kind, Lines, Outcome, Patch, Source, Status, Witness,
    };

    const AT: Hunk = Hunk { old_start: 1, old_lines: 1, new_start: 2, new_lines: 3 };

    /// Every path has one hunk of ten bytes.
    struct Shown;

    impl Patches for Shown {
        fn patch(&self, _commit: Option<&Oid>, paths: &BTreeSet<&str>) -> Vec<Change<Patch>> {
            let lines = || -> Lines { ["four"].into_iter().collect() };
            let hunk = PatchHunk { at: AT, header: String::new(), removed: lines(), added: lines() };
            let change = |path: &&str| Change {
                path: (*path).to_owned(),
                old_path: None,
                kind: ChangeKind::Modified,
                blob: None,
                content: Content::Text(vec![hunk.clone()]),
            };
            paths.iter().map(change).collect()
        }
    }

    fn file(path: &str, decision: Decision, commits: &[&str]) -> FileCandidate {
        let witness = |id: &&str| Witness {
            commit: Some(oid(id)),
            blob: None,
            hunks: vec![(AT.new_start, AT.new_lines), (90, 1)],
        };
        FileCandidate {
            path: path.to_owned(),
            written: path.to_owned(),
            decision,
            confidence: 0.5,
            rung: None,
            source: Source::Git,
            signals: Vec::new(),
            witnesses: commits.iter().map(witness).collect(),
        }
    }

    fn task(files: Vec<FileCandidate>) -> Attribution {
        Attribution {
            task: ids(&["T1"]).remove(0),
            status: Status::Done,
            kind: Kind::Code,
            batch: None,
            gap: Gap { evidence: Evidence::Hollow, missing: Vec::new() },
            outcome: Outcome::None,
            reason: String::new(),
            files,
            commands: Vec::new(),
        }
    }

    fn of(commits: &[(&str, &[&str])]) -> History {
        let mut history = history(commits.iter().map(|(id, paths)| commit(id, "", paths)).collect(), &[]);
        for change in history.commits.iter_mut().flat_map(|commit| &mut commit.changes) {
            change.content = Content::Text(Edits { hunks: [AT].into_iter().collect(), ..Edits::default() });
        }
        history
    }

    fn told(lines: &WitnessLines) -> Vec<&str> {
        lines.diffs.iter().map(|diff| diff.path.as_str()).collect()
    }

    #[test]
    fn what_would_be_filled_has_its_lines_first() {
        let tasks = [
            task(vec![
                file("recorded", Decision::Recorded, &["c1"]),
                file("possible", Decision::Candidate, &["c1"]),
            ]),
            task(vec![file("filled", Decision::Backfill, &["c2"])]),
        ];
        let history = of(&[("c1", &["recorded", "possible"]), ("c2", &["filled"])]);
        let all = witnessed(&tasks, &history, &Shown, 1000);
        assert_eq!((told(&all), all.left_out), (vec!["filled", "possible", "recorded"], 0));
        let some = witnessed(&tasks, &history, &Shown, 20);
        assert_eq!((told(&some), some.left_out), (vec!["filled", "possible"], 1));
        assert_eq!(witnessed(&tasks, &history, &Shown, 0), WitnessLines::default());
    }

    #[test]
    fn a_change_that_speaks_for_two_is_there_once() {
        let tasks = [
            task(vec![file("a", Decision::Candidate, &["c1", "c2"])]),
            task(vec![file("a", Decision::Candidate, &["c1"])]),
        ];
        let lines = witnessed(&tasks, &of(&[("c1", &["a"]), ("c2", &["a"])]), &Shown, 1000);
        let commits: Vec<Oid> = lines.diffs.iter().filter_map(|diff| diff.commit).collect();
        assert_eq!(commits, [oid("c1"), oid("c2")]);
        assert_eq!(lines.diffs[0].content.hunks().len(), 1, "a place that git does not show has no lines");
    }

    #[test]
    fn so_many_commits_are_read_and_no_more() {
        let names: Vec<String> = (0..COMMITS + 5).map(|number| format!("c{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let commits: Vec<(&str, &[&str])> = names.iter().map(|name| (*name, &["a"][..])).collect();
        let lines =
            witnessed(&[task(vec![file("a", Decision::Candidate, &names)])], &of(&commits), &Shown, 1 << 20);
        assert_eq!((lines.diffs.len(), lines.left_out), (COMMITS, 5));
    }
}
