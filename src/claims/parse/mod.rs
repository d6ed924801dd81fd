//! What a claim says, as plain values: paths, code with its polarity, searches, and how it speaks.

mod clause;
mod code;
mod hints;
mod manner;
mod path;
mod pieces;
mod polarity;
mod search;

use std::ops::Range;

use clause::Item;
pub use code::Form;
pub use manner::Manner;
pub use path::SpelledPath;
use pieces::PieceKind;
pub use polarity::Polarity;
pub use search::{Expected, Search};

use crate::model::Claim;

/// Paths and pieces of code beyond so many of each are not looked at.
const MAX_ATOMS: usize = 64;

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// How it speaks.
    pub manner: Manner,
    /// The paths it names, in order.
    pub paths: Vec<Mention>,
    /// The directories and patterns it names.
    pub directories: Vec<String>,
    /// The code it speaks of, in order.
    pub atoms: Vec<Atom>,
    /// Clauses in which code that is not there is joined by `and`.
    pub joined_by_and: Vec<usize>,
    /// Searches whose result it tells.
    pub searches: Vec<Search>,
    /// Whether it named more than is looked at.
    pub is_cut: bool,
}

/// A path in the text of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The path and its lines.
    pub spelled: SpelledPath,
    /// Where in the text.
    pub span: Range<usize>,
    /// Its sentence.
    pub sentence: usize,
    /// Its clause.
    pub clause: usize,
    /// Whether the file is said not to be there.
    pub is_denied: bool,
}

/// A piece of code in the text of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    /// What to search for.
    pub text: String,
    /// Its form.
    pub form: Form,
    /// What is said about it.
    pub polarity: Polarity,
    /// Whether it was marked as code, with back-ticks or quotation marks.
    pub is_marked: bool,
    /// Where in the text.
    pub span: Range<usize>,
    /// Its sentence.
    pub sentence: usize,
    /// Its clause.
    pub clause: usize,
}

/// Reads a claim, and of its text no more than `most` bytes. Linear in its length, whatever it says.
pub fn read(claim: &Claim, most: usize) -> Reading {
    let whole = cut(&claim.text, most);
    let (text, had_question) = manner::without_question(whole);
    let offset = whole.len() - text.len();
    let likely = hints::likely(text);
    let items = clause::items(pieces::pieces(text));
    let found: Vec<Found> = items.iter().map(find).collect();
    let is_code: Vec<bool> =
        found.iter().map(|found| matches!(found, Found::Code(..) | Found::Directory(..))).collect();
    let is_path: Vec<bool> = found.iter().map(|found| matches!(found, Found::Path(_))).collect();
    let polarities = polarity::polarities(&items, &is_code);
    let denials = polarity::denials(&items, &is_path);
    let mut reading = Reading {
        manner: manner::manner(text, likely, had_question, claim.stance),
        paths: Vec::new(),
        directories: Vec::new(),
        atoms: Vec::new(),
        joined_by_and: joined_by_and(&items, &is_code, &polarities),
        searches: search::searches(text, likely),
        is_cut: claim.text.len() > most,
    };
    for (at, (item, found)) in items.iter().zip(found).enumerate() {
        let span = item.piece.span.start + offset..item.piece.span.end + offset;
        reading.add(item, found, (polarities[at], denials[at]), span);
    }
    reading
}

/// What a piece holds.
enum Found {
    Path(SpelledPath),
    Directory(String, String),
    Code(Form, String, bool),
    Nothing,
}

fn find(item: &Item<'_>) -> Found {
    let marked = |code: &str| match path::path(code) {
        Some(path) => Found::Path(path),
        None => match path::directory(code) {
            Some(directory) => Found::Directory(directory, code.trim_end_matches(['*', '/']).to_owned()),
            None => code::form(code).map_or(Found::Nothing, |(form, text)| Found::Code(form, text, true)),
        },
    };
    match item.piece.kind {
        PieceKind::Tick(code) | PieceKind::Quote(code) => marked(code),
        PieceKind::Link(target) => path::path(target).map_or(Found::Nothing, Found::Path),
        PieceKind::Word(word) => match (path::path(word), path::directory(word)) {
            (Some(path), _) => Found::Path(path),
            (None, Some(directory)) => Found::Directory(directory.clone(), directory),
            (None, None) => {
                code::bare_form(word).map_or(Found::Nothing, |(form, text)| Found::Code(form, text, false))
            }
        },
        PieceKind::Sign(_) => Found::Nothing,
    }
}

impl Reading {
    /// Whether what a clause says is not there is joined by `and`, and by nothing else: then it speaks of all of it.
    pub fn needs_all(&self, clause: usize) -> bool {
        self.joined_by_and.contains(&clause)
    }

    fn add(
        &mut self,
        item: &Item<'_>,
        found: Found,
        (polarity, is_denied): (Polarity, bool),
        span: Range<usize>,
    ) {
        let (sentence, clause) = (item.sentence, item.clause);
        let is_full = self.paths.len() >= MAX_ATOMS || self.atoms.len() >= MAX_ATOMS;
        match found {
            Found::Nothing => {}
            _ if is_full => self.is_cut = true,
            Found::Path(spelled) => self.paths.push(Mention { spelled, span, sentence, clause, is_denied }),
            // What is said not to be there is looked for, as the pattern of a configuration may be.
            Found::Directory(_, text) if polarity == Polarity::Negated => {
                self.atoms.push(Atom {
                    text,
                    form: Form::Code,
                    polarity,
                    is_marked: true,
                    span,
                    sentence,
                    clause,
                });
            }
            Found::Directory(directory, _) => self.directories.push(directory),
            Found::Code(form, text, is_marked) => {
                self.atoms.push(Atom { text, form, polarity, is_marked, span, sentence, clause });
            }
        }
    }
}

/// Clauses with an `and` and no `or` between the first and the last code that they say is not there.
fn joined_by_and(items: &[Item<'_>], is_code: &[bool], polarities: &[Polarity]) -> Vec<usize> {
    let is_negated = |at: &usize| is_code[*at] && polarities[*at] == Polarity::Negated;
    let negated: Vec<usize> = (0..items.len()).filter(is_negated).collect();
    let mut clauses: Vec<usize> = negated.iter().map(|&at| items[at].clause).collect();
    clauses.dedup();
    clauses.retain(|&clause| {
        let mut within = negated.iter().filter(|&&at| items[at].clause == clause);
        let (Some(&first), Some(&last)) = (within.clone().next(), within.next_back()) else { return false };
        let has = |wanted: &str| {
            items[first..=last].iter().any(|item| item.word().is_some_and(|word| word == wanted))
        };
        has("and") && !has("or") && !has("nor")
    });
    clauses
}

/// The part of a text that is read.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
