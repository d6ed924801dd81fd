//! What a branch can check out in places that a job names: caches, links where reports go.

use std::fs;
use std::path::Path;

use crate::support::project::{PLAN, Run, Stage, files_below};

const REPORT: [&str; 3] = ["attribute", "--format", "json"];

fn with_cache(stage: &Stage, directory: &str) -> Run {
    stage.run(REPORT.into_iter().chain(["--cache-dir", directory]))
}

#[test]
fn a_cache_that_git_tracks_is_not_used() {
    let stage = Stage::with_git();
    // A place of our own in the checkout is as good as any.
    with_cache(&stage, "kept").ends(10);
    let kept = stage.project.join("kept");
    assert!(!files_below(&kept).is_empty());
    stage.git.run(["add", "-f", "kept"]);
    let before = files_below(&kept);
    for directory in ["kept", "kept/history", "./src/../kept", "KEPT"] {
        let run = with_cache(&stage, directory);
        assert!(
            run.err.contains("is not used: git tracks `") && run.err.contains("--cache-dir"),
            "{}",
            run.err
        );
        assert_eq!(run.out, stage.run(REPORT.into_iter().chain(["--no-cache"])).out);
    }
    assert_eq!(files_below(&kept), before);
    let scan = stage.run(["scan", "--cache-dir", "kept"]);
    assert!(scan.err.contains("is not used") && files_below(&kept) == before, "{}", scan.err);
}

#[test]
fn a_cache_behind_a_tracked_link_is_not_used() {
    let stage = Stage::with_git();
    let elsewhere = stage.git.scratch.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a directory");
    stage.git.symlink("kept", "../elsewhere");
    stage.git.symlink("lost", "../nowhere");
    stage.git.commit("links");
    for directory in ["kept", "kept/below", "lost"] {
        let run = with_cache(&stage, directory);
        assert!(run.err.contains("is not used: git tracks `"), "{}", run.err);
    }
    assert!(files_below(&elsewhere).is_empty() && !stage.git.scratch.path().join("nowhere").exists());
    stage.git.symlink("mine", "../elsewhere");
    // Nobody else made it.
    with_cache(&stage, "mine").ends(10);
    assert!(!files_below(&elsewhere).is_empty());
}

#[test]
fn reports_take_the_place_of_links() {
    let stage = Stage::with_git();
    let victim = stage.git.scratch.path().join("victim");
    fs::write(&victim, "precious").expect("a file");
    stage.git.symlink("report.sarif", "../victim");
    fs::create_dir(stage.project.join("reports")).expect("a directory");
    stage.git.symlink(&format!("reports/{PLAN}.json"), "../../victim");
    stage.git.commit("links");
    stage.run(["check", "--output", "sarif=report.sarif"]).ends(10);
    stage.run(["scan", "--reports", "reports"]).ends(10);
    assert_eq!(fs::read_to_string(&victim).expect("the file"), "precious");
    for report in ["report.sarif", &format!("reports/{PLAN}.json")] {
        let path = stage.project.join(report);
        assert!(path.symlink_metadata().expect("a file").is_file(), "{report}");
        assert!(fs::read_to_string(path).expect("a report").starts_with('{'), "{report}");
    }
    let run = stage.run(["attribute", "--output", "json=/dev/stdout"]).ends(10);
    assert!(run.out.contains("\"command\": \"attribute\"") && run.out.contains("is blocked"), "{}", run.out);
}

#[test]
fn a_directory_behind_a_tracked_link_takes_no_report() {
    let stage = Stage::with_git();
    let elsewhere = stage.git.scratch.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a directory");
    stage.git.symlink("out", "../elsewhere");
    stage.git.commit("a link");
    let refused = |arguments: [&str; 3]| {
        let run = stage.run(arguments);
        assert!(run.code == 1 && run.err.contains("git tracks the link `"), "{run:#?}");
        assert!(run.out.contains(PLAN), "the report is on standard output all the same: {run:#?}");
    };
    refused(["check", "--output", "json=out/a.json"]);
    refused(["scan", "--reports", "out"]);
    refused(["scan", "--reports", "out/below"]);
    assert!(files_below(&elsewhere).is_empty());
    stage.git.symlink("mine", "../elsewhere");
    stage.run(["scan", "--reports", "mine"]).ends(10);
    assert_eq!(files_below(&elsewhere).len(), 1);
}

#[test]
fn plans_of_one_name_have_a_report_each() {
    let stage = Stage::with_git();
    let plans = stage.project.join("plans");
    for name in ["x/a", "y/a", "z/a-2"] {
        copy(&stage.plan, &plans.join(name));
    }
    let reports = stage.git.scratch.path().join("reports");
    stage.run(["scan", "plans", "--reports", reports.to_str().expect("a path")]);
    assert_eq!(files_below(&reports).len(), 3);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for file in fs::read_dir(from).expect("the plan").flatten() {
        fs::copy(file.path(), to.join(file.file_name())).expect("a copy");
    }
}
