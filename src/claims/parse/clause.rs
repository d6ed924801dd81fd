//! Sentences and clauses: how far the words of a claim reach.

use super::pieces::{Piece, PieceKind};

/// A piece, and where in the claim it stands.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    /// The piece.
    pub piece: Piece<'a>,
    /// Its sentence, counted from 0.
    pub sentence: usize,
    /// Its clause, counted over the whole claim.
    pub clause: usize,
}

impl Item<'_> {
    /// The word in lower case, if it is one.
    pub(super) fn word(&self) -> Option<String> {
        match self.piece.kind {
            PieceKind::Word(word) => Some(word.to_lowercase().replace('\u{2019}', "'")),
            _ => None,
        }
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
const OPENERS: &str = "but however although though whereas while because since so which unless yet therefore otherwise \
    instead whose meaning leaving hence thus despite";
/// Words with which a subject begins.
const SUBJECTS: &str = "the this that it there its their no each both these those neither none all";
/// Short forms whose full stop ends no sentence.
const SHORT_FORMS: &str = "e.g i.e etc vs cf approx";

/// Places every piece.
pub(super) fn items(pieces: Vec<Piece<'_>>) -> Vec<Item<'_>> {
    let (mut sentence, mut clause) = (0, 0);
    let mut items: Vec<Item<'_>> = Vec::with_capacity(pieces.len());
    let joins = joins(&pieces);
    for (at, piece) in pieces.into_iter().enumerate() {
        clause += usize::from(joins[at]);
        let mut item = Item { piece, sentence, clause };
        let ends_short = items.last().and_then(Item::word).is_some_and(|word| is_in(&word, SHORT_FORMS));
        match item.sign() {
            Some('.' | '!' | '?' | '\n') if !ends_short => {
                sentence += 1;
                clause += 1;
            }
            Some(';' | ':' | '\u{2014}' | '\u{2013}') => clause += 1,
            _ => {
                if item.word().is_some_and(|word| is_in(&word, OPENERS)) {
                    clause += 1;
                    item.clause = clause;
                }
            }
        }
        items.push(item);
    }
    items
}

/// Where a comma, `and` and a subject open a clause of their own: `, and the`, `, and no`.
fn joins(pieces: &[Piece<'_>]) -> Vec<bool> {
    let word = |at: usize| match pieces.get(at).map(|piece| piece.kind) {
        Some(PieceKind::Word(word)) => word.to_lowercase(),
        _ => String::new(),
    };
    let is_join = |at: usize| {
        let is_comma = at > 0 && pieces[at - 1].kind == PieceKind::Sign(',');
        is_comma && is_in(&word(at), "and so") && is_in(&word(at + 1), SUBJECTS)
    };
    (0..pieces.len()).map(is_join).collect()
}

/// Whether a word is in a list of words.
pub(super) fn is_in(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == word)
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
