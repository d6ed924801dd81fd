//! Logistic and conditional-logit regression with ridge penalty.

/// Rows of values with a label and a weight.
pub struct Row<'a> {
    pub values: &'a [f64],
    pub label: bool,
    pub weight: f64,
}

/// Newton's method on the penalised likelihood. Returns the bias and the weights.
pub fn logistic(rows: &[Row<'_>], ridge: f64) -> (f64, Vec<f64>) {
    let Some(first) = rows.first() else { return (0.0, Vec::new()) };
    let size = first.values.len() + 1;
    let mut beta = vec![0.0; size];
    for _ in 0..40 {
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![vec![0.0; size]; size];
        for row in rows {
            let x = |at: usize| if at == 0 { 1.0 } else { row.values[at - 1] };
            let score: f64 = (0..size).map(|at| beta[at] * x(at)).sum();
            let p = 1.0 / (1.0 + (-score).exp());
            let error = (f64::from(row.label) - p) * row.weight;
            let curvature = (p * (1.0 - p)).max(1e-6) * row.weight;
            let nonzero: Vec<(usize, f64)> = (0..size).map(|at| (at, x(at))).filter(|(_, v)| *v != 0.0).collect();
            for (i, xi) in &nonzero {
                gradient[*i] += error * xi;
                for (j, xj) in nonzero.iter().take_while(|(j, _)| j <= i) {
                    hessian[*i][*j] += curvature * xi * xj;
                }
            }
        }
        for at in 1..size {
            gradient[at] -= ridge * beta[at];
            hessian[at][at] += ridge;
        }
        hessian[0][0] += 1e-9;
        let step = solve(hessian, gradient);
        let size_of_step = step.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let damping = if size_of_step > 2.0 { 2.0 / size_of_step } else { 1.0 };
        beta.iter_mut().zip(&step).for_each(|(value, step)| *value += damping * step);
        if size_of_step < 1e-6 {
            break;
        }
    }
    (beta[0], beta[1..].to_vec())
}

/// Solves a symmetric positive definite system of which the lower half is given (Cholesky).
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            let value = a[i][j] - sum;
            a[i][j] = if i == j { value.max(1e-12).sqrt() } else { value / a[j][j] };
        }
    }
    for i in 0..size {
        let sum: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    b
}

/// A choice among options and nobody; `right` are the options that are right, none for nobody.
pub struct Choice<'a> {
    pub options: &'a [Vec<f64>],
    pub nobody: &'a [f64],
    pub right: Vec<usize>,
    pub weight: f64,
}

/// Conditional logit by Adam on the whole batch. Returns task weights, nobody's bias, nobody's weights.
pub fn conditional(choices: &[Choice<'_>], sizes: (usize, usize), ridge: f64) -> (Vec<f64>, f64, Vec<f64>) {
    let (tasks, nobody) = sizes;
    let size = tasks + 1 + nobody;
    let mut beta = vec![0.0; size];
    let (mut m, mut v) = (vec![0.0; size], vec![0.0; size]);
    let total: f64 = choices.iter().map(|choice| choice.weight).sum();
    for round in 1..=500_i32 {
        let mut gradient = vec![0.0; size];
        for choice in choices {
            let mut scores: Vec<f64> =
                choice.options.iter().map(|x| x.iter().zip(&beta).map(|(x, b)| x * b).sum()).collect();
            let none: f64 =
                beta[tasks] + choice.nobody.iter().zip(&beta[tasks + 1..]).map(|(x, b)| x * b).sum::<f64>();
            scores.push(none);
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            let all: f64 = scores.iter().map(|score| (score - most).exp()).sum();
            let target = 1.0 / choice.right.len().max(1) as f64;
            for (at, score) in scores.iter().enumerate() {
                let p = (score - most).exp() / all;
                let is_none = at == choice.options.len();
                let wanted = match is_none {
                    true => f64::from(choice.right.is_empty()),
                    false => if choice.right.contains(&at) { target } else { 0.0 },
                };
                let error = (wanted - p) * choice.weight / total;
                if error.abs() < 1e-12 {
                    continue;
                }
                if is_none {
                    gradient[tasks] += error;
                    for (g, x) in gradient[tasks + 1..].iter_mut().zip(choice.nobody) {
                        *g += error * x;
                    }
                } else {
                    for (g, x) in gradient.iter_mut().zip(&choice.options[at]) {
                        *g += error * x;
                    }
                }
            }
        }
        let rate = if round < 300 { 0.1 } else { 0.03 };
        for at in 0..size {
            let g = gradient[at] - ridge / total * beta[at];
            m[at] = 0.9 * m[at] + 0.1 * g;
            v[at] = 0.999 * v[at] + 0.001 * g * g;
            let step = (m[at] / (1.0 - 0.9_f64.powi(round))) / ((v[at] / (1.0 - 0.999_f64.powi(round))).sqrt() + 1e-10);
            beta[at] += rate * step;
        }
    }
    (beta[..tasks].to_vec(), beta[tasks], beta[tasks + 1..].to_vec())
}
