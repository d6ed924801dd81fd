//! What log-odds mean: shares of right answers that were counted, made to rise (pool adjacent violators).

use taskproof::attribute::engine::Calibration;

/// Answers per bin where most is decided; further down bins grow.
const PER_BIN: usize = 60;
/// Bins of that size, from the surest down.
const FINE_BINS: usize = 12;

/// Answers that fell together.
#[derive(Clone, Copy)]
struct Bin {
    log_odds: f64,
    right: f64,
    all: f64,
}

/// The table of some answers: their log-odds, and whether they are right.
pub(crate) fn table(mut answers: Vec<(f64, bool)>) -> Calibration {
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut bins = Vec::new();
    let (mut rest, mut size) = (&answers[..], PER_BIN);
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(size.min(rest.len()));
        bins.push(bin(head));
        rest = tail;
        if bins.len() > FINE_BINS {
            size = size * 3 / 2;
        }
    }
    let mut pooled: Vec<Bin> = Vec::new();
    for mut bin in bins.into_iter().rev() {
        // From below: a bin that is no surer than the one before joins it.
        while let Some(last) = pooled.pop_if(|last| last.right / last.all >= bin.right / bin.all) {
            bin = Bin {
                log_odds: last.log_odds + bin.log_odds,
                right: last.right + bin.right,
                all: last.all + bin.all,
            };
        }
        pooled.push(bin);
    }
    // Jeffreys' prior: little data means little confidence.
    let points = pooled.iter().map(|bin| (bin.log_odds / bin.all, (bin.right + 0.5) / (bin.all + 1.0)));
    let mut points: Vec<(f64, f64)> = points.collect();
    for at in 1..points.len() {
        points[at].1 = points[at].1.max(points[at - 1].1);
    }
    Calibration(points)
}

fn bin(answers: &[(f64, bool)]) -> Bin {
    answers.iter().fold(Bin { log_odds: 0.0, right: 0.0, all: 0.0 }, |bin, (log_odds, is_right)| Bin {
        log_odds: bin.log_odds + log_odds,
        right: bin.right + f64::from(*is_right),
        all: bin.all + 1.0,
    })
}
