//! The engine of commands as a whole, on literals.

use crate::attribute::{Input, attribute};
use crate::config::Config;
use crate::model::testing::{batch, ids, plan, row, task};
use crate::model::{CommandCandidate, Decision, History, Plan, ProjectPaths, Rung, Task};

const CLOCK: &str = "npx vitest run src/clock.test.ts";
const BOARD: &str = "npx vitest run src/board.test.ts";
const ALL: &str = "npx vitest run";

fn noted(id: &str, description: &str, notes: &str) -> Task {
    Task { description: description.into(), executor_notes: notes.into(), ..task(id) }
}

/// Two tasks of one batch that lack everything, and a third that is known.
fn two_open(notes: [&str; 2], commands: &[&str]) -> Plan {
    let mut third = noted("T3", "Sweep src/floor.ts", "Swept the floor.");
    third.files_changed = vec!["src/floor.ts".into()];
    third.truthy.files = true;
    let mut plan = plan(vec![
        noted("T1", "Add a clock to src/clock.ts", notes[0]),
        noted("T2", "Paint the board in src/board.ts", notes[1]),
        third,
    ]);
    let mut only = batch(1, &["T1", "T2", "T3"]);
    only.commands = Some(commands.iter().map(|command| (*command).to_owned()).collect());
    plan.batches = vec![only];
    plan
}

fn told() -> [&'static str; 2] {
    [
        "Added the clock. `src/clock.test.ts` passed with vitest.",
        "Painted it. `src/board.test.ts` passed with vitest.",
    ]
}

/// The commands of the first task.
fn first(plan: &Plan) -> Vec<CommandCandidate> {
    let (history, paths) = (History::absent("none"), ProjectPaths::default());
    let input = Input { plan, history: &history, paths: &paths, answers: &[], config: &Config::default() };
    attribute(&input).unwrap().attributions.swap_remove(0).commands
}

fn confidence(commands: &[CommandCandidate], wanted: &str) -> f64 {
    commands.iter().find(|command| command.command == wanted).unwrap().confidence
}

#[test]
fn a_command_belongs_to_the_task_whose_files_it_names() {
    let found = first(&two_open(told(), &[BOARD, CLOCK]));
    assert_eq!(found[0].command, CLOCK, "the likeliest comes first");
    assert_eq!(found[0].rung, Some(Rung::Engine));
    assert!(confidence(&found, CLOCK) > 0.7 && confidence(&found, BOARD) < 0.3);
    let weights: f64 = found[0].signals.iter().map(|signal| signal.weight).sum();
    let said = 1.0 / (1.0 + (-weights).exp());
    assert!((said - found[0].confidence).abs() < 1e-9, "signals add up to what is said");
}

#[test]
fn what_checks_everything_is_nobody_s_unless_notes_speak_of_it() {
    let silent =
        first(&two_open(["Added the clock to the wall.", "Painted the board in green."], &[ALL, CLOCK]));
    let spoken = first(&two_open(told(), &[ALL, CLOCK]));
    assert!(silent.iter().all(|command| command.decision != Decision::Backfill));
    assert!(confidence(&silent, ALL) < confidence(&spoken, ALL));
}

#[test]
fn nothing_is_filled_without_notes() {
    let mut plan = two_open(["Done.", "Done."], &[ALL, CLOCK, BOARD]);
    plan.rows = vec![row(1, "T3", "done", &["src/floor.ts"], &[ALL, CLOCK, BOARD])];
    assert!(first(&plan).iter().all(|command| command.decision == Decision::Candidate));
}

#[test]
fn another_run_s_list_fills_nothing() {
    let mut plan = two_open(told(), &[CLOCK]);
    plan.tasks[1].depends_on = ids(&["T1"]);
    assert!(first(&plan).iter().all(|command| command.decision == Decision::Candidate));
}

#[test]
fn what_the_engine_filled_is_not_filled_again() {
    let mut plan = two_open(told(), &[CLOCK, BOARD]);
    let before = first(&plan);
    plan.tasks[1].commands_run = vec![BOARD.into()];
    plan.tasks[1].truthy.commands = true;
    let after = first(&plan);
    assert_eq!(after.len(), before.len());
    assert!(confidence(&after, BOARD) < 0.5);
}

#[test]
fn commands_of_any_size_are_weighed() {
    let long = "a/b.ts `git x` ".repeat(70_000);
    let found = first(&two_open(told(), &[&long, CLOCK]));
    assert_eq!(found.len(), 2);
}
