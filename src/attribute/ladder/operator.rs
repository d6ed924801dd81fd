//! What an operator answered. It outranks everything that was recorded.

use super::{Claim, Found};
use crate::attribute::context::Context;
use crate::model::{Answer, AnswerContent, Place, Task, place};

pub(super) fn files(task: &Task, context: &Context<'_>) -> Found<Place> {
    let Some(answer) = answer(task, context) else { return Found::nothing() };
    let AnswerContent::Evidence { files, .. } = &answer.content else { return Found::nothing() };
    // Taken literally: what an operator vouches for is not filtered, and `answers::check` has seen it.
    let places = files.iter().filter_map(|file| place(file, context.input.paths));
    Found::decided(places.map(|place| claim(place, answer)).collect())
}

/// A task that truly ran nothing gets one entry that says so: the harness accepts prose there, and its
/// gate and audit would otherwise block on the empty lists for ever.
pub(super) fn commands(task: &Task, context: &Context<'_>) -> Found<String> {
    let Some(answer) = answer(task, context) else { return Found::nothing() };
    match &answer.content {
        AnswerContent::Evidence { commands, .. } => {
            Found::decided(commands.iter().map(|command| claim(command.clone(), answer)).collect())
        }
        AnswerContent::Empty { reason } => {
            let statement = format!("(none: {}; declared by the operator)", reason.trim());
            Found::decided(vec![claim(statement, answer)])
        }
    }
}

fn answer<'a>(task: &Task, context: &Context<'a>) -> Option<&'a Answer> {
    context.input.answers.iter().find(|answer| answer.task == task.id)
}

fn claim<T>(value: T, answer: &Answer) -> Claim<T> {
    Claim { value, signal: "operator_answer", detail: format!("answers line {}", answer.line) }
}
