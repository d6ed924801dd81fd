//! How either engine learns: on cases that are left out one after the other, then on all.

use rayon::prelude::*;

use crate::cases::{Case, Parts};
use crate::report;

/// An answer of an engine, and whether it is right.
pub(crate) struct Judged<K> {
    /// The place of its case.
    pub(crate) case: usize,
    pub(crate) task: String,
    /// What its confidence depends on besides the log-odds.
    pub(crate) kind: K,
    pub(crate) is_right: bool,
    /// The task has nothing that could be found.
    pub(crate) is_absent: bool,
    /// How much it counts.
    pub(crate) weight: f64,
    /// By weights learned elsewhere, before calibration.
    pub(crate) log_odds: f64,
}

/// What can be learned.
pub(crate) trait Engine {
    /// Plans are left out of learning in so many parts.
    const PARTS: usize;
    /// What it makes of a case.
    type Content: Sync;
    /// Its weights.
    type Model;
    /// What log-odds mean.
    type Calibration;
    /// What an answer's confidence depends on besides the log-odds.
    type Kind: Send;

    /// Learns the weights.
    fn learn(cases: &[&Case<Self::Content>]) -> Self::Model;
    /// Answers a case, which is the one at this place.
    fn judge(model: &Self::Model, at: usize, case: &Case<Self::Content>) -> Vec<Judged<Self::Kind>>;
    /// Learns what log-odds mean.
    fn calibrate(judged: &[Judged<Self::Kind>]) -> Self::Calibration;
    /// The confidence of an answer; `None` if it is never filled.
    fn confidence(calibration: &Self::Calibration, answer: &Judged<Self::Kind>) -> Option<f64>;
}

/// What was learned from all cases.
pub(crate) struct Learned<E: Engine> {
    pub(crate) model: E::Model,
    pub(crate) calibration: E::Calibration,
    /// How many answers the calibration rests on.
    pub(crate) answers: usize,
}

/// Learns, and tells how well that does on cases it was not learned from.
pub(crate) fn run<E: Engine>(cases: &[Case<E::Content>]) -> Learned<E> {
    let by_plan = left_out::<E>(cases, &Parts::by_plan(cases, E::PARTS));
    let by_group = left_out::<E>(cases, &Parts::by_group(cases));
    report::print::<E>(cases, "plans", &by_plan);
    report::print::<E>(cases, "groups", &by_group);
    let model = E::learn(&cases.iter().collect::<Vec<_>>());
    Learned { model, calibration: E::calibrate(&by_plan), answers: by_plan.len() }
}

/// Judges every case by what was learned from the cases of other parts.
fn left_out<E: Engine>(cases: &[Case<E::Content>], parts: &Parts) -> Vec<Judged<E::Kind>> {
    let judge = |part: usize| {
        let places = cases.iter().zip(&parts.of).enumerate();
        let (own, others): (Vec<_>, Vec<_>) = places.partition(|(_, (_, of))| **of == part);
        let others: Vec<_> = others.into_iter().map(|(_, (case, _))| case).collect();
        let model = E::learn(&others);
        own.into_iter().flat_map(|(at, (case, _))| E::judge(&model, at, case)).collect::<Vec<_>>()
    };
    (0..parts.number).into_par_iter().flat_map_iter(judge).collect()
}
