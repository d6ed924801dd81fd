//! Logistic regression and conditional logit with a ridge penalty.

use taskproof::attribute::engine::{Competition, Linear};

/// Pulls weights towards 0, as so many observations would.
pub(crate) const RIDGE: f64 = 3.0;

/// An observation.
pub(crate) struct Row<'a> {
    pub(crate) values: &'a [f64],
    pub(crate) is_right: bool,
    /// How much it counts.
    pub(crate) weight: f64,
}

/// A choice among options and nobody; `right` are those that are, none for nobody.
pub(crate) struct Choice<'a> {
    pub(crate) options: &'a [Vec<f64>],
    pub(crate) nobody: &'a [f64],
    pub(crate) right: &'a [usize],
}

/// Newton's method on the penalised likelihood, of rows with so many values.
pub(crate) fn linear(rows: &[Row<'_>], values: usize, ridge: f64) -> Linear {
    const ROUNDS: usize = 50;
    /// Longer steps overshoot where the likelihood is flat.
    const LONGEST_STEP: f64 = 2.0;
    let mut beta = vec![0.0; values + 1];
    for _ in 0..ROUNDS {
        let (gradient, hessian) = slopes(rows, &beta, ridge);
        let step = solve(hessian, gradient);
        let length = step.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let damping = (LONGEST_STEP / length.max(1e-12)).min(1.0);
        beta.iter_mut().zip(&step).for_each(|(value, step)| *value += damping * step);
        if length < 1e-7 {
            break;
        }
    }
    Linear { bias: beta[0], weights: beta[1..].to_vec() }
}

fn slopes(rows: &[Row<'_>], beta: &[f64], ridge: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = beta.len();
    let mut gradient: Vec<f64> = beta.iter().map(|value| -ridge * value).collect();
    let mut hessian = vec![vec![0.0; size]; size];
    gradient[0] = 0.0;
    (1..size).for_each(|at| hessian[at][at] = ridge);
    for row in rows {
        let values: Vec<(usize, f64)> = std::iter::once((0, 1.0))
            .chain(row.values.iter().enumerate().map(|(at, value)| (at + 1, *value)))
            .filter(|(_, value)| *value != 0.0)
            .collect();
        let score: f64 = values.iter().map(|(at, value)| beta[*at] * value).sum();
        let p = 1.0 / (1.0 + (-score).exp());
        let error = (f64::from(row.is_right) - p) * row.weight;
        let curvature = (p * (1.0 - p)).max(1e-6) * row.weight;
        for (i, x) in &values {
            gradient[*i] += error * x;
            for (j, y) in values.iter().take_while(|(j, _)| j <= i) {
                hessian[*i][*j] += curvature * x * y;
            }
        }
    }
    (gradient, hessian)
}

/// Solves a symmetric positive definite system, of which the lower half is given (Cholesky).
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    for i in 0..b.len() {
        for j in 0..=i {
            let value = a[i][j] - (0..j).map(|k| a[i][k] * a[j][k]).sum::<f64>();
            a[i][j] = if i == j { value.max(1e-12).sqrt() } else { value / a[j][j] };
        }
    }
    for i in 0..b.len() {
        b[i] = (b[i] - (0..i).map(|k| a[i][k] * b[k]).sum::<f64>()) / a[i][i];
    }
    for i in (0..b.len()).rev() {
        b[i] = (b[i] - (i + 1..b.len()).map(|k| a[k][i] * b[k]).sum::<f64>()) / a[i][i];
    }
    b
}

/// L-BFGS on the penalised likelihood, which is concave (Nocedal and Wright, 2006, algorithm 7.5). `ridges` are of the
/// weights of tasks; those of nobody have [`RIDGE`].
pub(crate) fn competition(choices: &[Choice<'_>], ridges: &[f64], nobody: usize) -> Competition {
    const ROUNDS: usize = 300;
    /// So many steps are remembered.
    const MEMORY: usize = 12;
    let tasks = ridges.len();
    let size = tasks + 1 + nobody;
    let ridges: Vec<f64> = ridges.iter().copied().chain(vec![RIDGE; 1 + nobody]).collect();
    let loss = |beta: &[f64]| {
        let mut gradient: Vec<f64> = beta.iter().zip(&ridges).map(|(value, ridge)| ridge * value).collect();
        let penalty = product(beta, &gradient) / 2.0;
        let likelihood: f64 =
            choices.iter().map(|choice| add_slopes(choice, beta, tasks, &mut gradient)).sum();
        (penalty - likelihood, gradient)
    };
    let mut beta = vec![0.0; size];
    let (mut value, mut gradient) = loss(&beta);
    let mut steps: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for _ in 0..ROUNDS {
        let direction = direction(&gradient, &steps);
        let slope = product(&direction, &gradient);
        let mut length =
            if steps.is_empty() { 1.0 / product(&gradient, &gradient).sqrt().max(1e-12) } else { 1.0 };
        let mut moved = None;
        while moved.is_none() && length > 1e-10 {
            let next: Vec<f64> =
                beta.iter().zip(&direction).map(|(value, step)| value + length * step).collect();
            let (lower, slopes) = loss(&next);
            moved = (lower <= value + 1e-4 * length * slope).then_some((next, lower, slopes));
            length /= 2.0;
        }
        let Some((next, lower, slopes)) = moved else { break };
        let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let (step, change) = (minus(&next, &beta), minus(&slopes, &gradient));
        if product(&step, &change) > 1e-12 {
            steps.push((step, change));
            steps.drain(..steps.len().saturating_sub(MEMORY));
        }
        let gain = value - lower;
        (beta, value, gradient) = (next, lower, slopes);
        if gain < 1e-7 * value.abs().max(1.0) {
            break;
        }
    }
    let nobody = beta[tasks + 1..].to_vec();
    Competition { task: beta[..tasks].to_vec(), nobody_bias: beta[tasks], nobody }
}

/// Where to go: the gradient, bent by what the last steps told of the curvature.
fn direction(gradient: &[f64], steps: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut shares = Vec::with_capacity(steps.len());
    for (step, change) in steps.iter().rev() {
        let share = product(step, &direction) / product(step, change);
        direction.iter_mut().zip(change).for_each(|(value, change)| *value -= share * change);
        shares.push(share);
    }
    if let Some((step, change)) = steps.last() {
        let scale = product(step, change) / product(change, change);
        for value in &mut direction {
            *value *= scale;
        }
    }
    for ((step, change), share) in steps.iter().zip(shares.iter().rev()) {
        let back = product(change, &direction) / product(step, change);
        direction.iter_mut().zip(step).for_each(|(value, step)| *value += (share - back) * step);
    }
    direction
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The log-likelihood of a choice; takes its slopes off the gradient.
fn add_slopes(choice: &Choice<'_>, beta: &[f64], tasks: usize, gradient: &mut [f64]) -> f64 {
    let mut scores: Vec<f64> = choice.options.iter().map(|values| product(values, &beta[..tasks])).collect();
    scores.push(beta[tasks] + product(choice.nobody, &beta[tasks + 1..]));
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let all: f64 = scores.iter().map(|score| (score - most).exp()).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of owners")]
    let wanted = 1.0 / choice.right.len().max(1) as f64;
    let mut likelihood = 0.0;
    for (at, score) in scores.iter().enumerate() {
        let is_nobody = at == choice.options.len();
        let is_right = if is_nobody { choice.right.is_empty() } else { choice.right.contains(&at) };
        let wanted = if is_right { wanted } else { 0.0 };
        likelihood += wanted * (score - most - all.ln());
        let error = wanted - (score - most).exp() / all;
        let (values, from) =
            if is_nobody { (choice.nobody, tasks + 1) } else { (&choice.options[at][..], 0) };
        if is_nobody {
            gradient[tasks] -= error;
        }
        gradient[from..].iter_mut().zip(values).for_each(|(slope, value)| *slope -= error * value);
    }
    likelihood
}
