//! Which evidence a done task owes, by its kind (spec section 7, "Gate per kind").

use crate::model::{Evidence, Field, Gap, Kind, Mode, Task};

/// Notes of an audit or research task that count, in characters after stripping.
const SUBSTANTIAL_NOTES: usize = 100;
/// Notes of a docs task that soften a missing file.
const DOCS_NOTES: usize = 50;

/// What the rules say of a task's evidence, and which empty fields would add to it.
///
/// Only a literal `done` is checked, unless the contract says that it was done before. Prose modes never miss
/// anything.
pub fn assess(task: &Task, mode: &Mode) -> Gap {
    if task.status_word != "done" || task.is_exempt {
        return Gap { evidence: Evidence::NotApplicable, missing: Vec::new() };
    }
    let evidence = match mode {
        Mode::Prose(_) if task.truthy.sections => Evidence::Complete,
        // Of an entry of a plain list nothing is asked.
        Mode::Prose(_) | Mode::List => Evidence::Advisory,
        Mode::Code => code_evidence(task),
    };
    Gap { evidence, missing: missing(task, mode, evidence) }
}

/// Whether the harness blocks on this.
pub fn is_gap(gap: &Gap) -> bool {
    gap.evidence == Evidence::Hollow
}

fn code_evidence(task: &Task) -> Evidence {
    let has = task.truthy;
    let notes = task.executor_notes.trim().chars().count();
    let (enough, advisory) = match task.kind {
        Kind::Audit | Kind::Research => (notes >= SUBSTANTIAL_NOTES, notes > 0),
        Kind::Test => (has.files || has.test_command, has.commands),
        Kind::Docs => (has.files, has.commands || notes >= DOCS_NOTES),
        Kind::Code | Kind::Other(_) => (has.files, has.commands),
    };
    match (enough, advisory) {
        (true, _) => Evidence::Complete,
        (false, true) => Evidence::Advisory,
        (false, false) => Evidence::Hollow,
    }
}

fn missing(task: &Task, mode: &Mode, evidence: Evidence) -> Vec<Field> {
    let by_notes = task.kind.is_shown_by_notes();
    match (evidence, mode) {
        (Evidence::Complete | Evidence::NotApplicable, _) | (_, Mode::Prose(_)) => Vec::new(),
        // Nobody writes down what was run for an entry of a list.
        (_, Mode::List) => vec![Field::Files],
        _ if by_notes => vec![Field::Notes],
        _ => [(Field::Files, task.truthy.files), (Field::Commands, task.truthy.commands)]
            .into_iter()
            .filter_map(|(field, filled)| (!filled).then_some(field))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::task;

    fn evidence(edit: impl FnOnce(&mut Task)) -> Evidence {
        let mut row = task("T1");
        edit(&mut row);
        assess(&row, &Mode::Code).evidence
    }

    #[test]
    fn code_wants_files_and_settles_for_commands() {
        assert_eq!(evidence(|_| ()), Evidence::Hollow);
        assert_eq!(evidence(|t| t.truthy.commands = true), Evidence::Advisory);
        assert_eq!(evidence(|t| t.truthy.files = true), Evidence::Complete);
        assert_eq!(evidence(|t| t.kind = Kind::Other("chore".into())), Evidence::Hollow);
    }

    #[test]
    fn tests_want_files_or_a_test_command() {
        let test = |commands, test_command| {
            evidence(|t| {
                t.kind = Kind::Test;
                t.truthy.commands = commands;
                t.truthy.test_command = test_command;
            })
        };
        assert_eq!(test(false, false), Evidence::Hollow);
        assert_eq!(test(true, false), Evidence::Advisory);
        assert_eq!(test(true, true), Evidence::Complete);
    }

    #[test]
    fn docs_and_audits_are_softened_by_notes() {
        let notes = |kind: Kind, length: usize| {
            evidence(|t| {
                t.kind = kind;
                t.executor_notes = "x".repeat(length);
            })
        };
        assert_eq!(notes(Kind::Docs, 49), Evidence::Hollow);
        assert_eq!(notes(Kind::Docs, 50), Evidence::Advisory);
        assert_eq!(notes(Kind::Audit, 0), Evidence::Hollow);
        assert_eq!(notes(Kind::Audit, 99), Evidence::Advisory);
        assert_eq!(notes(Kind::Research, 100), Evidence::Complete);
    }

    #[test]
    fn only_a_literal_done_is_checked() {
        assert_eq!(evidence(|t| t.status_word = "completed".into()), Evidence::NotApplicable);
    }

    #[test]
    fn prose_never_blocks() {
        assert_eq!(assess(&task("T1"), &Mode::Prose("doc".into())).evidence, Evidence::Advisory);
    }

    #[test]
    fn missing_lists_the_empty_fields_that_count() {
        let mut row = task("T1");
        assert_eq!(assess(&row, &Mode::Code).missing, [Field::Files, Field::Commands]);
        row.truthy.commands = true;
        assert_eq!(assess(&row, &Mode::Code).missing, [Field::Files]);
        row.kind = Kind::Audit;
        assert_eq!(assess(&row, &Mode::Code).missing, [Field::Notes]);
    }
}
