//! The JSON document of `evaluate`, version 1. A field may be added within 1.x; none is renamed or removed.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::order::confidence as number;
use super::super::wire::{SCHEMA_VERSION, Tool, each};
use super::{EvaluationReport, LeftOut, Thresholds, Written};
use crate::evaluate;

/// A curve has at most so many points here, evenly picked, the last one among them.
const MOST_POINTS: usize = 100;

/// How well hidden evidence was recovered.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(in crate::report) struct Document {
    /// Version of this format. Fields may be added within 1.x; none is renamed or removed.
    schema_version: String,
    /// The program that wrote it.
    tool: Tool,
    /// Always `evaluate`.
    command: String,
    /// Lowest confidence that counted as filled.
    #[schemars(range(min = 0, max = 1))]
    min_confidence: f64,
    /// Number of plans that were measured.
    plans: usize,
    /// Plans that were not measured.
    left_out: Vec<Skipped>,
    /// The figures by scheme, or by scenario of the cases file.
    schemes: Vec<Scheme>,
    /// The figures over all of them.
    pooled: Scheme,
    /// For every precision asked for, the confidence from which it holds.
    threshold: Vec<Wanted>,
    /// What was written into the configuration file. Null when nothing was.
    written: Option<Config>,
}

/// A plan that was not measured.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Skipped {
    /// Directory of the plan.
    plan: String,
    /// Why it was left out.
    reason: String,
}

/// The figures of one scheme.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Scheme {
    /// Its name.
    name: String,
    /// Number of plans it is about.
    plans: usize,
    /// Files of tasks whose work was there to be found.
    files: Measure,
    /// Their commands, as far as they are known. Null when none are.
    commands: Option<Measure>,
    /// The negative control: tasks whose work was not there. Null when there are none.
    absent: Option<Absent>,
}

/// How well one field came back.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Measure {
    /// Number of masked tasks.
    tasks: usize,
    /// True pairs of a task and a value.
    pairs: usize,
    /// Pairs that would be written.
    filled: usize,
    /// Pairs that would be written and are right.
    right: usize,
    /// `right` of `filled`. Null when nothing is filled.
    precision: Option<f64>,
    /// `right` of `pairs`. Null when there are none.
    coverage: Option<f64>,
    /// Tasks that would get all that is theirs and nothing else.
    exact: usize,
    /// Tasks that would get something that is theirs, but not all of it or not it alone.
    partly: usize,
    /// Tasks that would get nothing that is theirs, but something.
    wrong: usize,
    /// Tasks that would get nothing.
    abstained: usize,
    /// Expected calibration error over everything listed, in ten bins. Null when nothing is listed.
    calibration_error: Option<f64>,
    /// Precision and coverage of everything listed from a confidence upwards, by falling confidence. At
    /// most a hundred points, the last one among them.
    curve: Vec<Point>,
}

/// One point of a curve.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Point {
    /// Confidence from which upwards values are taken.
    confidence: f64,
    /// Share of these that is right.
    precision: f64,
    /// Share of the true pairs among these.
    coverage: f64,
}

/// Tasks whose work was not there: whatever is filled is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Absent {
    /// Number of such tasks.
    tasks: usize,
    /// Those that would get a file.
    filled_tasks: usize,
    /// Their share.
    share: Option<f64>,
    /// Files they would get.
    files: usize,
}

/// From which confidence a precision holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Wanted {
    /// The precision asked for.
    precision: f64,
    /// For files.
    files: Threshold,
    /// For commands. Null when none are known.
    commands: Option<Threshold>,
}

/// The lowest confidence from which upwards the wanted precision holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Threshold {
    /// Whether it holds.
    verdict: Verdict,
    /// The confidence. If the precision is not met, the one with the best precision; null when nothing is
    /// listed.
    confidence: Option<f64>,
    /// Precision counted there.
    precision: f64,
    /// Lower bound of the precision there (Wilson, one-sided, 95 %), each pair counted once.
    lower_bound: f64,
    /// Coverage there.
    coverage: f64,
    /// Different pairs listed there.
    pairs: usize,
    /// Different tasks among them.
    tasks: usize,
}

/// Whether a precision is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// Even its lower bound is.
    Met,
    /// What was counted is, but too little was.
    TooFew,
    /// At no confidence.
    NotMet,
}

/// A threshold that was written.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Config {
    /// The configuration file.
    path: String,
    /// The value of `min-confidence` in it.
    min_confidence: f64,
    /// The value before. Null when there was none.
    before: Option<f64>,
    /// Precision of the files filled with it, measured in a second run.
    precision: Option<f64>,
    /// Coverage of the files filled with it.
    coverage: Option<f64>,
}

impl From<&EvaluationReport> for Document {
    fn from(report: &EvaluationReport) -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: Tool::new(report.tool_version.clone()),
            command: "evaluate".to_owned(),
            min_confidence: number(report.min_confidence),
            plans: report.plans,
            left_out: each(&report.left_out),
            schemes: each(&report.evaluation.schemes),
            pooled: Scheme::from(&report.evaluation.pooled),
            threshold: each(&report.thresholds),
            written: report.written.as_ref().map(Config::from),
        }
    }
}

impl From<&LeftOut> for Skipped {
    fn from(left_out: &LeftOut) -> Self {
        Self { plan: left_out.plan.clone(), reason: left_out.reason.clone() }
    }
}

impl From<&evaluate::SchemeResult> for Scheme {
    fn from(result: &evaluate::SchemeResult) -> Self {
        let absent = result.absent.map(|absent| Absent {
            tasks: absent.tasks,
            filled_tasks: absent.filled_tasks,
            share: absent.share().map(number),
            files: absent.files,
        });
        Self {
            name: result.name.clone(),
            plans: result.plans,
            files: Measure::from(&result.files),
            commands: result.commands.as_ref().map(Measure::from),
            absent,
        }
    }
}

impl From<&evaluate::Measure> for Measure {
    fn from(measure: &evaluate::Measure) -> Self {
        Self {
            tasks: measure.tasks.total(),
            pairs: measure.pairs,
            filled: measure.filled,
            right: measure.right,
            precision: measure.precision.map(number),
            coverage: measure.coverage.map(number),
            exact: measure.tasks.exact,
            partly: measure.tasks.partly,
            wrong: measure.tasks.wrong,
            abstained: measure.tasks.abstained,
            calibration_error: measure.calibration_error.map(number),
            curve: thinned(&measure.curve),
        }
    }
}

fn thinned(curve: &[evaluate::Point]) -> Vec<Point> {
    let step = curve.len().div_ceil(MOST_POINTS).max(1);
    let is_kept = |at: usize| (curve.len() - 1 - at).is_multiple_of(step);
    let points = curve.iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, point)| point);
    points
        .map(|point| Point {
            confidence: number(point.confidence),
            precision: number(point.precision),
            coverage: number(point.coverage),
        })
        .collect()
}

impl From<&Thresholds> for Wanted {
    fn from(thresholds: &Thresholds) -> Self {
        Self {
            precision: number(thresholds.files.wanted),
            files: Threshold::from(&thresholds.files),
            commands: thresholds.commands.as_ref().map(Threshold::from),
        }
    }
}

impl From<&evaluate::Threshold> for Threshold {
    fn from(threshold: &evaluate::Threshold) -> Self {
        Self {
            verdict: match threshold.verdict {
                evaluate::Verdict::Met => Verdict::Met,
                evaluate::Verdict::TooFew => Verdict::TooFew,
                evaluate::Verdict::NotMet => Verdict::NotMet,
            },
            confidence: threshold.confidence.map(number),
            precision: number(threshold.precision),
            lower_bound: number(threshold.lower_bound),
            coverage: number(threshold.coverage),
            pairs: threshold.items,
            tasks: threshold.tasks,
        }
    }
}

impl From<&Written> for Config {
    fn from(written: &Written) -> Self {
        Self {
            path: written.path.clone(),
            min_confidence: number(written.min_confidence),
            before: written.before.map(number),
            precision: written.precision.map(number),
            coverage: written.coverage.map(number),
        }
    }
}
