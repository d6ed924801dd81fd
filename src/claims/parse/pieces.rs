//! Cuts a claim into pieces: code in back-ticks, quotes, links, words and punctuation.

use std::ops::Range;

/// How far the end of a quote is looked for, in bytes; what is longer is no quote. Keeps cutting linear.
const MAX_QUOTE: usize = 600;

/// A piece of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// What it is.
    pub kind: PieceKind<'a>,
    /// Its bytes in the claim, marks included.
    pub span: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind<'a> {
    /// `` `code` ``
    Tick(&'a str),
    /// `'text'` or `"text"`
    Quote(&'a str),
    /// `[label](target)`: the target
    Link(&'a str),
    /// Anything between white space and punctuation; may hold a path or a call.
    Word(&'a str),
    /// One sign of punctuation; a line break is `\n`.
    Sign(char),
}

/// The pieces of `text`, in order, without overlap.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    // Most words are about as long.
    let mut pieces = Vec::with_capacity(text.len() / 8 + 8);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let (kind, length) = next(text, at, first);
        if let Some(kind) = kind {
            pieces.push(Piece { kind, span: at..at + length });
        }
        at += length;
    }
    pieces
}

/// The piece at `at`, which is no piece for white space, and its length in bytes.
fn next(text: &str, at: usize, first: char) -> (Option<PieceKind<'_>>, usize) {
    let quoted = match first {
        '`' => ticked(text, at),
        '[' => link(text, at),
        '"' => quoted(text, at, '"', '"'),
        '\u{201c}' => quoted(text, at, first, '\u{201d}'),
        '\'' => quoted(text, at, '\'', '\''),
        '\u{2018}' => quoted(text, at, first, '\u{2019}'),
        _ => None,
    };
    if let Some((kind, length)) = quoted {
        return (Some(kind), length);
    }
    match first {
        '\n' => (Some(PieceKind::Sign('\n')), 1),
        _ if first.is_whitespace() => (None, first.len_utf8()),
        _ if starts_word(first) => {
            let length = word_length(&text[at..]);
            let word = &text[at..at + length];
            match word.contains(char::is_alphanumeric) {
                true => (Some(PieceKind::Word(word)), length),
                false => (Some(PieceKind::Sign(first)), first.len_utf8()),
            }
        }
        _ => (Some(PieceKind::Sign(first)), first.len_utf8()),
    }
}

/// Code in one or three back-ticks.
fn ticked(text: &str, at: usize) -> Option<(PieceKind<'_>, usize)> {
    let fence = if text[at..].starts_with("```") { "```" } else { "`" };
    let start = at + fence.len();
    let end =
        start + if fence.len() == 1 { window(text, start).find('`') } else { find(text, start, fence) }?;
    let inside = text[start..end].trim();
    (!inside.is_empty()).then_some((PieceKind::Tick(inside), end + fence.len() - at))
}

fn link(text: &str, at: usize) -> Option<(PieceKind<'_>, usize)> {
    let label = find(text, at + 1, "](")?;
    let start = at + 1 + label + 2;
    let end = start + find(text, start, ")")?;
    let target = text[start..end].trim().trim_start_matches('<').trim_end_matches('>');
    let is_plain =
        !text[at + 1..at + 1 + label].contains(['[', '\n']) && !target.contains(char::is_whitespace);
    (is_plain && !target.is_empty()).then_some((PieceKind::Link(target), end + 1 - at))
}

/// Text between quotation marks; an apostrophe within a word is none.
fn quoted(text: &str, at: usize, open: char, close: char) -> Option<(PieceKind<'_>, usize)> {
    let is_word = |c: char| c.is_alphanumeric();
    if open == '\'' && text[..at].chars().next_back().is_some_and(is_word) {
        return None;
    }
    let start = at + open.len_utf8();
    let window = window(text, start);
    let mut ends = window.match_indices(close);
    let end = ends.find(|(end, _)| {
        let after = window[end + close.len_utf8()..].chars().next();
        close != '\'' || !after.is_some_and(is_word)
    })?;
    let inside = &window[..end.0];
    let is_quote =
        !inside.contains('\n') && !inside.starts_with(char::is_whitespace) && !inside.trim().is_empty();
    is_quote.then_some((PieceKind::Quote(inside.trim()), open.len_utf8() + end.0 + close.len_utf8()))
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    window(text, from).find(what)
}

/// The text that an end is looked for in.
fn window(text: &str, from: usize) -> &str {
    let mut end = text.len().min(from + MAX_QUOTE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(from..end).unwrap_or_default()
}

fn starts_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '$' | '.' | '/' | '~' | '@' | '#' | '<' | '\\' | '*' | '-' | '!' | '%')
}

/// Length of the word that a text starts with, without the punctuation that ends it.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let goes_on = match c {
            // `a.ts:12-18,40` is one word, and so is `f()`.
            ',' => next.is_some_and(|next| next.is_ascii_digit()) && ends_in_line(&text[..at]),
            '(' => next == Some(')'),
            ')' => text[..at].ends_with('('),
            '\'' | '\u{2019}' => next.is_some_and(char::is_alphabetic),
            '`' | ';' | '"' | '[' | ']' | '{' | '}' | '\u{2014}' | '\u{2192}' => false,
            _ => !c.is_whitespace(),
        };
        if !goes_on {
            break;
        }
        end = at + c.len_utf8();
    }
    let word = text[..end].trim_end_matches(['.', ':', '!', '?']);
    // A lone sign is a word of its own length, so that cutting always moves on.
    if word.is_empty() { text.chars().next().map_or(1, char::len_utf8) } else { word.len() }
}

/// Whether a word ends in a line number after a colon.
fn ends_in_line(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ',');
    digits.len() < word.len() && digits.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::PieceKind::{Link, Quote, Sign, Tick, Word};
    use super::*;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<PieceKind<'_>> {
        pieces(text).into_iter().map(|piece| piece.kind).collect()
    }

    #[test]
    fn code_quotes_links_and_words_are_told_apart() {
        assert_eq!(
            kinds("It doesn't call `f(x)`, says 'no way'."),
            [
                Word("It"),
                Word("doesn't"),
                Word("call"),
                Tick("f(x)"),
                Sign(','),
                Word("says"),
                Quote("no way"),
                Sign('.')
            ]
        );
        assert_eq!(
            kinds("See [A.tsx](/Users/x/src/A.tsx#L4) and src/a.ts:1-2,7, f()."),
            [
                Word("See"),
                Link("/Users/x/src/A.tsx#L4"),
                Word("and"),
                Word("src/a.ts:1-2,7"),
                Sign(','),
                Word("f()"),
                Sign('.')
            ]
        );
    }

    #[test]
    fn marks_without_an_end_are_signs() {
        assert_eq!(kinds("a ` b"), [Word("a"), Sign('`'), Word("b")]);
        assert_eq!(kinds("[x"), [Sign('['), Word("x")]);
        assert_eq!(kinds("``"), [Sign('`'), Sign('`')]);
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_in_bounds(text in "\\PC{0,200}|[`'\"\\[\\]().,:a1 \n-]{0,200}") {
            let mut end = 0;
            for piece in pieces(&text) {
                prop_assert!(piece.span.start >= end && piece.span.end > piece.span.start);
                prop_assert!(text.get(piece.span.clone()).is_some());
                end = piece.span.end;
            }
        }
    }
}
