//! An operator answers about other tasks first.

use std::collections::BTreeSet;

use super::{Case, Hypothesis, possible};
use crate::explain::compare::listed;
use crate::gate;
use crate::model::{Answer, AnswerContent, Attribution, Outcome, TaskId};

/// Each costs an attribution of the whole plan, and nobody reads more.
const MOST: usize = 8;

/// Every single other task that waits for an answer: with its best candidate, with all but ours, with nothing.
pub(super) fn other_task<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    others(case).into_iter().flat_map(|other| about(case, other)).collect()
}

/// Several at once, where one is not enough to know: the other tasks of the batch, or else all.
pub(super) fn several<'a>(case: &Case<'a>) -> Vec<Hypothesis<'a>> {
    let all = others(case);
    let is_mate = |other: &&&Attribution| other.batch.is_some() && other.batch == case.decided.batch;
    let mates: Vec<&Attribution> = all.iter().filter(is_mate).copied().collect();
    let sets = if mates.len() < all.len() { vec![mates, all] } else { vec![all] };
    sets.into_iter().filter(|set| set.len() > 1).map(|set| together(case, set)).collect()
}

/// Each changed one candidate that none before it has taken.
fn together<'a>(case: &Case<'a>, mut others: Vec<&Attribution>) -> Hypothesis<'a> {
    let in_plan_order = |id: &TaskId| case.all.iter().position(|attribution| &attribution.task == id);
    others.sort_by_key(|other| in_plan_order(&other.task));
    let mut taken = BTreeSet::new();
    let mut answers = Vec::new();
    for other in &others {
        let best = possible(other).find(|file| !taken.contains(file.path.as_str()));
        taken.extend(best.map(|file| file.path.as_str()));
        let content = best.map_or_else(nothing, |file| changed(vec![file.written.clone()]));
        answers.push(answer(&other.task, content));
    }
    let names: Vec<&str> = others.iter().map(|other| other.task.0.as_str()).collect();
    let names = listed(&names, MOST);
    let premise = format!("Answer {names} first: if each changed one of its candidates and nothing else, ");
    Hypothesis::new(premise, move |world| world.answers.to_mut().extend(answers))
}

/// Tasks with an open gap: those that share a candidate first, as far as it makes sense to try.
fn others<'a>(case: &Case<'a>) -> Vec<&'a Attribution> {
    if !case.is_open() {
        return Vec::new();
    }
    let ours: BTreeSet<&str> = case.possible_files().map(|file| file.path.as_str()).collect();
    let is_asked = |other: &&Attribution| {
        other.task != case.task.id
            && gate::is_gap(&other.gap)
            && matches!(other.outcome, Outcome::Ambiguous | Outcome::NoEvidence)
            && case.input.answers.iter().all(|answer| answer.task != other.task)
    };
    let mut others: Vec<&Attribution> = case.all.iter().filter(is_asked).collect();
    others.sort_by_key(|other| !possible(other).any(|file| ours.contains(file.path.as_str())));
    others.truncate(MOST);
    others
}

fn about<'a>(case: &Case<'a>, other: &Attribution) -> Vec<Hypothesis<'a>> {
    let id = &other.task;
    let best = possible(other).next();
    let ours = case.possible_files().next().filter(|ours| possible(other).any(|file| file.path == ours.path));
    let mut supposed = Vec::new();
    let mut suppose = |premise: String, content: AnswerContent| {
        let answer = answer(id, content);
        let hypothesis = Hypothesis::new(premise, move |world| world.answers.to_mut().push(answer));
        supposed.push(Hypothesis { group: id.0.clone(), ..hypothesis });
    };
    if let Some(best) = best {
        let premise = format!("Answer `{id}` first: if it changed `{}` and nothing else, ", best.path);
        suppose(premise, changed(vec![best.written.clone()]));
    }
    if let Some(ours) = ours {
        let rest = possible(other).filter(|file| file.path != ours.path);
        let rest: Vec<String> = rest.map(|file| file.written.clone()).collect();
        if !rest.is_empty() {
            let premise =
                format!("Answer `{id}` first: if it changed all that is possible but `{}`, ", ours.path);
            suppose(premise, changed(rest));
        }
    }
    suppose(format!("Answer `{id}` first: if it truly changed and ran nothing, "), nothing());
    supposed
}

fn answer(task: &TaskId, content: AnswerContent) -> Answer {
    Answer { task: task.clone(), content, line: 0 }
}

fn changed(files: Vec<String>) -> AnswerContent {
    AnswerContent::Evidence { files, commands: Vec::new(), force: false }
}

fn nothing() -> AnswerContent {
    AnswerContent::Empty { reason: "supposed".to_owned() }
}
