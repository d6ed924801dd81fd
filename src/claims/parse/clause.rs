//! Sentences and clauses: how far the words of a claim reach.

use std::borrow::Cow;

use super::pieces::{Piece, PieceKind};
use crate::word_list::{WordList, lower};

/// A piece, and where in the claim it stands.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    /// The piece.
    pub piece: Piece<'a>,
    /// Its sentence, counted from 0.
    pub sentence: usize,
    /// Its clause, counted over the whole claim.
    pub clause: usize,
    /// The word in lower case, if it is one.
    word: Option<Cow<'a, str>>,
}

impl<'a> Item<'a> {
    fn new(piece: Piece<'a>) -> Self {
        let word = match piece.kind {
            PieceKind::Word(word) => Some(plain(word)),
            _ => None,
        };
        Self { piece, sentence: 0, clause: 0, word }
    }

    /// The word in lower case, if it is one.
    pub(super) fn word(&self) -> Option<&str> {
        self.word.as_deref()
    }

    /// The sign, if it is one.
    pub(super) fn sign(&self) -> Option<char> {
        match self.piece.kind {
            PieceKind::Sign(sign) => Some(sign),
            _ => None,
        }
    }
}

/// Words that open a clause of their own.
static OPENERS: WordList = WordList::new(
    "but however although though whereas while because since so which unless yet therefore otherwise \
    instead whose meaning leaving hence thus despite",
);
/// Words with which a subject begins.
static SUBJECTS: WordList =
    WordList::new("the this that it there its their no each both these those neither none all");
/// Short forms whose full stop ends no sentence.
static SHORT_FORMS: WordList = WordList::new("e.g i.e etc vs cf approx");

/// Places every piece.
pub(super) fn items(pieces: Vec<Piece<'_>>) -> Vec<Item<'_>> {
    let (mut sentence, mut clause) = (0, 0);
    let mut items: Vec<Item<'_>> = pieces.into_iter().map(Item::new).collect();
    for at in 0..items.len() {
        clause += usize::from(joins(&items, at));
        (items[at].sentence, items[at].clause) = (sentence, clause);
        let ends_short = at > 0 && items[at - 1].word().is_some_and(|word| SHORT_FORMS.has(word));
        match items[at].sign() {
            Some('.' | '!' | '?' | '\n') if !ends_short => {
                sentence += 1;
                clause += 1;
            }
            Some(';' | ':' | '\u{2014}' | '\u{2013}') => clause += 1,
            _ => {
                if items[at].word().is_some_and(|word| OPENERS.has(word)) {
                    clause += 1;
                    items[at].clause = clause;
                }
            }
        }
    }
    items
}

/// Where a comma, `and` and a subject open a clause of their own: `, and the`, `, and no`.
fn joins(items: &[Item<'_>], at: usize) -> bool {
    let word = |at: usize| items.get(at).and_then(Item::word);
    at > 0
        && items[at - 1].sign() == Some(',')
        && matches!(word(at), Some("and" | "so"))
        && word(at + 1).is_some_and(|word| SUBJECTS.has(word))
}

/// A word in lower case, with a plain apostrophe.
fn plain(word: &str) -> Cow<'_, str> {
    match lower(word) {
        Cow::Owned(word) if !word.is_ascii() => Cow::Owned(word.replace('\u{2019}', "'")),
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pieces::pieces;
    use super::*;

    #[test]
    fn clauses_end_at_signs_and_at_conjunctions() {
        let items = items(pieces("The plan says `a`, but `b` is new; e.g. `c`. Done"));
        let clause = |code: &str| {
            let found = items.iter().find(|item| item.piece.kind == PieceKind::Tick(code)).unwrap();
            (found.sentence, found.clause)
        };
        assert_eq!([clause("a"), clause("b"), clause("c")], [(0, 0), (0, 1), (0, 2)]);
        assert_eq!(items.last().unwrap().sentence, 1);
    }
}
