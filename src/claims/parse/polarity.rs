//! Whether a claim says that its code is there, is not there, or only speaks of it.

use super::clause::Item;
use crate::word_list::WordList;

/// What a claim says about a piece of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Polarity {
    /// It is there.
    Asserted,
    /// It is not there.
    Negated,
    /// It ought to be, will be, or is planned: no statement about the files.
    Mentioned,
}

/// Words that negate what follows.
static NEGATIONS: WordList = WordList::new(
    "no not never without neither nor lack lacks lacking lacked missing omit omits omitted omitting \
    absent former zero removed removes deleted deletes drops dropped eliminates eliminated",
);
/// Words that negate what follows where they tell what was done: `after removing X`. Elsewhere they propose it.
static REMOVALS: WordList = WordList::new("removing deleting dropping replacing");
/// Words at which a negation ends.
static STOPS: WordList = WordList::new(
    "when after before in if until where via through from because except besides beyond unless \
    against under inside outside than at by",
);
/// Words that may stand between two negated pieces of code.
static CONNECTORS: WordList =
    WordList::new("or and nor the a an any either its their forwarded direct plain");
/// What is planned, as a noun.
static PLANS: WordList = WordList::new("plan step phase proposal revision");
/// Words after which a clause speaks of what ought to be, not of what is.
static MODALS: WordList = WordList::new(
    "should would could can can't cannot may might must need needs needed will won't plan plan's planned plans \
    planning step steps phase phases proposed proposal proposes propose revised revision if suggest suggests recommend \
    recommended requires require intended intends ought expects expected want wants whether criterion criteria",
);
/// Words that make what is not there the point of a test, not a statement about its text.
static TESTERS: WordList = WordList::new(
    "assert asserts asserting verify verifies verifying expect expects checks ensures ensure guarantees",
);
/// Verbs that may stand between code and what is said of it.
static COPULAS: WordList = WordList::new(
    "is are was were has have had been be does do did still currently also now yet simply \
    completely entirely",
);
/// What code is said to be when it is not there.
static GONE: WordList = WordList::new("missing absent gone removed deleted dropped nonexistent");
/// What code is said not to be.
static PRESENT: WordList = WordList::new(
    "exist exists present defined exported found there included imported referenced appear appears \
    available mentioned declared implemented added anymore anywhere",
);
/// Adjectives: `the missing X` was missing once and says nothing about now.
static ARTICLES: WordList = WordList::new("the this that these those previously formerly his her their any");
/// Words after a negation that take it back: `not only X`.
static SOFTENERS: WordList =
    WordList::new("only just enough necessarily merely yet limited longer-term sufficient");
/// Negations that may be adjectives.
static ADJECTIVES: WordList = WordList::new("missing absent lacking no");
/// Words with which something is supposed.
static SUPPOSITIONS: WordList = WordList::new("when whenever if unless once until where");
/// Words that may follow where code is said to be gone.
static AFTER_GONE: WordList = WordList::new("from in at and entirely altogether here there now on so");
/// How many words may lie between a negation and the code it negates.
const REACH: usize = 7;

/// The polarity of the items for which `is_code` holds, in the clause that they stand in.
pub(super) fn polarities(items: &[Item<'_>], is_code: &[bool]) -> Vec<Polarity> {
    let mut found = vec![Polarity::Asserted; items.len()];
    let (mut start, mut sentence, mut speaks_of_plan) = (0, 0, false);
    while start < items.len() {
        let (clause, length) = clause_at(items, start);
        speaks_of_plan &= clause.sentence == sentence;
        sentence = clause.sentence;
        let range = start..start + length;
        let goes_on = speaks_of_plan && refers_back(&items[range.clone()]);
        in_clause(&items[range.clone()], &is_code[range.clone()], goes_on, &mut found[range.clone()]);
        speaks_of_plan =
            goes_on || items[range].iter().any(|item| item.word().is_some_and(|word| PLANS.has(word)));
        start += length;
    }
    found
}

/// Where each piece of `is_there` is said afterwards not to exist: `X does not exist`, `X is missing`.
pub(super) fn denials(items: &[Item<'_>], is_there: &[bool]) -> Vec<bool> {
    let mut found = vec![Polarity::Asserted; items.len()];
    let mut start = 0;
    while start < items.len() {
        let range = start..start + clause_at(items, start).1;
        said_afterwards(&items[range.clone()], &is_there[range.clone()], &mut found[range.clone()]);
        start = range.end;
    }
    found.into_iter().map(|polarity| polarity == Polarity::Negated).collect()
}

/// The first item of a clause, and how many it has.
fn clause_at<'a, 'b>(items: &'a [Item<'b>], start: usize) -> (&'a Item<'b>, usize) {
    let clause = items[start].clause;
    (&items[start], items[start..].iter().take_while(|item| item.clause == clause).count())
}

/// Whether a clause goes on about what the one before it spoke of: `but it does not ...`.
fn refers_back(clause: &[Item<'_>]) -> bool {
    let mut words = clause.iter().take(3).filter_map(Item::word);
    words.any(|word| matches!(word, "it" | "its" | "they" | "their"))
}

/// "Removing X breaks Y", "Using X would ...": a clause that begins with a deed proposes it.
fn proposes(clause: &[Item<'_>]) -> bool {
    clause.first().and_then(Item::word).is_some_and(|word| word.len() > 4 && word.ends_with("ing"))
}

fn in_clause(items: &[Item<'_>], is_code: &[bool], is_plan: bool, found: &mut [Polarity]) {
    let mut negation: Option<Negation> = None;
    let (mut is_modal, mut is_tester) = (is_plan || proposes(items), false);
    for at in 0..items.len() {
        if is_code[at] {
            if negation.is_some() {
                found[at] = Polarity::Negated;
                negation = Some(Negation { words: 0, has_reached: true });
            }
            // "The `create` plan" is about the plan.
            let is_of_plan = items.get(at + 1).and_then(Item::word).is_some_and(|word| PLANS.has(word));
            if is_modal || is_of_plan {
                found[at] = Polarity::Mentioned;
            }
            continue;
        }
        let Some(word) = items[at].word() else {
            let sign = items[at].sign();
            let ends = sign.is_some_and(|sign| !matches!(sign, ',' | '/'));
            // "Beyond what is named in the plan, ..."
            let ends_aside =
                sign == Some(',') && at > 0 && items[at - 1].word().is_some_and(|word| PLANS.has(word));
            is_modal &= !ends_aside;
            negation = negation.filter(|_| !ends);
            continue;
        };
        is_modal |= MODALS.has(word);
        is_tester |= TESTERS.has(word);
        negation = if !is_tester && negates(items, at, word) {
            Some(Negation { words: 0, has_reached: false })
        } else {
            negation.and_then(|negation| negation.past(word))
        };
    }
    said_afterwards(items, is_code, found);
}

/// A negation on its way to the code it negates.
struct Negation {
    /// Words since the negation, or since the last code it reached.
    words: usize,
    has_reached: bool,
}

impl Negation {
    fn past(self, word: &str) -> Option<Self> {
        if STOPS.has(word) {
            return None;
        }
        if self.has_reached {
            let may_pass = CONNECTORS.has(word) && self.words < 3;
            return may_pass.then_some(Self { words: self.words + 1, ..self });
        }
        (self.words < REACH).then_some(Self { words: self.words + 1, ..self })
    }
}

fn negates(items: &[Item<'_>], at: usize, word: &str) -> bool {
    let before = at.checked_sub(1).and_then(|before| items[before].word()).unwrap_or_default();
    let after = items.get(at + 1).and_then(Item::word).unwrap_or_default();
    if SOFTENERS.has(after) && after != "yet" {
        return false;
    }
    if matches!((before, word), ("rather", "than") | ("instead", "of")) {
        return true;
    }
    let is_adjective = ARTICLES.has(before) && ADJECTIVES.has(word);
    if REMOVALS.has(word) {
        return matches!(before, "after" | "by");
    }
    word.ends_with("n't") || (NEGATIONS.has(word) && !is_adjective)
}

/// `X is missing`, `X and Y do not exist`.
fn said_afterwards(items: &[Item<'_>], is_code: &[bool], found: &mut [Polarity]) {
    for at in 0..items.len() {
        if !is_code[at] || found[at] == Polarity::Mentioned || is_code.get(at + 1) == Some(&true) {
            continue;
        }
        if !is_said_gone(&items[at + 1..]) || is_supposed(&items[..at]) {
            continue;
        }
        found[at] = Polarity::Negated;
        let mut earlier = at;
        while let Some(previous) = previous_in_list(items, is_code, earlier) {
            found[previous] = Polarity::Negated;
            earlier = previous;
        }
    }
}

/// "When X is missing" does not say that it is.
fn is_supposed(before: &[Item<'_>]) -> bool {
    before.iter().any(|item| item.word().is_some_and(|word| SUPPOSITIONS.has(word)))
}

fn is_said_gone(after: &[Item<'_>]) -> bool {
    let mut is_negated = false;
    for (at, item) in after.iter().enumerate().take(6) {
        let Some(word) = item.word() else { return false };
        if GONE.has(word) && at > 0 && !is_negated {
            let next = after.get(at + 1);
            return next.is_none_or(|next| match next.word() {
                Some(word) => AFTER_GONE.has(word),
                None => next.sign().is_some_and(|sign| sign != '('),
            });
        }
        if is_negated && PRESENT.has(word) {
            return true;
        }
        let negates = word.ends_with("n't") || matches!(word, "not" | "never" | "no" | "nowhere");
        is_negated |= negates;
        if !negates && !COPULAS.has(word) && word != "longer" {
            return false;
        }
    }
    false
}

/// The code before `at` that is joined to it by a comma, `and` or `or`.
fn previous_in_list(items: &[Item<'_>], is_code: &[bool], at: usize) -> Option<usize> {
    let mut previous = at.checked_sub(1)?;
    let mut joined = false;
    loop {
        if is_code[previous] {
            return joined.then_some(previous);
        }
        let joins = items[previous].sign() == Some(',')
            || items[previous].word().is_some_and(|word| matches!(word, "and" | "or" | "nor"));
        joined |= joins;
        if !joins {
            return None;
        }
        previous = previous.checked_sub(1)?;
    }
}
