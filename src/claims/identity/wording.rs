//! Texts without what does not matter.

use std::borrow::Cow;

use crate::gate::unwrapped;
use crate::word_list::{lower, spaced};

/// A text without prefixes, line numbers, case and white space.
pub(super) fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    normal_into(text, &mut normal);
    normal
}

/// Likewise, in the place of what was in `normal`.
pub(super) fn normal_into(text: &str, normal: &mut String) {
    normal.clear();
    let text = statement(text);
    // Outside ASCII, what a letter becomes in lower case depends on those beside it.
    let lower = if text.is_ascii() { Cow::Borrowed(text) } else { lower(text) };
    // Nothing that is left out has a space in it; but where the first words are left out, so are the spaces behind them.
    without_lines_into(&spaced(&lower), normal);
    normal.drain(..normal.len() - normal.trim_start().len());
    normal.make_ascii_lowercase();
}

/// A claim without the review's question before it, and without the harness's wrappers.
pub(super) fn statement(text: &str) -> &str {
    let text = unwrapped(text);
    let mut marks = memchr::memchr_iter(b'?', text.as_bytes());
    let mark = marks.find(|&mark| text[mark..].starts_with("?: "));
    match mark.map(|mark| (&text[..mark], &text[mark + 3..])) {
        Some((question, statement)) if !question.contains('`') && !statement.trim().is_empty() => {
            statement.trim_start()
        }
        _ => text,
    }
}

/// A text with links as their targets, in which files are spelled in full; the words of a link stay if they say
/// something else.
pub(super) fn without_link_texts(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'[', text.as_bytes()).is_none() {
        return without_lines(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = memchr::memchr(b'[', rest.as_bytes()) {
        let link = rest[open..].find("](").and_then(|middle| {
            let words = &rest[open + 1..open + middle];
            let after = &rest[open + middle + 2..];
            let close = after.find(')')?;
            let is_link = !words.contains(['[', '`', '\n']) && !after[..close].contains(char::is_whitespace);
            is_link.then_some((words, &after[..close], &after[close + 1..]))
        });
        match link {
            Some((words, target, after)) => {
                out.push_str(&rest[..open]);
                out.push_str(target);
                if !words.contains('.') {
                    out.push(' ');
                    out.push_str(words);
                }
                rest = after;
            }
            None => {
                out.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(without_lines(&out).into_owned())
}

/// `a.rs:12-14` without `:12-14`, `a.rs#L3` without `#L3`.
fn without_lines(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b':', b'#', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    without_lines_into(text, &mut out);
    Cow::Owned(out)
}

/// Likewise, added to `out`.
fn without_lines_into(text: &str, out: &mut String) {
    let (mut kept, mut from) = (0, 0);
    while let Some(at) = memchr::memchr2(b':', b'#', &text.as_bytes()[from..]) {
        let at = from + at;
        let after = text[at + 1..].strip_prefix(['l', 'L']).unwrap_or(&text[at + 1..]);
        let end = after
            .bytes()
            .position(|byte| !(byte.is_ascii_digit() || matches!(byte, b'-' | b',' | b'l' | b'L')))
            .unwrap_or(after.len());
        let digits = after[..end].trim_end_matches([',', '-']);
        from = at + 1;
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(&text[kept..at]);
            from = text.len() - after.len() + digits.len();
            kept = from;
        }
    }
    out.push_str(&text[kept..]);
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
            assert_eq!(normal(text), same);
        }
    }

    proptest::proptest! {
        #[test]
        fn case_is_lost_before_or_after(text in "[aBlL1:#, \u{c9}\u{3a3}-]{0,20}|[aBlL1:#, -]{0,20}") {
            proptest::prop_assert_eq!(normal(&text), normal(&statement(&text).to_lowercase()));
        }

        #[test]
        fn what_is_left_out_is_left_out_word_by_word(text in "[a1:#, \u{c9}\n-]{0,20}|[a1:#, ]{0,20}") {
            let mut slowly = String::new();
            for word in statement(&text).to_lowercase().split_whitespace() {
                slowly += if slowly.is_empty() { "" } else { " " };
                slowly += &without_lines(word);
            }
            proptest::prop_assert_eq!(normal(&text), slowly);
        }
    }
}
