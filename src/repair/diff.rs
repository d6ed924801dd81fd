//! A repair as a unified diff, safe to show: plan text cannot drive a terminal.

use std::fmt::Write as _;

use similar::{ChangeTag, DiffOp, TextDiff};

use crate::model::Repair;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// The unified diff of every artifact, in the order of the repair; empty for an empty repair.
///
/// Control characters and characters that reorder text are shown as `\u{..}`. A line ending of two
/// characters is shown as one.
pub fn unified(repair: &Repair) -> String {
    let mut out = String::new();
    for (name, before, after) in &repair.artifacts {
        file(&mut out, &neutral(name), before, after);
    }
    out
}

fn file(out: &mut String, name: &str, before: &str, after: &str) {
    let (old, new) = (lines(before), lines(after));
    let diff = TextDiff::from_slices(&old, &new);
    let hunks = diff.grouped_ops(CONTEXT);
    if before == after || hunks.is_empty() {
        return;
    }
    let _ = writeln!(out, "--- a/{name}\n+++ b/{name}");
    for ops in hunks {
        let _ =
            writeln!(out, "@@ -{} +{} @@", range(&ops, DiffOp::old_range), range(&ops, DiffOp::new_range));
        for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            line(out, sign, change.value());
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn line(out: &mut String, sign: char, text: &str) {
    let Some(content) = text.strip_suffix('\n') else {
        let _ = writeln!(out, "{sign}{}\n\\ No newline at end of file", neutral(text));
        return;
    };
    let _ = writeln!(out, "{sign}{}", neutral(content.strip_suffix('\r').unwrap_or(content)));
}

/// First line and number of lines of a hunk on one side.
fn range(ops: &[DiffOp], side: fn(&DiffOp) -> std::ops::Range<usize>) -> String {
    let start = ops.first().map_or(0, |op| side(op).start);
    let end = ops.last().map_or(0, |op| side(op).end);
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

fn neutral(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hostile(character) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Controls other than the tab, and invisible characters that hide or reorder text.
fn is_hostile(character: char) -> bool {
    let invisible = matches!(
        character,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    invisible || (character.is_control() && character != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repair(before: &str, after: &str) -> Repair {
        Repair { artifacts: vec![("finalize.json".into(), before.into(), after.into())], ..Repair::default() }
    }

    #[test]
    fn a_change_is_shown_in_its_context() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let expected = "--- a/finalize.json\n+++ b/finalize.json\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+5b\n 6\n 7\n 8\n";
        assert_eq!(unified(&repair(text, &text.replace('5', "five\n5b"))), expected);
    }

    #[test]
    fn nothing_changed_shows_nothing() {
        assert_eq!(unified(&repair("a\n", "a\n")), "");
        assert_eq!(unified(&Repair::default()), "");
    }

    #[test]
    fn a_missing_line_ending_is_named() {
        assert_eq!(
            unified(&repair("a", "a\nb")),
            "--- a/finalize.json\n+++ b/finalize.json\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn an_insertion_into_an_empty_file_starts_at_line_zero() {
        assert!(unified(&repair("", "a\n")).contains("@@ -0,0 +1 @@\n+a\n"));
    }

    #[test]
    fn escape_sequences_are_neutralised() {
        let shown = unified(&repair("", "\u{1b}[2J\u{9b}1m\u{202e}\u{2066}\u{7f}a\rb\tc\r\n"));
        assert!(shown.ends_with("+\\u{1b}[2J\\u{9b}1m\\u{202e}\\u{2066}\\u{7f}a\\u{d}b\tc\n"), "{shown}");
    }
}
