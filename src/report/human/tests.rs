use super::*;
use crate::model::{Attribution, Evidence, Gap, Outcome, PlanStatus, Status, TaskId};
use crate::report::sample;

fn plain(report: &Report) -> String {
    text(report, &Look { colour: false, width: 80 })
}

/// The last lines: what to do next.
fn next(report: &Report) -> String {
    plain(report).split("\nNext: ").nth(1).unwrap_or("nothing").trim_end().replace("\n  ", " ")
}

fn headline(report: &Report) -> String {
    plain(report).lines().next().unwrap_or_default().to_owned()
}

fn complete_plan() -> Report {
    Report {
        status: PlanStatus::Complete,
        tasks: vec![sample::complete()],
        repair_request: None,
        edits: Vec::new(),
        findings: Vec::new(),
        ..sample::report()
    }
}

fn unfinished(id: &str) -> Attribution {
    let gap = Gap { evidence: Evidence::NotApplicable, missing: Vec::new() };
    Attribution {
        task: TaskId::from(id),
        status: Status::Pending,
        gap,
        files: Vec::new(),
        ..sample::complete()
    }
}

#[test]
fn a_very_long_id_stands_out_of_its_column() {
    let long = "T".repeat(100_000);
    let report = Report { tasks: vec![unfinished(&long), unfinished("T2")], ..complete_plan() };
    let text = plain(&report);
    let short = text.lines().find(|line| line.starts_with("  T2 ")).expect("its row");
    assert!(text.contains(&long) && short.len() < 200, "{}", short.len());
}

#[test]
fn one_complete_one_fillable_and_one_ambiguous_task() {
    let expected = r#"Plan `m8` is blocked: bookkeeping only — needs an answer about T10

  plan: plans/m8
  history: 1111111111..2222222222, 42 commits and uncommitted changes, base
    recorded by the plan

  task  status  kind  batch  evidence  files  commands  decision
  T1    done    code  1      complete  1      0         -
  T9    done    code  3      hollow    +1     +1        backfill
  T10   done    code  3      hollow    1?     0         ambiguous
  (`+1`: one found, certain enough to fill in; `1?`: one possible)

T9 lacks `files_changed` and `commands_run`; found 1 file and 1 command
  the row of batch 3 names its file and its command, and git agrees
  Files
    tests/conftest.py
      99.8 %, certain enough to fill in, from the batch records
      changed in 8b7e448b7e, lines 12-15 and line 40
      + batch row: execution_batch_3.json task_updates[1]
  Commands
    `pytest tests -q`
      99 %, certain enough to fill in, from the batch records

T10 lacks `files_changed` and needs an answer
  batch 3 lists files for two hollow tasks
  Files
    src/a.py
      62 %, possible, from several signals together
      changed, not committed, removal after line 7
      + batch list: execution_batch_3.json files_changed
      - late mention: named last in the description
    src/gone.py
      1 %, rejected, git contradicts it, from the batch records
      + batch row: execution_batch_3.json task_updates[1]
  Question: Did T10 change src/a.py?
  Answer with this line, edited:
    {"task_id": "T10", "files_changed": ["src/a.py"], "commands_run": []}

Notes
  TP105 row for `T99`, which the plan does not have
    execution_batch_2.json /task_updates/4

Next: put the answer lines into `answers.jsonl`, edit them; the certain gaps are
  filled in the same run
  taskproof backfill --plan plans/m8 --answers answers.jsonl --write
"#;
    assert_eq!(plain(&sample::report()), expected);
}

#[test]
fn a_complete_plan_is_short() {
    let expected = "\
Plan `m8` is complete

  plan: plans/m8
  history: 1111111111..2222222222, 42 commits and uncommitted changes, base
    recorded by the plan

  task  status  kind  batch  evidence  files  commands  decision
  T1    done    code  1      complete  1      0         -
";
    assert_eq!(plain(&complete_plan()), expected);
}

#[test]
fn fillable_gaps_lead_to_a_backfill() {
    let mut report = sample::report();
    report.tasks.pop();
    report.repair_request = None;
    assert_eq!(headline(&report), "Plan `m8` is blocked: bookkeeping only — every gap can be filled");
    assert_eq!(next(&report), "fill the gaps taskproof backfill --plan plans/m8 --write");
    report.command = "recover".to_owned();
    report.plan.directory = "my plans/m8".to_owned();
    assert_eq!(next(&report), "fill the gaps taskproof recover --plan 'my plans/m8' --write");
}

#[test]
fn a_written_run_names_its_undo_and_the_recovery() {
    let mut report = complete_plan();
    report.command = "backfill".to_owned();
    report.run_id = Some("r1".to_owned());
    report.edits = sample::report().edits;
    report.diff = Some("--- finalize.json\n+++ finalize.json\n@@ -1 +1 @@\n-[]\n+[\"a\"]\n".to_owned());
    report.findings =
        vec![Finding::new(Code::StillBlocked, "state.json", "the harness still records the block")];
    assert_eq!(headline(&report), "Plan `m8` is complete, but the harness still records the block");
    let page = plain(&report);
    assert!(
        page.contains("\nWritten\n\n--- finalize.json\n+++ finalize.json\n@@ -1 +1 @@\n-[]\n+[\"a\"]\n"),
        "{page}"
    );
    assert!(
        page.contains("Run `r1` wrote 1 edit; to take it back:\n  taskproof undo r1 --plan plans/m8\n"),
        "{page}"
    );
    assert_eq!(
        next(&report),
        "have the harness go on: this clears what it still holds taskproof recover --plan plans/m8 --write"
    );
}

#[test]
fn notes_are_for_the_executor_to_write() {
    let mut report = sample::report();
    report.tasks.retain(|task| task.task != TaskId::from("T9"));
    report.repair_request.as_mut().expect("a request").tasks[0].missing = vec![crate::model::Field::Notes];
    let expected = "let the executor write the notes of T10, then check taskproof check --plan plans/m8";
    assert_eq!(next(&report), expected);
}

#[test]
fn read_only_plans_are_not_told_to_write() {
    let mut report = sample::report();
    report.plan.layout = Layout::BatchDirectories;
    assert_eq!(next(&report), "nothing");
    assert!(plain(&report).contains("  plan: plans/m8 (batch directories)\n"));
}

#[test]
fn missing_work_is_said_first() {
    let mut report = complete_plan();
    report.status = PlanStatus::BlockedImplementation;
    report.tasks.extend(["T2", "T3", "T4", "T5", "T6"].map(unfinished));
    assert_eq!(headline(&report), "Plan `m8` is blocked: work is missing — T2, T3, T4 and 2 more");
    assert_eq!(
        next(&report),
        "let the harness finish T2, T3, T4 and 2 more, then check taskproof check --plan plans/m8"
    );
}

#[test]
fn long_plans_fold_quiet_tasks() {
    let mut report = sample::report();
    let quiet = |number: usize| Attribution { task: TaskId(format!("Q{number}")), ..sample::complete() };
    report.tasks.splice(0..0, (1..=20).map(quiet));
    let page = plain(&report);
    assert!(page.contains("\n  Q1 … T1  21 tasks with nothing to do\n  T9    done"), "{page}");
    assert!(!page.contains("Q7"), "{page}");
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let mut report = sample::report();
    let task = &mut report.tasks[2];
    let possible = task.files[1].clone();
    task.files = vec![possible; 20];
    task.files[0].witnesses[0].hunks = vec![(1, 2); 20];
    let page = plain(&report);
    assert_eq!(page.matches("    src/a.py\n").count(), 8);
    assert!(page.contains("    and 12 more, which `--format json` lists\n"), "{page}");
    assert!(page.contains("and 14 more\n"), "{page}");
}

#[test]
fn without_history_the_reason_is_given() {
    let mut report = complete_plan();
    report.history.head = None;
    report.history.worktree = false;
    report.history.reason = Some("`plans` is not in a repository".to_owned());
    assert!(
        plain(&report).contains("  history: none, the records stand alone: `plans` is not in a repository\n")
    );
    report.history.reason = None;
    report.history.worktree = true;
    assert!(plain(&report).contains("  history: uncommitted changes only\n"));
}

#[test]
fn tasks_without_a_trace_and_notes_are_told_apart() {
    let mut report = sample::report();
    let task = &mut report.tasks[2];
    (task.outcome, task.files) = (Outcome::NoEvidence, Vec::new());
    assert!(plain(&report).contains("\nT10 lacks `files_changed`; no trace was found\n"));
    report.tasks[2].gap.missing = vec![crate::model::Field::Notes];
    assert!(plain(&report).contains("\nT10 lacks `executor_notes`, which only its executor can write\n"));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let report = sample::report();
    let coloured = text(&report, &Look { colour: true, width: 80 });
    assert!(coloured.contains("\u{1b}[1m"));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a valid pattern");
    assert_eq!(escapes.replace_all(&coloured, ""), plain(&report));
}

#[test]
fn a_masked_answer_says_so() {
    let mut report = sample::report();
    let question = &mut report.repair_request.as_mut().expect("a request").tasks[0];
    question.answer = r#"{"task_id": "T10", "commands_run": ["run --token abc"]}"#.to_owned();
    let page = plain(&report);
    assert!(page.contains(r#"    {"task_id":"T10","commands_run":["run --token ***"]}"#), "{page}");
    assert!(page.contains("A secret is masked as `***`"), "{page}");
}
