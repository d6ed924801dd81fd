//! Scores to figures, by scenario and over all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::curve::{Point, calibration_error, curve, ratio};
use super::scheme::Scheme;
use super::score::{FieldScore, Scores, TaskScore};

/// The figures of a whole evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// By scenario: the schemes first, in their order, then others by name.
    pub schemes: Vec<SchemeResult>,
    /// Over all of them.
    pub pooled: SchemeResult,
}

/// The figures of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemeResult {
    /// Its name.
    pub name: String,
    /// How many plans it is about.
    pub plans: usize,
    /// Files of tasks whose work was there to be found.
    pub files: Measure,
    /// Their commands, as far as they are known.
    pub commands: Option<Measure>,
    /// Tasks whose work was not there.
    pub absent: Option<Absent>,
}

/// How well one field came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// By task.
    pub tasks: Outcomes,
    /// True pairs.
    pub pairs: usize,
    /// Pairs that would be written.
    pub filled: usize,
    /// Pairs that would be written and are right.
    pub right: usize,
    /// `right` of `filled`, 0 to 1; `None` when nothing is filled.
    pub precision: Option<f64>,
    /// `right` of `pairs`, 0 to 1; `None` when there are none.
    pub coverage: Option<f64>,
    /// Expected calibration error of everything listed, 0 to 1; `None` when nothing is listed.
    pub calibration_error: Option<f64>,
    /// Precision and coverage of everything listed, by falling confidence.
    pub curve: Vec<Point>,
}

/// Tasks by what would be written into them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// All that is theirs and nothing else.
    pub exact: usize,
    /// Something that is theirs.
    pub partly: usize,
    /// Nothing that is theirs.
    pub wrong: usize,
    /// Nothing at all.
    pub abstained: usize,
}

impl Outcomes {
    /// All of them.
    pub fn total(&self) -> usize {
        self.exact + self.partly + self.wrong + self.abstained
    }
}

/// The negative control: whatever is filled is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absent {
    /// Tasks of which nothing was there.
    pub tasks: usize,
    /// Those that would get a file.
    pub filled_tasks: usize,
    /// Files they would get.
    pub files: usize,
}

impl Absent {
    /// Share of the tasks that would get a file, 0 to 1; `None` without tasks.
    pub fn share(&self) -> Option<f64> {
        ratio(self.filled_tasks, self.tasks)
    }
}

/// The figures of `scores`, which may come in any order.
pub fn measure(scores: &[Scores]) -> Evaluation {
    let mut by_scenario: BTreeMap<(usize, &str), Vec<&Scores>> = BTreeMap::new();
    for score in scores {
        by_scenario.entry((position(&score.scenario), &score.scenario)).or_default().push(score);
    }
    let schemes = by_scenario.into_iter().map(|((_, name), scores)| result(name, &scores)).collect();
    Evaluation { schemes, pooled: result("pooled", &scores.iter().collect::<Vec<_>>()) }
}

fn position(scenario: &str) -> usize {
    Scheme::ALL.iter().position(|scheme| scheme.name() == scenario).unwrap_or(Scheme::ALL.len())
}

fn result(name: &str, scores: &[&Scores]) -> SchemeResult {
    let plans: BTreeSet<(&str, &str)> =
        scores.iter().map(|score| (score.group.as_str(), score.name.as_str())).collect();
    let (absent, present): (Vec<&TaskScore>, Vec<&TaskScore>) =
        scores.iter().flat_map(|score| &score.tasks).partition(|task| task.is_absent);
    let commands: Vec<&FieldScore> = present.iter().filter_map(|task| task.commands.as_ref()).collect();
    SchemeResult {
        name: name.to_owned(),
        plans: plans.len(),
        files: field(&present.iter().map(|task| &task.files).collect::<Vec<_>>()),
        commands: (!commands.is_empty()).then(|| field(&commands)),
        absent: (!absent.is_empty()).then(|| control(&absent)),
    }
}

fn field(scores: &[&FieldScore]) -> Measure {
    let sum = |of: fn(&FieldScore) -> usize| scores.iter().map(|score| of(score)).sum::<usize>();
    let (pairs, filled, right) = (sum(|score| score.pairs), sum(FieldScore::filled), sum(FieldScore::right));
    let items: Vec<(f64, bool)> =
        scores.iter().flat_map(|score| &score.items).map(|item| (item.confidence, item.is_right)).collect();
    Measure {
        tasks: outcomes(scores),
        pairs,
        filled,
        right,
        precision: ratio(right, filled),
        coverage: ratio(right, pairs),
        calibration_error: calibration_error(&items),
        curve: curve(&items, pairs),
    }
}

fn outcomes(scores: &[&FieldScore]) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for score in scores {
        let counter = match (score.filled(), score.right()) {
            (0, _) => &mut outcomes.abstained,
            (_, 0) => &mut outcomes.wrong,
            (filled, right) if filled == right && right == score.pairs => &mut outcomes.exact,
            _ => &mut outcomes.partly,
        };
        *counter += 1;
    }
    outcomes
}

fn control(tasks: &[&TaskScore]) -> Absent {
    Absent {
        tasks: tasks.len(),
        filled_tasks: tasks.iter().filter(|task| task.files.filled() > 0).count(),
        files: tasks.iter().map(|task| task.files.filled()).sum(),
    }
}
