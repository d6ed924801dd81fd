//! Weights and calibration: one readable file, and the arithmetic on it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::contest::Contest;
use super::signals::{COMMIT, FILE, NOBODY};

/// The weights that ship, read once.
static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "part of the program, and read by a test")]
    Model::parse(include_str!("weights.toml")).expect("weights.toml is well formed")
});

/// Everything that was learned.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Commits to tasks, before anything is known of other commits.
    pub first_pass: Competition,
    /// Commits to tasks, knowing the winners of the first pass.
    pub second_pass: Competition,
    /// Files, by [`Regime`]: what tells of a file where commits are a task's each is not what tells where one commit holds all.
    pub files: BTreeMap<Regime, Linear>,
    /// What log-odds mean, by [`Regime`].
    pub calibration: BTreeMap<Regime, Calibration>,
}

/// Which evidence a candidate rests on: each has weights and a calibration of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regime {
    /// The task's batch has a list, and commits tell tasks apart.
    ListedCommits,
    /// The task's batch has a list, and commits do not tell.
    Listed,
    /// There is no list, and commits tell tasks apart.
    Commits,
    /// There is neither.
    Bundle,
}

impl Regime {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ListedCommits, Self::Listed, Self::Commits, Self::Bundle];

    /// Its name in the file of weights.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListedCommits => "listed_commits",
            Self::Listed => "listed",
            Self::Commits => "commits",
            Self::Bundle => "bundle",
        }
    }
}

/// A softmax over tasks and nobody. Weights are in the order of the signals.
#[derive(Debug, Clone, Default)]
pub struct Competition {
    /// Weights of what is measured of a task and a commit.
    pub task: Vec<f64>,
    /// Log-odds of nobody, all else being equal.
    pub nobody_bias: f64,
    /// Weights of what is measured of a commit alone.
    pub nobody: Vec<f64>,
}

/// A logistic model. Weights are in the order of the signals.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    /// Log-odds, all else being equal.
    pub bias: f64,
    /// Log-odds that a signal of 1 adds.
    pub weights: Vec<f64>,
}

/// What log-odds mean: pairs of log-odds and the share of right answers that was counted there, both rising.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration(pub Vec<(f64, f64)>);

/// Per task, a score or a probability.
type ByTask = Vec<(usize, f64)>;

impl Model {
    /// The weights that ship with this version.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads weights by the names of their signals. Fails with a sentence on what is missing or unknown.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let files = by_regime(&file.files, "weights", LinearFile::read)?;
        let calibration =
            by_regime(&file.calibration, "calibration", |points| Ok(Calibration(points.clone())))?;
        Ok(Self {
            first_pass: file.first_pass.read()?,
            second_pass: file.second_pass.read()?,
            files,
            calibration,
        })
    }

    /// Log-odds of a candidate, before calibration.
    pub fn log_odds(&self, regime: Regime, values: &[f64]) -> f64 {
        self.files.get(&regime).map_or(0.0, |linear| linear.log_odds(values))
    }

    /// Probability of a candidate, 0 to 1.
    pub fn confidence(&self, regime: Regime, values: &[f64]) -> f64 {
        let log_odds = self.log_odds(regime, values);
        self.calibration.get(&regime).map_or(0.0, |calibration| calibration.probability(log_odds))
    }
}

impl Linear {
    /// Log-odds of a candidate, before calibration.
    pub fn log_odds(&self, values: &[f64]) -> f64 {
        self.bias + dot(&self.weights, values)
    }
}

impl Calibration {
    /// The probability that log-odds mean: between two points that were counted, in proportion; beyond them, no
    /// surer than what was counted.
    pub fn probability(&self, log_odds: f64) -> f64 {
        let points = &self.0;
        let above = points.partition_point(|(known, _)| *known < log_odds);
        match (above.checked_sub(1).map(|below| points[below]), points.get(above)) {
            (None, None) => 0.0,
            (None, Some((_, first))) => *first,
            (Some((_, last)), None) => last,
            (Some((x0, p0)), Some((x1, p1))) => p0 + (p1 - p0) * (log_odds - x0) / (x1 - x0),
        }
    }
}

impl Competition {
    /// The score of each task, and its probability; what is missing to 1 is nobody's.
    pub(super) fn judge(&self, contest: &Contest) -> (ByTask, ByTask) {
        let scores: ByTask =
            contest.bids.iter().map(|(task, values)| (*task, dot(&self.task, values))).collect();
        let nobody = self.nobody_bias + dot(&self.nobody, &contest.nobody);
        let most = scores.iter().map(|(_, score)| *score).fold(nobody, f64::max);
        let part = |score: f64| (score - most).exp();
        let all = scores.iter().map(|(_, score)| part(*score)).sum::<f64>() + part(nobody);
        let shares = scores.iter().map(|(task, score)| (*task, part(*score) / all)).collect();
        (scores, shares)
    }
}

fn dot(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

/// `weights.toml` as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    first_pass: CompetitionFile,
    second_pass: CompetitionFile,
    files: BTreeMap<String, LinearFile>,
    calibration: BTreeMap<String, Vec<(f64, f64)>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompetitionFile {
    nobody_bias: f64,
    nobody: BTreeMap<String, f64>,
    task: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinearFile {
    bias: f64,
    weights: BTreeMap<String, f64>,
}

impl CompetitionFile {
    fn read(&self) -> Result<Competition, String> {
        Ok(Competition {
            task: in_order(&self.task, &COMMIT.iter().map(|signal| signal.name).collect::<Vec<_>>())?,
            nobody_bias: self.nobody_bias,
            nobody: in_order(&self.nobody, &NOBODY.iter().map(|signal| signal.name).collect::<Vec<_>>())?,
        })
    }
}

impl LinearFile {
    fn read(&self) -> Result<Linear, String> {
        let names: Vec<&str> = FILE.iter().map(|signal| signal.name).collect();
        Ok(Linear { bias: self.bias, weights: in_order(&self.weights, &names)? })
    }
}

/// Something for every regime. Fails on one that is missing or unknown.
fn by_regime<T, U>(
    by_name: &BTreeMap<String, T>,
    what: &str,
    read: impl Fn(&T) -> Result<U, String>,
) -> Result<BTreeMap<Regime, U>, String> {
    let is_known = |name: &&String| Regime::ALL.iter().any(|regime| regime.name() == *name);
    if let Some(unknown) = by_name.keys().find(|name| !is_known(name)) {
        return Err(format!("no regime is called `{unknown}`"));
    }
    let of = |regime: Regime| {
        let found = by_name.get(regime.name()).ok_or_else(|| format!("no {what} for `{}`", regime.name()))?;
        Ok((regime, read(found)?))
    };
    Regime::ALL.into_iter().map(of).collect()
}

/// Weights in the order of the signals. Fails on a name that is missing or unknown.
pub(super) fn in_order(weights: &BTreeMap<String, f64>, names: &[&str]) -> Result<Vec<f64>, String> {
    if let Some(unknown) = weights.keys().find(|name| !names.contains(&name.as_str())) {
        return Err(format!("no signal is called `{unknown}`"));
    }
    names
        .iter()
        .map(|name| weights.get(*name).copied().ok_or_else(|| format!("no weight for `{name}`")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_shipped_weights_fit_the_signals() {
        let model = Model::parse(include_str!("weights.toml")).unwrap();
        assert!(model.calibration.values().all(|table| table.0.len() > 3));
        assert!(model.calibration.values().all(|table| table.0.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1)));
    }

    #[test]
    fn confidence_is_what_was_counted() {
        let table = Calibration(vec![(-1.0, 0.1), (1.0, 0.5), (3.0, 0.9)]);
        let near = |log_odds: f64, wanted: f64| (table.probability(log_odds) - wanted).abs() < 1e-12;
        assert!(near(-9.0, 0.1) && near(-1.0, 0.1) && near(0.0, 0.3) && near(2.0, 0.7) && near(9.0, 0.9));
        assert!(Calibration::default().probability(0.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn surer_is_never_less_sure(a in -20.0..20.0_f64, b in -20.0..20.0_f64) {
            for calibration in Model::shipped().calibration.values() {
                let (low, high) = (calibration.probability(a.min(b)), calibration.probability(a.max(b)));
                prop_assert!(0.0 <= low && low <= high && high <= 1.0);
            }
        }

        #[test]
        fn shares_are_probabilities(values in prop::collection::vec(-3.0..3.0_f64, 1..6)) {
            let competition = Competition { task: vec![1.0], nobody_bias: 0.5, nobody: Vec::new() };
            let bids = values.iter().enumerate().map(|(task, value)| (task, vec![*value])).collect();
            let (_, shares) = competition.judge(&Contest { commit: 0, bids, nobody: Vec::new() });
            let all: f64 = shares.iter().map(|(_, share)| share).sum();
            prop_assert!(all < 1.0 && shares.iter().all(|(_, share)| *share > 0.0));
        }
    }
}
