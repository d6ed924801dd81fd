//! `--plan` and what is found without it.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::support::project::{PLAN, Run, Stage, write_plan};

fn shown(run: &Run) -> PathBuf {
    let report = run.json();
    PathBuf::from(report["plan"]["directory"].as_str().expect("a directory"))
}

fn same(a: &Path, b: &Path) -> bool {
    fs::canonicalize(a).expect("a path") == fs::canonicalize(b).expect("a path")
}

const REPORT: [&str; 3] = ["attribute", "--format", "json"];

#[test]
fn a_plan_is_found_from_everywhere_around_it() {
    let stage = Stage::with_git();
    let nested = stage.project.join("src/deep/er");
    fs::create_dir_all(&nested).unwrap();
    let above = stage.project.parent().unwrap().to_path_buf();
    for start in [&stage.plan, &stage.project, &nested, &above, &stage.project.join(".megaplan/plans")] {
        let run = stage.run_in(start, REPORT).ends(10);
        assert!(same(&start.join(shown(&run)), &stage.plan), "from {}", start.display());
        assert_eq!(run.json()["history"]["commits"], 2, "from {}", start.display());
    }
}

#[test]
fn a_plan_can_be_named_or_pointed_at() {
    let stage = Stage::with_git();
    let nested = stage.project.join("src");
    // A directory of the project that is called like the plan is not the plan.
    fs::create_dir(nested.join(PLAN)).unwrap();
    let absolute = stage.plan.display().to_string();
    let relative = format!("../.megaplan/plans/{PLAN}");
    for plan in [absolute.as_str(), &format!("{absolute}/"), &relative, PLAN] {
        let run = stage.run_in(&nested, REPORT.into_iter().chain(["--plan", plan])).ends(10);
        assert!(same(&nested.join(shown(&run)), &stage.plan), "--plan {plan}");
    }
}

#[test]
fn of_two_plans_with_one_name_the_nearest_is_meant() {
    let stage = Stage::new();
    let inner = stage.project.join("aaa");
    let near = inner.join(".megaplan/plans").join(PLAN);
    write_plan(&near);
    let run = stage.run_in(&inner, REPORT.into_iter().chain(["--plan", PLAN])).ends(10);
    assert!(same(&shown(&run), &near));
    // Without the name both are possible, and the names alone would not help.
    let error = stage.run_in(&inner, REPORT).fails(2, &["several plans", "`--plan`"]);
    assert!(error.err.contains(&*near.to_string_lossy()), "{}", error.err);
}

#[test]
fn an_orphan_in_the_home_directory_is_found() {
    let stage = Stage::with_git();
    let git_dir = fs::canonicalize(stage.project.join(".git")).unwrap();
    let digest = Sha256::digest(git_dir.to_string_lossy().as_bytes());
    let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let store = format!(".megaplan/project-{}/orphan_plans", &digest.concat()[..12]);
    let orphan = stage.home.join(store).join("lost-20260601-0900");
    write_plan(&orphan);
    fs::remove_dir_all(stage.project.join(".megaplan")).unwrap();
    let run = stage.run_in(&stage.project.join("src"), REPORT).ends(10);
    assert!(same(&shown(&run), &orphan));
    // The plan lies elsewhere, and the history is still the project's.
    assert!(run.json()["history"]["head"].is_string(), "{:#}", run.json());
    let linked = stage.git.scratch.path().join("linked");
    stage.git.run(["worktree", "add", "-q", "--detach", linked.to_str().unwrap()]);
    let run = stage.run_in(&linked, REPORT).ends(10);
    assert!(same(&shown(&run), &orphan));
}

#[test]
fn neighbours_that_are_no_plans_are_skipped() {
    let stage = Stage::new();
    let plans = stage.project.join(".megaplan/plans");
    fs::create_dir_all(plans.join(".chains")).unwrap();
    fs::write(plans.join(".chains/chain-0123456789ab.json"), "{}").unwrap();
    fs::create_dir_all(plans.join("notes")).unwrap();
    fs::write(plans.join("README.md"), "plans").unwrap();
    std::os::unix::fs::symlink(".", plans.join("loop")).unwrap();
    stage.run(REPORT).ends(10);
}

#[test]
fn plans_that_are_over_are_passed_over() {
    let stage = Stage::new();
    for state in ["done", "aborted", "cancelled"] {
        let over = stage.project.join(".megaplan/plans").join(state);
        write_plan(&over);
        fs::write(over.join("state.json"), format!("{{\"current_state\": \"{state}\"}}")).unwrap();
    }
    let run = stage.run(REPORT).ends(10);
    assert!(same(&shown(&run), &stage.plan));
    // By name, and as the only one, a plan that is over is still a plan.
    assert!(shown(&stage.run(REPORT.into_iter().chain(["--plan", "aborted"])).ends(10)).ends_with("aborted"));
    fs::remove_dir_all(&stage.plan).unwrap();
    stage.run(REPORT).fails(2, &["aborted, cancelled, done"]);
    fs::remove_dir_all(stage.project.join(".megaplan/plans/aborted")).unwrap();
    fs::remove_dir_all(stage.project.join(".megaplan/plans/cancelled")).unwrap();
    assert!(shown(&stage.run(REPORT).ends(10)).ends_with("done"));
}

#[test]
fn several_plans_are_listed() {
    let stage = Stage::new();
    write_plan(&stage.project.join(".megaplan/plans/other"));
    for start in [&stage.project, stage.project.parent().unwrap()] {
        stage.run_in(start, REPORT).fails(2, &[&format!("other, {PLAN}"), "name one with `--plan`"]);
    }
}

#[test]
fn what_is_no_plan_says_what_is_missing() {
    let stage = Stage::new();
    let empty = stage.git.scratch.path().join("empty");
    fs::create_dir(&empty).unwrap();
    stage.run_in(&empty, REPORT).fails(3, &["no plan found", "state.json", ".megaplan/plans/"]);
    stage.run_in(&empty, ["attribute", "--plan", "nope"]).fails(3, &["no plan found", "nope"]);
    stage.run_in(&empty, ["attribute", "--plan", "/nope/nope"]).fails(3, &["no plan found"]);
    stage.run_in(&empty, ["attribute", "--plan", "."]).fails(3, &["not a plan", "state.json"]);
    stage.run(["attribute", "--plan", "src/../.megaplan"]).fails(3, &["no plan found"]);
    stage
        .run(["attribute", "--plan", "widgets-20260601-0901"])
        .fails(3, &["no plan found", "did you mean `widgets-20260601-0900`?"]);
    stage.run(["attribute", "--plan", "nope"]).fails(3, &["`nope`", "there are: widgets-20260601-0900"]);
    stage.run(["attribute", "--plan", ".megaplan/plans"]).fails(3, &["not a plan", "state.json"]);
    fs::remove_file(stage.path("finalize.json")).unwrap();
    stage.run(REPORT).fails(1, &["finalize.json", "finalize the plan"]);
    stage.run(["check"]).fails(1, &["finalize.json"]);
}

/// A project with both lists beside each other, one task open in each.
fn write_lists(project: &Path) {
    let feature = project.join("specs/001-login");
    for directory in [project.join(".taskmaster/tasks"), feature.clone(), project.join(".specify")] {
        fs::create_dir_all(directory).expect("a list");
    }
    let task = r#"{"master": {"tasks": [{"id": 1, "title": "Log in", "status": "pending"}]}}"#;
    fs::write(project.join(".taskmaster/tasks/tasks.json"), task).expect("a list");
    fs::write(feature.join("tasks.md"), "- [ ] T001 Log in\n").expect("a list");
}

#[test]
fn a_plan_of_the_harness_means_the_same_with_task_lists_beside_it() {
    let stage = Stage::with_git();
    write_lists(&stage.project);
    for start in [&stage.project, &stage.project.join(".taskmaster/tasks/.."), &stage.project.join("src")] {
        let run = stage.run_in(start, REPORT).ends(10);
        assert!(same(&start.join(shown(&run)), &stage.plan), "from {}", start.display());
    }
}

#[test]
fn task_lists_are_found_where_the_harness_has_no_plan() {
    let stage = Stage::with_git();
    write_lists(&stage.project);
    fs::remove_dir_all(stage.project.join(".megaplan")).unwrap();
    let list = stage.project.join(".taskmaster/tasks");
    let above = stage.project.parent().unwrap().to_path_buf();
    for start in [&stage.project, &stage.project.join("src"), &above, &stage.project.join(".taskmaster")] {
        let run = stage.run_in(start, REPORT).ends(12);
        assert!(same(&start.join(shown(&run)), &list), "from {}", start.display());
        assert_eq!(run.json()["plan"]["layout"], "taskmaster");
    }
    let named =
        stage.run_in(&stage.project, REPORT.into_iter().chain(["--plan", "specs/001-login"])).ends(12);
    assert_eq!(named.json()["plan"]["layout"], "spec_kit");
    fs::remove_dir_all(stage.project.join(".taskmaster")).unwrap();
    let run = stage.run_in(&stage.project, REPORT).ends(12);
    assert_eq!(run.json()["plan"]["name"], "001-login");
    // Of several features the only open one is meant.
    let other = stage.project.join("specs/002-logout");
    fs::create_dir_all(&other).unwrap();
    fs::write(other.join("tasks.md"), "- [x] T001 Log out\n").unwrap();
    let run = stage.run_in(&stage.project, REPORT).ends(12);
    assert_eq!(run.json()["plan"]["name"], "001-login");
    fs::write(other.join("tasks.md"), "- [ ] T001 Log out\n").unwrap();
    stage.run_in(&stage.project, REPORT).fails(2, &["several plans", "001-login", "002-logout"]);
}

#[test]
fn a_list_without_a_task_is_no_complete_plan() {
    let stage = Stage::with_git();
    write_lists(&stage.project);
    for (list, text) in [
        (".taskmaster/tasks/tasks.json", "{\"master\": {\"tasks\": []}}"),
        (".taskmaster/tasks/tasks.json", "{\"master\": 7}"),
        ("specs/001-login/tasks.md", "# Tasks\n\n- [x] all of it\n"),
    ] {
        let path = stage.project.join(list);
        fs::write(&path, text).unwrap();
        let plan = path.parent().unwrap().display().to_string();
        let arguments = REPORT.into_iter().chain(["--plan", plan.as_str()]);
        stage.run_in(&stage.project, arguments).fails(1, &["expected a list of tasks"]);
    }
}

#[test]
fn files_that_are_called_like_a_list_are_none() {
    let stage = Stage::with_git();
    fs::remove_dir_all(stage.project.join(".megaplan")).unwrap();
    for (directory, name, text) in
        [("notes", "tasks.md", "- [ ] water the plants\n"), (".vscode", "tasks.json", "{}")]
    {
        let directory = stage.project.join(directory);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(name), text).unwrap();
        stage.run_in(&directory, REPORT).fails(3, &["no plan found"]);
    }
}

#[test]
fn on_the_default_branch_the_plan_of_a_list_starts_where_the_list_was_added() {
    let stage = Stage::with_git();
    fs::remove_dir_all(stage.project.join(".megaplan")).unwrap();
    stage.git.run(["checkout", "-q", "main"]);
    write_lists(&stage.project);
    stage.git.run(["add", "-f", ".taskmaster"]);
    stage.git.run(["commit", "-q", "-m", "The list"]);
    fs::write(stage.project.join("login.py"), "def log_in():\n    return True\n").unwrap();
    stage.git.run(["add", "login.py"]);
    stage.git.run(["commit", "-q", "-m", "task 1: log in"]);
    let done = r#"{"tasks": [{"id": 1, "title": "Log in", "status": "done"}]}"#;
    fs::write(stage.project.join(".taskmaster/tasks/tasks.json"), done).unwrap();
    let report = stage.run_in(&stage.project, REPORT).ends(0).json();
    assert_eq!(
        (&report["history"]["base_source"], &report["history"]["commits"]),
        (&"init_commit".into(), &2.into())
    );
    let files = report["tasks"][0]["files"].as_array().expect("files");
    let told: Vec<_> = files.iter().map(|file| (file["path"].as_str(), file["decision"].as_str())).collect();
    assert_eq!(told, [(Some("login.py"), Some("backfill"))], "and the list itself is nobody's work");
}
