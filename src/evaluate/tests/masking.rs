use super::*;
use crate::config::Config;
use crate::model::{Artifact, ChangeKind, Kind, Label, Review, Status};

fn names(case: &Case) -> Vec<&str> {
    case.hidden.keys().map(|task| task.0.as_str()).collect()
}

#[test]
fn every_scheme_has_its_cases_and_both_forms_hide_the_same_tasks() {
    let cases = cases(four(), past());
    let scenarios: Vec<&str> = cases.iter().map(|case| case.scenario.as_str()).collect();
    assert_eq!(scenarios, Scheme::ALL.map(Scheme::name));
    for pair in cases.chunks(2) {
        assert_eq!(names(&pair[0]), names(&pair[1]), "{}", pair[0].scenario);
    }
    assert_eq!(case(&cases, "one-per-batch").hidden.len(), 2);
    assert_eq!(case(&cases, "several").hidden.len(), 2);
    assert_eq!(names(case(&cases, "whole-batches")), ["T2", "T3", "T4"]);
    assert_eq!(case(&cases, "absent").hidden.len(), 2);
}

#[test]
fn the_truth_is_the_record_and_its_done_rows() {
    let mut plan = four();
    plan.tasks[1].files_changed = vec!["src/b.rs".into(), ".megaplan/notes.md".into()];
    plan.rows.push(row(2, "T2", "done", &["./src//b2.rs"], &[" make b2 "]));
    plan.rows.push(row(2, "T2", "pending", &["src/b3.rs"], &["make b3"]));
    plan.rows.push(row(9, "T2", "done", &["src/left_over.rs"], &[]));
    let mut guess = row(2, "T2", "done", &["src/guess.rs"], &[]);
    guess.guessed_files = true;
    plan.rows.push(guess);
    let cases = cases(plan, past());
    let truth = &case(&cases, "whole-batches").hidden[&id("T2")];
    assert_eq!(truth.files.iter().collect::<Vec<_>>(), ["src/b.rs", "src/b2.rs"]);
    assert_eq!(truth.commands.iter().flatten().collect::<Vec<_>>(), ["make b", "make b2"]);
}

#[test]
fn only_what_would_be_missed_and_is_no_guess_is_hidden() {
    let mut plan = four();
    plan.tasks[0].guessed_files = true;
    plan.tasks[1].status = Status::Pending;
    plan.tasks[1].status_word = "pending".into();
    plan.tasks[2].kind = Kind::Audit;
    plan.tasks[2].executor_notes = "x".repeat(100);
    let cases = cases(plan, past());
    assert!(cases.iter().all(|case| names(case) == ["T4"]), "{cases:#?}");
    assert!(cases.iter().all(|case| !case.scenario.starts_with("whole")), "one task is no batch");
}

#[test]
fn masking_takes_claims_and_leaves_words() {
    let mut plan = four();
    plan.tasks[1].sections_written = vec!["One".into()];
    plan.tasks[1].truthy.sections = true;
    plan.artifacts.insert(Artifact { name: "finalize.json".into(), text: "src/b.rs".into(), document: None });
    let cases = cases(plan, past());
    let masked = &case(&cases, "whole-batches").plan;
    assert!(masked.artifacts.iter().next().is_none(), "their text holds what is hidden");
    let second = &masked.tasks[1];
    assert!(second.files_changed.is_empty() && second.commands_run.is_empty());
    assert!(!second.truthy.files && !second.truthy.commands && second.truthy.sections);
    assert_eq!(second.executor_notes, "T2 is done.");
    assert!(masked.rows[1..].iter().all(|row| row.files.is_empty() && row.commands.is_empty()));
    assert_eq!((masked.rows[0].files.len(), masked.tasks[0].files_changed.len()), (1, 1));
    assert_eq!(masked.batches[1].files.as_ref().map(Vec::len), Some(4));
    let bare = &case(&cases, "whole-batches, git only").plan;
    assert!(bare.batches.iter().all(|batch| batch.files == Some(vec![]) && batch.commands == Some(vec![])));
}

#[test]
fn git_only_asks_for_what_the_range_changed() {
    let mut plan = four();
    for task in &mut plan.tasks {
        task.files_changed.push(format!("docs/{}.md", task.id));
    }
    let cases = cases(plan, past());
    let case = case(&cases, "whole-batches, git only");
    let truth = &case.hidden[&id("T2")];
    assert_eq!(truth.files.iter().collect::<Vec<_>>(), ["src/b.rs"]);
    assert_eq!(truth.unsure.iter().collect::<Vec<_>>(), ["docs/T2.md"]);
    assert_eq!(truth.commands, None);
}

#[test]
fn without_history_git_is_not_asked() {
    let cases = cases(four(), crate::model::History::absent("no repository"));
    let scenarios: Vec<&str> = cases.iter().map(|case| case.scenario.as_str()).collect();
    assert_eq!(scenarios, ["one-per-batch", "several", "whole-batches", "absent", "absent, git only"]);
}

#[test]
fn commands_of_a_batch_of_one_may_be_its_task_s() {
    let mut plan = four();
    plan.batches[0].commands = Some(vec!["make a".into(), "make all".into()]);
    let cases = cases(plan, past());
    let truth = &case(&cases, "one-per-batch").hidden[&id("T1")];
    assert_eq!(truth.unsure.iter().collect::<Vec<_>>(), ["make all"]);
}

#[test]
fn of_absent_tasks_nothing_is_left() {
    let mut plan = four();
    let review = |task: &str, file: &str| (id(task), vec![file.to_owned()], String::new());
    let evidence = vec![
        review("T1", "src/a.rs"),
        review("T2", "src/b.rs"),
        review("T3", "src/c.rs"),
        review("T4", "src/d.rs"),
    ];
    plan.review = Some(Review { evidence, ..Review::default() });
    let mut past = past();
    past.commits.iter_mut().for_each(|commit| commit.changes[0].kind = ChangeKind::Added);
    let cases = cases(plan, past);
    let case = case(&cases, "absent");
    assert!(case.hidden.values().all(|truth| truth.is_absent && truth.files.is_empty()));
    let left = format!("{:?}{:?}{:?}", case.plan, case.history.commits, case.history.reach);
    for (task, file) in [("T1", "src/a.rs"), ("T2", "src/b.rs"), ("T3", "src/c.rs"), ("T4", "src/d.rs")] {
        assert_eq!(left.contains(file), !case.hidden.contains_key(&id(task)), "{file}");
    }
    assert!(!format!("{:?}", case.plan).contains("src/extra.rs"), "nobody claims it, so it may be theirs");
    let scores = score(case, &Config::default()).unwrap();
    assert!(scores.tasks.iter().all(|task| task.is_absent && task.files.items.is_empty()), "{scores:#?}");
}

#[test]
fn a_commit_of_many_keeps_what_others_claim() {
    let bundle = commit("x", "Everything", &["src/a.rs", "src/b.rs", "src/c.rs", "src/d.rs", "src/extra.rs"]);
    let cases = cases(four(), history(vec![bundle], &[]));
    let case = case(&cases, "absent");
    let kept: Vec<&str> = case.history.commits[0].changes.iter().map(|change| change.path.as_str()).collect();
    let claimed =
        |path: &&str| case.plan.tasks.iter().any(|task| task.files_changed.contains(&(*path).to_owned()));
    assert!(kept.len() == 2 && kept.iter().all(claimed), "{kept:?}");
}

#[test]
fn a_task_that_a_commit_still_names_is_no_control() {
    let mut commits = past().commits;
    commits.push(commit("x", "T1, t2, T3 and T4: tidy up", &["src/other.rs"]));
    let cases = cases(four(), history(commits, &[]));
    assert!(cases.iter().all(|case| !case.scenario.starts_with("absent")));
}

#[test]
fn labels_are_placed_and_commands_trimmed() {
    let label = Label {
        files: vec!["./src/a.rs".into(), "app/src/b.rs".into(), "__pycache__/x".into()],
        commands: Some(vec![" make a ".into()]),
        unsure: vec!["src//c.rs".into(), "make c ".into()],
        absent: false,
    };
    let labels = [(id("T1"), label)].into();
    let case = labelled(subject(four(), past()), "theirs", &labels);
    let truth = &case.hidden[&id("T1")];
    assert_eq!(truth.files.iter().collect::<Vec<_>>(), ["src/a.rs", "src/b.rs"]);
    assert_eq!(truth.commands.iter().flatten().collect::<Vec<_>>(), ["make a"]);
    assert!(truth.unsure.contains("src/c.rs") && truth.unsure.contains("make c"));
    assert_eq!(
        (case.scenario.as_str(), case.group.as_str(), case.name.as_str()),
        ("theirs", "group", "plan")
    );
}
