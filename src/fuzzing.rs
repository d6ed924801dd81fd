//! What the fuzz targets reach of the inside (`fuzz/`). Not part of the library's interface: it exists with the feature
//! `fuzzing` only, and changes without notice.

/// How a recorded command is read: the length of its core, and everything else as text for comparing.
pub fn command(text: &str) -> (usize, String) {
    crate::attribute::engine::commands::fuzzed(text)
}

/// Hunks between two texts, each as in `@@ -a,b +c,d @@`.
pub fn hunks(old: &[u8], new: &[u8]) -> Vec<[u32; 4]> {
    let numbers =
        |hunk: &crate::model::Hunk| [hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines];
    crate::git::fuzzed_hunks(old, new).iter().map(numbers).collect()
}

/// How many lines of which earlier version each version of a file overwrites. The first version adds the file.
pub fn overwrites(versions: &[Vec<u8>]) -> Vec<Vec<(usize, u32)>> {
    let before = |at: usize| at.checked_sub(1).map_or(&[][..], |at| &versions[at]);
    let changes: Vec<_> =
        (0..versions.len()).map(|at| crate::git::fuzzed_hunks(before(at), &versions[at])).collect();
    crate::attribute::engine::fuzzed_overwrites(&changes)
}
