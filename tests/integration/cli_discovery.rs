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
