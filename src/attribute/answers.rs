//! Whether an operator's answers can be used.

use crate::model::{AnswerContent, Code, Finding, Place, place};

use super::Input;
use super::context::Context;
use super::standing::{Standing, standing};

/// An answer names a path that git has never seen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("answers line {line}: git has never seen `{path}`: correct it, or add `\"force\": true`")]
pub struct RefusedAnswer {
    /// One-based line in the answers file.
    pub line: usize,
    /// The path as given.
    pub path: String,
}

/// Checks every path of every answer against git, where git is there to ask.
pub(super) fn check(input: &Input<'_>) -> Result<(), RefusedAnswer> {
    if input.answers.is_empty() {
        return Ok(());
    }
    let context = Context::new(input);
    for answer in input.answers {
        let AnswerContent::Evidence { files, force, .. } = &answer.content else { continue };
        let unseen = files
            .iter()
            .find(|file| place(file, input.paths).is_none_or(|place| !force && is_unseen(&place, &context)));
        if let Some(path) = unseen {
            return Err(RefusedAnswer { line: answer.line, path: path.clone() });
        }
    }
    Ok(())
}

/// Whether git, where it is there to ask, knows nothing of a place: it lies outside, is ignored, or never was.
/// What lies in a nested repository is that one's business.
fn is_unseen(place: &Place, context: &Context<'_>) -> bool {
    let history = context.input.history;
    history.is_present()
        && (!place.inside
            || history.reach.ignored.contains(&place.path)
            || standing(place, context) == Standing::Contradicted)
}

/// Answers about tasks whose evidence is there already: nothing is ever replaced.
pub(super) fn unused(input: &Input<'_>) -> Vec<Finding> {
    let is_filled = |answer: &&crate::model::Answer| {
        input.plan.task(&answer.task).is_some_and(|task| match &answer.content {
            AnswerContent::Evidence { files, commands, .. } => {
                (files.is_empty() || task.truthy.files) && (commands.is_empty() || task.truthy.commands)
            }
            AnswerContent::Empty { .. } => task.truthy.files || task.truthy.commands,
        })
    };
    input
        .answers
        .iter()
        .filter(is_filled)
        .map(|answer| {
            let message = format!(
                "answers line {}: `{}` has its evidence; nothing is replaced",
                answer.line, answer.task
            );
            Finding::new(Code::UnusedAnswer, input.plan.layout.record(), message)
        })
        .collect()
}
