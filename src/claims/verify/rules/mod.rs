//! The rules, in the order in which they are asked. The first one that answers is believed, as far as its count goes.

mod appeared;
mod confirmed;
mod gone;
mod landed;
mod never_landed;
mod not_removed;
mod same_content;
mod search;
mod still_absent;
mod test_result;

use super::facts::Facts;
use super::witness::Pointer;
use crate::claims::locate::Shelf;
use crate::model::Verdict;

/// What a rule says.
pub struct Answer {
    /// The rule, or the case of it, whose answers are counted together.
    pub name: &'static str,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// What shows it.
    pub pointer: Option<Pointer>,
}

/// A rule: an answer where it knows one.
pub(super) type Rule = fn(&Facts, &Shelf<'_>) -> Option<Answer>;

/// Every rule.
pub(super) const RULES: [Rule; 10] = [
    search::rule,
    test_result::rule,
    never_landed::rule,
    not_removed::rule,
    same_content::rule,
    gone::rule,
    appeared::rule,
    landed::rule,
    still_absent::rule,
    confirmed::rule,
];
