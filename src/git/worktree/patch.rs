//! One delta of a diff to plain lines.

use git2::{Delta, Diff, DiffDelta, DiffLineType, FileMode};

use super::super::limits::Limits;
use super::super::path::spell;
use super::super::repository::oid;
use crate::model::{Change, ChangeKind, Content, Hunk, Lines, Patch, PatchHunk};

/// The change that the delta at `index` stands for; `None` if it stands for none.
pub(super) fn change(diff: &Diff<'_>, index: usize, limits: &Limits) -> Option<Change<Patch>> {
    let delta = diff.get_delta(index)?;
    let kind = kind(delta.status())?;
    let path = spell(path_bytes(&delta));
    let moved = matches!(kind, ChangeKind::Renamed | ChangeKind::Copied);
    let old_path = moved.then(|| spell(delta.old_file().path_bytes().unwrap_or_default()));
    let blob =
        (kind != ChangeKind::Deleted && !delta.new_file().id().is_zero()).then(|| oid(delta.new_file().id()));
    Some(Change { path, old_path, kind, blob, content: content(diff, index, &delta, limits) })
}

/// The path of a delta: the new one, or the only one.
pub(super) fn path_bytes<'a>(delta: &DiffDelta<'a>) -> &'a [u8] {
    let file = if delta.status() == Delta::Deleted { delta.old_file() } else { delta.new_file() };
    file.path_bytes().or_else(|| delta.old_file().path_bytes()).unwrap_or_default()
}

/// Whether a submodule stands on either side.
pub(super) fn is_gitlink(delta: &DiffDelta<'_>) -> bool {
    delta.old_file().mode() == FileMode::Commit || delta.new_file().mode() == FileMode::Commit
}

fn kind(status: Delta) -> Option<ChangeKind> {
    match status {
        Delta::Added | Delta::Untracked | Delta::Unreadable => Some(ChangeKind::Added),
        Delta::Deleted => Some(ChangeKind::Deleted),
        Delta::Modified | Delta::Conflicted => Some(ChangeKind::Modified),
        Delta::Renamed => Some(ChangeKind::Renamed),
        Delta::Copied => Some(ChangeKind::Copied),
        Delta::Typechange => Some(ChangeKind::TypeChanged),
        Delta::Unmodified | Delta::Ignored => None,
    }
}

fn content(diff: &Diff<'_>, index: usize, delta: &DiffDelta<'_>, limits: &Limits) -> Content<Patch> {
    let (old, new) = (delta.old_file(), delta.new_file());
    if is_gitlink(delta) || (old.id() == new.id() && !old.id().is_zero()) {
        return Content::None;
    }
    let Ok(patch) = git2::Patch::from_diff(diff, index) else { return Content::Missing };
    // Sizes and flags are known only now that the content was looked at.
    let delta = patch.as_ref().map(git2::Patch::delta).or_else(|| diff.get_delta(index));
    if let Some(delta) = delta
        && delta.flags().is_binary()
    {
        let size = delta.old_file().size().max(delta.new_file().size());
        return if size > limits.blob_bytes { Content::TooLarge } else { Content::Binary };
    }
    match patch {
        Some(patch) => hunks(&patch).map_or(Content::Missing, Content::Text),
        None => Content::None,
    }
}

fn hunks(patch: &git2::Patch<'_>) -> Result<Patch, git2::Error> {
    (0..patch.num_hunks()).map(|index| hunk(patch, index)).collect()
}

fn hunk(patch: &git2::Patch<'_>, index: usize) -> Result<PatchHunk, git2::Error> {
    let (raw, lines) = patch.hunk(index)?;
    let (mut removed, mut added) = (String::new(), String::new());
    for line in 0..lines {
        let line = patch.line_in_hunk(index, line)?;
        match line.origin_value() {
            DiffLineType::Deletion => push(&mut removed, line.content()),
            DiffLineType::Addition => push(&mut added, line.content()),
            _ => {}
        }
    }
    Ok(PatchHunk {
        at: Hunk {
            old_start: raw.old_start(),
            old_lines: raw.old_lines(),
            new_start: raw.new_start(),
            new_lines: raw.new_lines(),
        },
        header: enclosing(raw.header()),
        removed: Lines::from_terminated(removed),
        added: Lines::from_terminated(added),
    })
}

/// Adds a line without its end.
fn push(lines: &mut String, bytes: &[u8]) {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    lines.push_str(&String::from_utf8_lossy(line));
    lines.push('\n');
}

/// What stands after `@@ -a,b +c,d @@`.
fn enclosing(header: &[u8]) -> String {
    let header = String::from_utf8_lossy(header);
    header.splitn(3, "@@").nth(2).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enclosing_function_follows_the_second_mark() {
        assert_eq!(enclosing(b"@@ -1 +1,2 @@ fn a() @@ {\n"), "fn a() @@ {");
        assert_eq!(enclosing(b"@@ -0,0 +1 @@\n"), "");
    }

    #[test]
    fn lines_lose_their_ends_only() {
        let mut lines = String::new();
        for line in [b"a \r\n" as &[u8], b"a", b"\xff\n"] {
            push(&mut lines, line);
        }
        assert_eq!(lines, "a \na\n\u{fffd}\n");
    }
}
