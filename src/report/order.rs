//! The order of lists, the same in every format: falling confidence, then name.

use std::borrow::Cow;
use std::cmp::Ordering;

use rayon::prelude::*;

use super::redact;
use crate::model::{CommandCandidate, FileCandidate, Finding, Signal};

/// Six decimals are far more than a calibration knows, and they make equal what is equal.
const MILLIONTHS: f64 = 1e6;

/// A probability as it is reported: finite, 0 to 1, six decimals.
pub(super) fn confidence(value: f64) -> f64 {
    // A value that is no number says nothing for the candidate.
    if value.is_nan() { 0.0 } else { rounded(value.clamp(0.0, 1.0)) }
}

/// A weight as it is reported: finite, six decimals.
pub(super) fn weight(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { rounded(value.clamp(-1e6, 1e6)) }
}

fn rounded(value: f64) -> f64 {
    // Adding zero turns minus zero into zero.
    (value * MILLIONTHS).round() / MILLIONTHS + 0.0
}

/// Files, surest first.
pub(super) fn files(files: &[FileCandidate]) -> Vec<&FileCandidate> {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort_by(|a, b| surest(a.confidence, b.confidence).then_with(|| a.path.cmp(&b.path)));
    sorted
}

/// Commands, surest first.
pub(super) fn commands(commands: &[CommandCandidate]) -> Vec<&CommandCandidate> {
    let mut sorted: Vec<_> = commands.iter().collect();
    sorted.sort_by(|a, b| surest(a.confidence, b.confidence).then_with(|| a.command.cmp(&b.command)));
    sorted
}

fn surest(a: f64, b: f64) -> Ordering {
    confidence(b).total_cmp(&confidence(a))
}

/// Signals, from what speaks most for a candidate to what speaks most against it.
pub(super) fn signals(signals: &[Signal]) -> Vec<&Signal> {
    let mut sorted: Vec<_> = signals.iter().collect();
    sorted.sort_by(|a, b| {
        weight(b.weight)
            .total_cmp(&weight(a.weight))
            .then_with(|| (a.name, &a.detail).cmp(&(b.name, &b.detail)))
    });
    sorted
}

/// Findings, worst first, then by code and place.
pub(super) fn findings(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.par_sort_by(|a, b| by_place(a, b).then_with(|| a.message.cmp(&b.message)));
    sorted
}

/// Likewise, each with its message as it is shown.
pub(super) fn masked(findings: &[Finding]) -> Vec<(&Finding, Cow<'_, str>)> {
    let masked = findings.par_iter().map(|finding| (finding, redact::text(&finding.message)));
    let mut masked: Vec<_> = masked.collect();
    // Those of one code mostly come in the order of their places, and then there is little left to compare.
    masked.sort_by_key(|(finding, _)| (finding.severity, finding.code));
    masked.par_sort_by(|(a, said), (b, also)| by_place(a, b).then_with(|| said.cmp(also)));
    masked
}

fn by_place(a: &Finding, b: &Finding) -> Ordering {
    let (place, other) = (&a.location, &b.location);
    let pointers = || match (&place.pointer, &other.pointer) {
        (Some(pointer), Some(other)) => tokens(pointer).cmp(tokens(other)),
        (pointer, other) => pointer.cmp(other),
    };
    (a.severity, a.code, &place.path)
        .cmp(&(b.severity, b.code, &other.path))
        .then_with(pointers)
        .then_with(|| place.line.cmp(&other.line))
}

/// A step of a JSON pointer. Array positions compare as numbers: `/tasks/9` comes before `/tasks/10`,
/// as in the plan.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Index(usize),
    Key(&'a str),
}

fn tokens(pointer: &str) -> impl Iterator<Item = Token<'_>> {
    let token = |token| str::parse(token).map_or(Token::Key(token), Token::Index);
    pointer.split('/').skip(1).map(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    #[test]
    fn numbers_are_finite_and_rounded() {
        assert_eq!(confidence(f64::NAN).to_bits(), 0.0_f64.to_bits());
        assert_eq!(confidence(f64::INFINITY).to_bits(), 1.0_f64.to_bits());
        assert_eq!(confidence(-0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(confidence(0.123_456_789).to_string(), "0.123457");
        assert!(weight(f64::NEG_INFINITY).is_finite());
        assert_eq!(weight(-1.234_567_89).to_string(), "-1.234568");
    }

    #[test]
    fn findings_follow_the_plan_within_a_code() {
        let at = |pointer: &str| Finding::new(Code::GapFillable, "finalize.json", "m").at(pointer);
        let given = [at("/tasks/10"), Finding::new(Code::UnknownTask, "a.json", "m"), at("/tasks/9")];
        let pointers: Vec<_> = findings(&given).iter().map(|f| f.location.pointer.as_deref()).collect();
        assert_eq!(pointers, [Some("/tasks/9"), Some("/tasks/10"), None]);
    }
}
