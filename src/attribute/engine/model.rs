//! Weights and calibration: one readable file, and the arithmetic on it.

use super::commits::Contest;

/// Everything that was learned.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Commits to tasks, before anything is known of other commits.
    pub first_pass: Competition,
    /// Commits to tasks, knowing the winners of the first pass.
    pub second_pass: Competition,
    /// Files of tasks whose batch has a list.
    pub listed: Linear,
    /// Files of tasks that only history speaks of.
    pub history: Linear,
}

/// A softmax over tasks and nobody.
#[derive(Debug, Clone, Default)]
pub struct Competition {
    /// Weights of the commit signals.
    pub task: Vec<f64>,
    /// Log-odds of nobody, all else being equal.
    pub nobody_bias: f64,
    /// Weights of the signals for nobody.
    pub nobody: Vec<f64>,
}

/// A logistic model.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    /// Log-odds, all else being equal.
    pub bias: f64,
    /// Weights of the file signals.
    pub weights: Vec<f64>,
}

impl Linear {
    /// Log-odds of a candidate.
    pub fn log_odds(&self, values: &[f64]) -> f64 {
        self.bias + dot(&self.weights, values)
    }

    /// Probability of a candidate, 0 to 1.
    pub fn probability(&self, values: &[f64]) -> f64 {
        1.0 / (1.0 + (-self.log_odds(values)).exp())
    }
}

impl Competition {
    pub(super) fn scores(&self, contest: &Contest) -> Vec<(usize, f64)> {
        contest.bids.iter().map(|(task, values)| (*task, dot(&self.task, values))).collect()
    }

    pub(super) fn nobody_score(&self, contest: &Contest) -> f64 {
        self.nobody_bias + dot(&self.nobody, &contest.nobody)
    }

    /// The probability of each task; what is missing to 1 is nobody's.
    pub(super) fn shares(&self, contest: &Contest) -> Vec<(usize, f64)> {
        let nobody = self.nobody_bias + dot(&self.nobody, &contest.nobody);
        let scores: Vec<f64> = contest.bids.iter().map(|(_, values)| dot(&self.task, values)).collect();
        let most = scores.iter().copied().fold(nobody, f64::max);
        let all: f64 = scores.iter().map(|score| (score - most).exp()).sum::<f64>() + (nobody - most).exp();
        contest.bids.iter().zip(scores).map(|((task, _), score)| (*task, (score - most).exp() / all)).collect()
    }
}

fn dot(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}
