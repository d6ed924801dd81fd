//! How sure each rule makes us: counted answers, nothing else.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::rules::Answer;
use crate::model::Verdict;

/// Answers of every rule on labelled claims, written by `cargo run --example weigh-claims`.
static COUNTS: &str = include_str!("counts.toml");

/// A rule with fewer counted answers is never as sure as `--write` wants.
const FEW: u32 = 8;
/// The most that a rule with few answers can claim.
const MOST_OF_FEW: f64 = 0.94;

/// How often a rule was right, and wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Count {
    /// The verdict was the labelled one.
    pub right: u32,
    /// It was another.
    pub wrong: u32,
}

/// Counts by rule.
pub type Counts = BTreeMap<String, Count>;

/// The counts that are built in.
pub static BUILT_IN: LazyLock<Counts> = LazyLock::new(|| toml::from_str(COUNTS).unwrap_or_default());

/// A rule that is right less often than this is not believed.
const LEAST: f64 = 0.75;
/// The same where it says `stale`: a wrong one would clear what still stands.
const LEAST_OF_STALE: f64 = 0.85;

/// The verdict that an answer leads to, and the probability that it is right: what its rule's counts make of it.
pub fn decide(answer: &Answer, counts: &Counts) -> (Verdict, f64) {
    let confidence = confidence(counts, answer.name);
    let least = match answer.verdict {
        Verdict::CannotTell => 0.0,
        Verdict::Holds => LEAST,
        Verdict::Stale => LEAST_OF_STALE,
    };
    let is_believed = confidence >= least;
    if is_believed { (answer.verdict, confidence) } else { (Verdict::CannotTell, 0.5) }
}

/// The probability that an answer of `rule` is right: the mean of what its count leaves open, with Jeffreys' prior.
fn confidence(counts: &Counts, rule: &str) -> f64 {
    let Count { right, wrong } = counts.get(rule).copied().unwrap_or_default();
    let mean = (f64::from(right) + 0.5) / (f64::from(right + wrong) + 1.0);
    if right + wrong < FEW { mean.min(MOST_OF_FEW) } else { mean }
}
