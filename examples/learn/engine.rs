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
    type Calibration: Send;
    /// What an answer's confidence depends on besides the log-odds.
    type Kind: Send + Sync;

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

/// An answer with the confidence that would be shown.
pub(crate) struct Answer<'a, K> {
    pub(crate) judged: &'a Judged<K>,
    /// 0 to 1.
    pub(crate) confidence: f64,
}

/// Learns, and tells how well that does on cases it was not learned from.
///
/// For plans that are left out, the calibration is that of the same answers: its few numbers are not enough to flatter them.
/// A group that is left out is judged as a stranger's repository would be: by weights and a calibration that know nothing of
/// it.
pub(crate) fn run<E: Engine>(cases: &[Case<E::Content>]) -> Learned<E> {
    let all: Vec<(usize, &Case<E::Content>)> = cases.iter().enumerate().collect();
    let by_plan = left_out_plans::<E>(&all);
    let calibration = E::calibrate(&by_plan);
    report::print(cases, "plans", &answers::<E>(&by_plan, &calibration));
    let by_group = left_out::<E, _>(&all, &Parts::by_group(&all), |others, judged| {
        let calibration = E::calibrate(&left_out_plans::<E>(others));
        (calibration, judged)
    });
    let by_group: Vec<Answer<'_, E::Kind>> =
        by_group.iter().flat_map(|(calibration, judged)| answers::<E>(judged, calibration)).collect();
    report::print(cases, "groups", &by_group);
    let model = E::learn(&cases.iter().collect::<Vec<_>>());
    Learned { model, calibration, answers: by_plan.len() }
}

fn left_out_plans<E: Engine>(cases: &[(usize, &Case<E::Content>)]) -> Vec<Judged<E::Kind>> {
    let judged = left_out::<E, _>(cases, &Parts::by_plan(cases, E::PARTS), |_, judged| judged);
    judged.into_iter().flatten().collect()
}

/// Judges the cases of every part by what was learned from those of other parts, and makes something of these and the answers.
fn left_out<E: Engine, T: Send>(
    cases: &[(usize, &Case<E::Content>)],
    parts: &Parts,
    make: impl Fn(&[(usize, &Case<E::Content>)], Vec<Judged<E::Kind>>) -> T + Sync,
) -> Vec<T> {
    let judge = |part: usize| {
        let (own, others): (Vec<_>, Vec<_>) = cases.iter().zip(&parts.of).partition(|(_, of)| **of == part);
        let others: Vec<_> = others.into_iter().map(|(case, _)| *case).collect();
        let model = E::learn(&others.iter().map(|(_, case)| *case).collect::<Vec<_>>());
        let judged = own.into_iter().flat_map(|((at, case), _)| E::judge(&model, *at, case)).collect();
        make(&others, judged)
    };
    (0..parts.number).into_par_iter().map(judge).collect()
}

fn answers<'a, E: Engine>(
    judged: &'a [Judged<E::Kind>],
    calibration: &E::Calibration,
) -> Vec<Answer<'a, E::Kind>> {
    let answer = |judged| Some(Answer { judged, confidence: E::confidence(calibration, judged)? });
    judged.iter().filter_map(answer).collect()
}
