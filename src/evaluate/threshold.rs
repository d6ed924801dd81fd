//! The lowest confidence that keeps a wanted precision, and whether the data can bear that out.

use std::collections::BTreeSet;

use super::curve::ratio;
use super::score::{FieldScore, Item, Scores, TaskScore};

/// Fewer different tasks than this bear nothing out, however right they are: the files of one task are
/// right or wrong together.
pub const LEAST_TASKS: usize = 20;

/// One-sided 95 %: the true precision lies below the bound in one of twenty samples.
const Z: f64 = 1.644_854;

/// Whether the wanted precision is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Even the lower bound is.
    Met,
    /// What was counted is, but the sample is too small to rely on it.
    TooFew,
    /// At no confidence.
    NotMet,
}

/// A confidence from which upwards the listed values have a wanted precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// The precision asked for, 0 to 1.
    pub wanted: f64,
    /// Whether there is one.
    pub verdict: Verdict,
    /// The lowest confidence that meets it; if none does, the one with the best precision, so that what
    /// stands below is about something. `None` when nothing was listed.
    pub confidence: Option<f64>,
    /// Share of what is listed there that is right, 0 to 1.
    pub precision: f64,
    /// Lower bound of the precision (Wilson, one-sided, 95 %), counting each pair once in however many ways
    /// it was masked.
    pub lower_bound: f64,
    /// Share of the true pairs that is listed there, 0 to 1.
    pub coverage: f64,
    /// Different pairs of task and value listed there.
    pub items: usize,
    /// Different tasks among them.
    pub tasks: usize,
}

/// Finds the threshold for `wanted` among what was listed for one field of the tasks, absent ones left out.
///
/// The lowest confidence whose lower bound reaches `wanted`; if there is none, the lowest whose counted
/// precision does, marked as resting on too few.
pub fn threshold(scores: &[Scores], field: fn(&TaskScore) -> Option<&FieldScore>, wanted: f64) -> Threshold {
    let steps = steps(scores, field, wanted);
    let lowest = |verdict| steps.iter().rev().find(|step| step.verdict == verdict);
    let best = || steps.iter().reduce(|best, step| if step.precision > best.precision { step } else { best });
    let found = lowest(Verdict::Met).or_else(|| lowest(Verdict::TooFew)).or_else(best);
    found.copied().unwrap_or_else(|| nothing(wanted))
}

/// What is listed for one field from a given confidence upwards, judged by `wanted`; `None` if nothing is.
pub fn listed_from(
    scores: &[Scores],
    field: fn(&TaskScore) -> Option<&FieldScore>,
    wanted: f64,
    confidence: f64,
) -> Option<Threshold> {
    steps(scores, field, wanted).into_iter().rev().find(|step| step.confidence >= Some(confidence))
}

/// What one listed value is called, the same in every scheme.
type Pair<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Precision and coverage at every confidence that occurs, falling.
fn steps(scores: &[Scores], field: fn(&TaskScore) -> Option<&FieldScore>, wanted: f64) -> Vec<Threshold> {
    let mut listed: Vec<(&Item, Pair<'_>)> = Vec::new();
    let mut all = 0;
    for score in scores {
        for task in score.tasks.iter().filter(|task| !task.is_absent) {
            let Some(found) = field(task) else { continue };
            all += found.pairs;
            listed.extend(found.items.iter().map(|item| (item, pair_of(score, task, item))));
        }
    }
    listed.sort_by(|a, b| b.0.confidence.total_cmp(&a.0.confidence));
    let (mut pairs, mut tasks) = (BTreeSet::new(), BTreeSet::new());
    let (mut count, mut right) = (0, 0);
    let mut steps = Vec::new();
    for group in listed.chunk_by(|a, b| a.0.confidence.total_cmp(&b.0.confidence).is_eq()) {
        count += group.len();
        right += group.iter().filter(|(item, _)| item.is_right).count();
        pairs.extend(group.iter().map(|(_, pair)| *pair));
        tasks.extend(group.iter().map(|(_, (group, plan, task, _))| (*group, *plan, *task)));
        let precision = ratio(right, count).unwrap_or(0.0);
        let lower_bound = lower_bound(precision, pairs.len());
        steps.push(Threshold {
            verdict: match () {
                () if lower_bound >= wanted && tasks.len() >= LEAST_TASKS => Verdict::Met,
                () if precision >= wanted => Verdict::TooFew,
                () => Verdict::NotMet,
            },
            confidence: Some(group[0].0.confidence),
            precision,
            lower_bound,
            coverage: ratio(right, all).unwrap_or(0.0),
            items: pairs.len(),
            tasks: tasks.len(),
            ..nothing(wanted)
        });
    }
    steps
}

fn pair_of<'a>(score: &'a Scores, task: &'a TaskScore, item: &'a Item) -> Pair<'a> {
    (&score.group, &score.name, &task.task.0, &item.name)
}

fn nothing(wanted: f64) -> Threshold {
    Threshold {
        wanted,
        verdict: Verdict::NotMet,
        confidence: None,
        precision: 0.0,
        lower_bound: 0.0,
        coverage: 0.0,
        items: 0,
        tasks: 0,
    }
}

/// Lower end of Wilson's score interval for a share seen in `count` independent trials.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn lower_bound(share: f64, count: usize) -> f64 {
    if count == 0 {
        return 0.0;
    }
    let n = count as f64;
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - spread) / (1.0 + Z * Z / n)).clamp(0.0, 1.0)
}
