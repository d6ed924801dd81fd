//! Whole plans, from which tasks are hidden in many ways.

use taskproof::evaluate::{Case, Subject, masked};

/// So many draws of the tasks to hide.
const DRAWS: u32 = 8;

/// The plan with tasks hidden in all ways that leave lists of commands, in several draws.
pub(crate) fn draws(subject: &Subject) -> Vec<Case> {
    (0..DRAWS).flat_map(|draw| one_draw(subject, draw)).filter(has_commands).collect()
}

/// Which tasks are hidden depends on nothing but names: by another name, they are others.
fn one_draw(subject: &Subject, draw: u32) -> Vec<Case> {
    let name = &subject.plan.name;
    let mut alias = subject.clone();
    alias.plan.name = format!("{name} {draw}");
    let rename = |mut case: Case| {
        case.name.clone_from(name);
        case.plan.name.clone_from(name);
        case
    };
    masked(&alias).map(rename).collect()
}

fn has_commands(case: &Case) -> bool {
    case.plan.batches.iter().flat_map(|batch| &batch.commands).any(|commands| !commands.is_empty())
}
