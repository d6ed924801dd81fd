//! The ladder as a whole, on literals: what fills, what asks, and what leaves alone.

mod properties;

use super::*;
use crate::model::testing::{batch, commit, history, ids, plan, row, task};
use crate::model::{AnswerContent, Decision, Kind, Outcome as Verdict, Review, Task};

/// A plan in which `T2` and `T3` depend on `T1`; `T2` is hollow.
fn three() -> Plan {
    let claimed = |id: &str, file: &str| {
        let mut task = task(id);
        task.files_changed = vec![file.to_owned()];
        task.truthy.files = true;
        task
    };
    let mut hollow = task("T2");
    hollow.depends_on = ids(&["T1"]);
    let mut third = claimed("T3", "c.rs");
    third.depends_on = ids(&["T1"]);
    let mut plan = plan(vec![claimed("T1", "a.rs"), hollow, third]);
    plan.batches = vec![batch(1, &["T1"]), batch(2, &["T2", "T3"])];
    plan
}

fn lists(plan: &mut Plan, number: usize, files: &[&str], commands: &[&str]) {
    let strings = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
    plan.batches[number - 1].files = strings(files);
    plan.batches[number - 1].commands = strings(commands);
}

fn run_with(plan: &Plan, history: &History, answers: &[Answer]) -> Result<Outcome, RefusedAnswer> {
    let mut paths = ProjectPaths { known: history.reach.existing.clone(), ..ProjectPaths::default() };
    for path in &paths.known {
        *paths.base_names.entry(path.rsplit('/').next().unwrap().to_owned()).or_insert(0) += 1;
    }
    attribute(&Input { plan, history, paths: &paths, answers, config: &Config::default() })
}

fn run(plan: &Plan, history: &History) -> Outcome {
    run_with(plan, history, &[]).unwrap()
}

/// Outcome, filled files, filled commands, everything else that was listed.
type Answered<'a> = (Verdict, Vec<&'a str>, Vec<&'a str>, Vec<(&'a str, Decision)>);

/// The answer about `T2`.
fn second(outcome: &Outcome) -> Answered<'_> {
    let answer = &outcome.attributions[1];
    let (filled, rest): (Vec<_>, Vec<_>) =
        answer.files.iter().partition(|file| file.decision == Decision::Backfill);
    let commands = answer.commands.iter().filter(|command| command.decision == Decision::Backfill);
    (
        answer.outcome,
        filled.iter().map(|file| file.path.as_str()).collect(),
        commands.map(|command| command.command.as_str()).collect(),
        rest.iter().map(|file| (file.path.as_str(), file.decision)).collect(),
    )
}

fn no_history() -> History {
    History::absent("none")
}

#[test]
fn own_rows_are_united_in_the_order_of_the_files() {
    let mut plan = three();
    plan.rows = vec![
        row(1, "T2", "done", &["z.rs"], &["make"]),
        row(2, "T2", "done", &["b.rs", "./z.rs"], &["make", "test"]),
    ];
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome), (Verdict::Backfill, vec!["z.rs", "b.rs"], vec!["make", "test"], vec![]));
    assert!(outcome.request.is_none());
    assert_eq!(outcome.status, PlanStatus::BlockedMetadata);
}

#[test]
fn rows_that_are_not_done_or_were_guessed_prove_nothing() {
    let mut plan = three();
    let mut guessed = row(2, "T2", "done", &["g.rs"], &[]);
    guessed.guessed_files = true;
    plan.rows = vec![row(2, "T2", "blocked", &["b.rs"], &["make"]), guessed];
    let outcome = run(&plan, &no_history());
    let (verdict, files, commands, rest) = second(&outcome);
    assert_eq!((verdict, files, commands), (Verdict::Ambiguous, vec![], vec![]));
    assert_eq!(rest, [("b.rs", Decision::Candidate), ("g.rs", Decision::Candidate)]);
    assert!(outcome.findings.iter().any(|finding| finding.code == crate::model::Code::StaleStatus));
}

#[test]
fn what_was_inferred_proves_nothing_in_a_row_either() {
    let mut plan = three();
    let mut inferred = row(2, "T2", "done", &["b.rs"], &["make"]);
    (inferred.inferred_files, inferred.inferred_commands) = (true, true);
    plan.rows = vec![inferred];
    let outcome = run(&plan, &no_history());
    let (verdict, files, commands, _) = second(&outcome);
    assert_eq!((verdict, files, commands), (Verdict::Ambiguous, vec![], vec![]));
    let claims = Context::new(&Input {
        plan: &plan,
        history: &no_history(),
        paths: &ProjectPaths::default(),
        answers: &[],
        config: &Config::default(),
    })
    .claims
    .len();
    plan.rows[0].inferred_files = false;
    let outcome = run(&plan, &no_history());
    let (verdict, files, _, _) = second(&outcome);
    assert_eq!((verdict, files, claims), (Verdict::Backfill, vec!["b.rs"], 2), "T1 and T3 own theirs");
}

#[test]
fn rows_of_a_batch_that_the_plan_does_not_have_are_left_over() {
    let mut plan = three();
    plan.rows = vec![row(7, "T2", "done", &["old.rs"], &[])];
    plan.batches.push(batch(7, &["T2"]));
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome).0, Verdict::NoEvidence);
    assert!(outcome.findings.iter().any(|finding| finding.code == crate::model::Code::LeftOver));
}

#[test]
fn a_claim_that_git_contradicts_is_rejected_and_the_rest_stands() {
    let mut plan = three();
    plan.rows = vec![row(2, "T2", "done", &["b.rs", "gone.rs", "still.rs"], &[])];
    let outcome = run(&plan, &history(vec![commit("1", "x", &["b.rs"])], &["still.rs"]));
    let (verdict, files, _, rest) = second(&outcome);
    assert_eq!((verdict, files), (Verdict::Backfill, vec!["b.rs", "still.rs"]));
    assert_eq!(rest, [("gone.rs", Decision::Rejected)]);
    let answer = &outcome.attributions[1].files;
    assert!(answer[0].confidence > answer[1].confidence, "a change that git shows is surer");
}

#[test]
fn rows_of_which_nothing_changed_are_asked_about() {
    let mut plan = three();
    plan.rows = vec![row(2, "T2", "done", &["still.rs"], &[])];
    let outcome = run(&plan, &history(vec![commit("1", "x", &["b.rs"])], &["still.rs"]));
    assert_eq!(second(&outcome).0, Verdict::Ambiguous);
    let empty = run(&plan, &history(vec![], &["still.rs"]));
    assert_eq!(second(&empty).1, ["still.rs"], "a range in which nothing happened says nothing");
}

#[test]
fn only_mates_whose_own_files_are_certain_leave_the_rest_to_others() {
    let mut plan = three();
    plan.tasks[2] = Task { depends_on: ids(&["T1"]), ..task("T3") };
    lists(&mut plan, 2, &["b.rs", "c.rs"], &[]);
    for doubtful in [row(2, "T3", "blocked", &["c.rs"], &[]), row(9, "T3", "done", &["old.rs"], &[])] {
        plan.rows = vec![doubtful];
        assert_eq!(second(&run(&plan, &no_history())).0, Verdict::Ambiguous);
    }
    plan.rows = vec![row(2, "T3", "done", &["ghost.rs"], &[])];
    let history = history(vec![commit("1", "x", &["b.rs", "c.rs"])], &[]);
    assert_eq!(second(&run(&plan, &history)).0, Verdict::Ambiguous, "a rejected claim settles nothing");
}

#[test]
fn a_directory_covers_what_is_below_it() {
    let mut plan = three();
    plan.tasks[2].files_changed = vec!["src".into()];
    lists(&mut plan, 2, &["src/b.rs", "b.rs"], &[]);
    assert_eq!(second(&run(&plan, &no_history())).1, ["b.rs"]);
    plan.tasks[2].files_changed = vec!["src/c.rs".into()];
    lists(&mut plan, 2, &["src"], &[]);
    let history = history(vec![commit("1", "x", &["src/b.rs", "src/c.rs"])], &[]);
    assert_eq!(second(&run(&plan, &history)).0, Verdict::Ambiguous);
}

#[test]
fn commits_that_contradict_the_batch_s_list_are_asked_about() {
    let mut plan = three();
    plan.tasks.push(Task { depends_on: ids(&["T1"]), ..task("T4") });
    plan.batches[1] = batch(2, &["T2", "T3", "T4"]);
    lists(&mut plan, 2, &["b.rs"], &[]);
    let commits = vec![commit("1", "Undo what T2 broke", &["z.rs"]), commit("2", "x", &["b.rs"])];
    assert_eq!(second(&run(&plan, &history(commits, &[]))).0, Verdict::Ambiguous);
}

#[test]
fn a_description_that_leaves_a_file_alone_links_nothing() {
    let mut plan = three();
    plan.tasks[1].description = "Audit the callers; do not change b.rs.".into();
    let history = history(vec![commit("1", "x", &["b.rs"])], &[]);
    assert_eq!(second(&run(&plan, &history)).0, Verdict::Ambiguous);
}

#[test]
fn without_a_base_ids_and_descriptions_only_suggest() {
    let mut history = history(vec![commit("1", "T2: add", &["b.rs"])], &[]);
    history.base_source = crate::model::BaseSource::None;
    assert_eq!(second(&run(&three(), &history)).0, Verdict::Ambiguous);
}

#[test]
fn what_history_cannot_speak_about_is_no_contradiction() {
    let mut plan = three();
    plan.rows = vec![row(2, "T2", "done", &["vendor/lib/x.c", "/elsewhere/y.c", "build/z.o"], &[])];
    let mut history = history(vec![commit("1", "x", &["b.rs"])], &[]);
    history.reach.foreign = vec!["vendor/lib".to_owned()];
    history.reach.ignored.insert("build/z.o".to_owned());
    let outcome = run(&plan, &history);
    assert_eq!(second(&outcome).1, ["vendor/lib/x.c", "/elsewhere/y.c", "build/z.o"]);
}

#[test]
fn a_faithful_list_less_its_mates_claims_is_the_hollow_task_s() {
    let mut plan = three();
    plan.rows = vec![row(2, "T2", "done", &[], &[]), row(2, "T3", "blocked", &["d.rs"], &[])];
    lists(&mut plan, 2, &["b.rs", "c.rs", "d.rs", ".megaplan/x", "execution_batch_2.json"], &["make"]);
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome), (Verdict::Backfill, vec!["b.rs"], vec![], vec![]));
}

#[test]
fn commands_of_a_list_need_a_batch_of_one() {
    let mut plan = three();
    plan.tasks[2].depends_on = ids(&["T2"]);
    plan.batches = vec![batch(1, &["T1"]), batch(2, &["T2"]), batch(3, &["T3"])];
    lists(&mut plan, 2, &["b.rs"], &["make", "make test"]);
    assert_eq!(second(&run(&plan, &no_history())).2, ["make", "make test"]);
}

#[test]
fn two_hollow_mates_are_one_question() {
    let mut plan = three();
    plan.tasks[2] = {
        let mut t = task("T3");
        t.depends_on = ids(&["T1"]);
        t
    };
    lists(&mut plan, 2, &["b.rs", "c.rs"], &["make"]);
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome).0, Verdict::Ambiguous);
    let request = outcome.request.unwrap();
    let asked: Vec<&str> = request.tasks.iter().map(|question| question.task.0.as_str()).collect();
    assert_eq!(asked, ["T2", "T3"]);
    assert_eq!(request.tasks[0].candidate_files, ["b.rs", "c.rs"]);
    assert_eq!(request.tasks[0].candidate_commands, ["make"]);
    assert_eq!(
        request.tasks[0].answer,
        r#"{"task_id":"T2","files_changed":["b.rs","c.rs"],"commands_run":["make"]}"#
    );
}

#[test]
fn a_rerun_s_lists_prove_nothing() {
    let mut plan = three();
    plan.batches = vec![batch(1, &["T1", "T2", "T3"])];
    lists(&mut plan, 1, &["a.rs", "b.rs", "c.rs"], &["make"]);
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome).0, Verdict::Ambiguous);
}

#[test]
fn a_first_batch_whose_list_covers_later_ones_was_written_by_a_rerun() {
    let mut plan = three();
    plan.tasks[0] = task("T1");
    plan.tasks[1].files_changed = vec!["b.rs".into()];
    plan.tasks[1].truthy.files = true;
    plan.batches.truncate(1);
    lists(&mut plan, 1, &["a.rs", "b.rs", "c.rs"], &[]);
    assert_eq!(run(&plan, &no_history()).attributions[0].outcome, Verdict::Ambiguous);
}

#[test]
fn files_that_were_there_before_the_range_are_only_candidates() {
    let mut plan = three();
    lists(&mut plan, 2, &["b.rs", "older.rs", "c.rs"], &[]);
    let history = history(vec![commit("1", "megaplan: p execute", &["b.rs", "c.rs"])], &["older.rs"]);
    let outcome = run(&plan, &history);
    let (_, files, _, rest) = second(&outcome);
    assert_eq!((files, rest), (vec!["b.rs"], vec![("older.rs", Decision::Candidate)]));
}

#[test]
fn a_list_that_falls_apart_into_unrelated_commits_asks() {
    let mut plan = three();
    lists(&mut plan, 2, &["b.rs", "noise.rs", "c.rs"], &[]);
    let commits = vec![commit("1", "one", &["b.rs"]), commit("2", "two", &["noise.rs"])];
    assert_eq!(second(&run(&plan, &history(commits, &[]))).0, Verdict::Ambiguous);
    let joined = vec![commit("1", "one", &["b.rs"]), commit("2", "two", &["noise.rs", "b.rs"])];
    assert_eq!(second(&run(&plan, &history(joined, &[]))).1, ["b.rs", "noise.rs"]);
}

#[test]
fn commits_that_name_the_task_are_its_own() {
    let commits = vec![
        commit("1", "T2: add", &["b.rs"]),
        commit("3", "T20: other", &["other.rs"]),
        commit("4", "Revert \"T2: add\"", &["reverted.rs"]),
    ];
    let outcome = run(&three(), &history(commits, &[]));
    assert_eq!(second(&outcome).1, ["b.rs"]);
}

#[test]
fn a_commit_of_two_tasks_is_both_s_unless_records_tell_them_apart() {
    let filled = |plan: &Plan, files: &[&str]| {
        let outcome = run(plan, &history(vec![commit("1", "T2 and T3", files)], &[]));
        second(&outcome).1.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut plan = three();
    assert_eq!(filled(&plan, &["b.rs", "c.rs"]), ["b.rs"], "T3's row has the rest");
    assert_eq!(filled(&plan, &["c.rs"]), ["c.rs"], "T3's row has all of it");
    plan.tasks[2] = Task { truthy: task("T3").truthy, files_changed: Vec::new(), ..plan.tasks[2].clone() };
    assert_eq!(filled(&plan, &["b.rs", "d.rs"]), ["b.rs", "d.rs"], "nothing tells them apart");
}

#[test]
fn a_reviewer_s_citation_counts_for_one_task_only() {
    let mut plan = three();
    let cite = |id: &str, files: &[&str]| {
        (id.into(), files.iter().map(|file| (*file).to_owned()).collect(), String::new())
    };
    let evidence = vec![cite("T2", &["b.rs", "shared.rs", "unchanged.rs"]), cite("T3", &["shared.rs"])];
    plan.review = Some(Review { evidence, ..Review::default() });
    let history = history(vec![commit("1", "x", &["b.rs", "shared.rs"])], &["unchanged.rs"]);
    let outcome = run(&plan, &history);
    let (verdict, files, _, rest) = second(&outcome);
    assert_eq!(
        (verdict, files, rest),
        (Verdict::Backfill, vec!["b.rs"], vec![("shared.rs", Decision::Candidate)])
    );
}

#[test]
fn an_unclaimed_change_that_the_only_hollow_task_names_is_its_own() {
    let mut plan = three();
    plan.tasks[1].description = "Rewrite the parser in b.rs.".into();
    let history = history(vec![commit("1", "x", &["a.rs", "b.rs", "Cargo.lock", "zz.rs"])], &[]);
    assert_eq!(second(&run(&plan, &history)).1, ["b.rs"]);
    plan.tasks.push(task("T4"));
    let outcome = run(&plan, &history);
    let (verdict, files, _, rest) = second(&outcome);
    assert_eq!((verdict, files, rest), (Verdict::Ambiguous, vec![], vec![("b.rs", Decision::Candidate)]));
}

#[test]
fn unclaimed_changes_that_nothing_links_are_candidates() {
    let history = history(vec![commit("1", "x", &["a.rs", "b.rs", "Cargo.lock", "zz.rs"])], &[]);
    let outcome = run(&three(), &history);
    let (verdict, files, _, rest) = second(&outcome);
    assert_eq!((verdict, files), (Verdict::Ambiguous, vec![]));
    assert_eq!(rest, [("b.rs", Decision::Candidate), ("zz.rs", Decision::Candidate)]);
}

#[test]
fn what_one_answer_settles_decides_the_next() {
    let mut plan = three();
    plan.tasks[2] = Task { depends_on: ids(&["T1"]), ..task("T3") };
    plan.rows = vec![row(1, "T3", "done", &["c.rs"], &[])];
    lists(&mut plan, 2, &["b.rs", "c.rs"], &[]);
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome).1, ["b.rs"]);
}

#[test]
fn audits_are_never_given_files() {
    let mut plan = three();
    plan.tasks[1].kind = Kind::Audit;
    lists(&mut plan, 2, &["b.rs", "c.rs"], &["make"]);
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome), (Verdict::NoEvidence, vec![], vec![], vec![]));
}

#[test]
fn tasks_that_are_not_done_are_left_alone() {
    let mut plan = three();
    plan.tasks[1] =
        Task { status: crate::model::Status::Pending, status_word: "pending".into(), ..task("T2") };
    plan.rows = vec![row(2, "T2", "done", &["b.rs"], &[])];
    let outcome = run(&plan, &no_history());
    assert_eq!(second(&outcome), (Verdict::None, vec![], vec![], vec![]));
    assert_eq!(outcome.status, PlanStatus::BlockedImplementation);
}

#[test]
fn an_answer_outranks_records_and_is_checked_against_git() {
    let mut plan = three();
    plan.rows = vec![row(2, "T2", "done", &["b.rs"], &["make"])];
    let history = history(vec![commit("1", "x", &["b.rs", "d.rs"])], &[]);
    let answer = |files: &[&str], force: bool| Answer {
        task: "T2".into(),
        content: AnswerContent::Evidence {
            files: files.iter().map(|file| (*file).to_owned()).collect(),
            commands: vec![],
            force,
        },
        line: 3,
    };
    let outcome = run_with(&plan, &history, &[answer(&["d.rs"], false)]).unwrap();
    assert_eq!(second(&outcome).1, ["d.rs"]);
    let refused = run_with(&plan, &history, &[answer(&["new.rs"], false)]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "answers line 3: git has never seen `new.rs`: correct it, or add `\"force\": true`"
    );
    let forced = run_with(&plan, &history, &[answer(&["new.rs"], true)]).unwrap();
    assert_eq!(second(&forced).1, ["new.rs"]);
}

#[test]
fn a_declared_empty_task_gets_a_statement_and_no_files() {
    let answer =
        Answer { task: "T2".into(), content: AnswerContent::Empty { reason: "only asked".into() }, line: 1 };
    let outcome = run_with(&three(), &no_history(), &[answer]).unwrap();
    let (verdict, files, commands, _) = second(&outcome);
    assert_eq!((verdict, files), (Verdict::Backfill, vec![]));
    assert_eq!(commands, ["(none: only asked; declared by the operator)"]);
}

#[test]
fn recorded_evidence_is_shown_beside_what_git_says() {
    let history = history(vec![commit("1", "x", &["a.rs"])], &[]);
    let outcome = run(&three(), &history);
    assert_eq!(outcome.attributions[0].files[0].decision, Decision::Recorded);
    assert_eq!(outcome.attributions[2].files[0].decision, Decision::Rejected);
    assert_eq!(outcome.attributions[2].outcome, Verdict::None);
}
