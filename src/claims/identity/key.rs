//! Texts without what does not matter.

use crate::gate::unwrapped;

/// A text without prefixes, line numbers, case and white space.
pub(super) fn wording(text: &str) -> String {
    let text = statement(text).to_lowercase();
    text.split_whitespace().map(without_lines).collect::<Vec<_>>().join(" ")
}

/// A claim without the review's question before it, and without the harness's wrappers.
pub(super) fn statement(text: &str) -> &str {
    let text = unwrapped(text);
    match text.split_once("?: ") {
        Some((question, statement)) if !question.contains('`') && !statement.trim().is_empty() => {
            statement.trim_start()
        }
        _ => text,
    }
}

/// `a.rs:12-14` without `:12-14`, `a.rs#L3` without `#L3`.
fn without_lines(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find([':', '#']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let after = tail[1..].strip_prefix(['l', 'L']).unwrap_or(&tail[1..]);
        let end = after
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ',' | 'l' | 'L')))
            .unwrap_or(after.len());
        let digits = after[..end].trim_end_matches([',', '-']);
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            rest = &after[digits.len()..];
        } else {
            out.push_str(&tail[..1]);
            rest = &tail[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_is_left_out() {
        for (text, same) in [
            ("Is it right?: `a.rs:12-14` says X.", "`a.rs` says x."),
            ("Advisory audit finding:  `a.rs:6-9,44-59,78` is", "`a.rs` is"),
            ("[A](/x/a.rs#L29). b: c", "[a](/x/a.rs). b: c"),
        ] {
            assert_eq!(wording(text), same);
        }
    }
}
