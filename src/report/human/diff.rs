//! What git shows of a file, clipped to what a person wants to see of it.

use super::super::text::Page;
use super::{BAD, BOLD, DIM, GOOD, PLACE};
use crate::model::{ChangeKind, Content, Oid, PatchHunk, Signal, WitnessDiff};

/// More commits per file, hunks per commit or lines per hunk than this hide the point.
const COMMITS: usize = 2;
const HUNKS: usize = 2;
const LINES: usize = 6;

/// The changes of one file. Commits that a signal names come first, for they are why the file is here.
pub(super) fn changes(page: &mut Page, indent: usize, diffs: &[&WitnessDiff], signals: &[Signal]) {
    let is_named = |diff: &&&WitnessDiff| {
        let commit = diff.commit.map(Oid::short);
        commit.is_some_and(|commit| signals.iter().any(|signal| signal.detail.contains(&commit)))
    };
    let (named, others): (Vec<&WitnessDiff>, Vec<&WitnessDiff>) =
        diffs.iter().partition(|diff| is_named(diff));
    for diff in named.into_iter().chain(others).take(COMMITS) {
        change(page, indent, diff);
    }
    if diffs.len() > COMMITS {
        page.line(indent, DIM, &more(diffs.len() - COMMITS, "commit"));
    }
}

fn change(page: &mut Page, indent: usize, diff: &WitnessDiff) {
    let kind = match diff.kind {
        ChangeKind::Modified => "",
        ChangeKind::Added => " (new file)",
        ChangeKind::Deleted => " (deleted)",
        ChangeKind::Renamed => " (renamed)",
        ChangeKind::Copied => " (copied)",
        ChangeKind::TypeChanged => " (another type of file)",
    };
    let title = match &diff.commit {
        Some(commit) => format!("{} {} {}{kind}", commit.short(), date(diff.time), diff.subject),
        None => format!("not committed{kind}"),
    };
    page.prose(indent, BOLD, &title);
    let indent = indent + 2;
    match &diff.content {
        Content::Text(hunks) => {
            hunks.iter().take(HUNKS).for_each(|part| hunk(page, indent, part));
            if hunks.len() > HUNKS {
                page.line(indent, DIM, &more(hunks.len() - HUNKS, "hunk"));
            }
        }
        Content::Binary => page.line(indent, DIM, "not text"),
        Content::TooLarge => page.line(indent, DIM, "too large to show"),
        Content::Missing => page.line(indent, DIM, "an object is missing from the repository"),
        Content::None => {}
    }
}

fn date(time: Option<i64>) -> String {
    let time = time.and_then(|time| jiff::Timestamp::from_second(time).ok());
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn hunk(page: &mut Page, indent: usize, hunk: &PatchHunk) {
    let place = format!(
        "@@ -{} +{} @@",
        range(hunk.at.old_start, hunk.at.old_lines),
        range(hunk.at.new_start, hunk.at.new_lines)
    );
    page.clipped(indent, PLACE, &format!("{place} {}", hunk.header));
    let (removed, added) = shares(hunk.removed.len(), hunk.added.len());
    for line in hunk.removed.iter().take(removed) {
        page.clipped(indent, BAD, &format!("-{}", tidy(line)));
    }
    for line in hunk.added.iter().take(added) {
        page.clipped(indent, GOOD, &format!("+{}", tidy(line)));
    }
    // Counted as git does: the lines here may have been clipped before.
    let all = hunk.at.old_lines as usize + hunk.at.new_lines as usize;
    if all > removed + added {
        page.line(indent, DIM, &more(all - removed - added, "line"));
    }
}

fn more(number: usize, noun: &str) -> String {
    format!("and {number} more {noun}{}", if number == 1 { "" } else { "s" })
}

/// As in `git diff`: the number of lines is left out where it is one.
fn range(start: u32, lines: u32) -> String {
    if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
}

/// How many lines of each side are shown: half of them each, unless one side needs less.
fn shares(removed: usize, added: usize) -> (usize, usize) {
    let shown = removed.min((LINES / 2).max(LINES.saturating_sub(added)));
    (shown, added.min(LINES - shown))
}

/// Tabs and the line ends of other systems are no news here.
fn tidy(line: &str) -> String {
    line.trim_end_matches('\r').replace('\t', "    ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_have_their_share() {
        assert_eq!(shares(2, 3), (2, 3));
        assert_eq!(shares(20, 20), (3, 3));
        assert_eq!(shares(20, 1), (5, 1));
        assert_eq!(shares(0, 20), (0, 6));
        assert_eq!(shares(20, 0), (6, 0));
    }

    #[test]
    fn ranges_are_git_s() {
        assert_eq!((range(12, 1), range(12, 0), range(12, 4)), ("12".into(), "12,0".into(), "12,4".into()));
    }
}
