//! Many plans over one history.

use std::fs;

use serde_json::{Value, json};

use crate::support::project::{PLAN, Run, Stage, write_plan};

const OTHER: &str = "gadgets-20260602-0900";

/// A repository with two hollow plans, one of which has the history of the other and more.
fn two_plans() -> Stage {
    let stage = Stage::with_git();
    stage.git.write("src/b.py", "b = 3\n");
    stage.git.commit("later");
    write_plan(&stage.project.join(".megaplan/plans").join(OTHER));
    stage
}

/// The reports of a scan by plan, as they stand in its JSON Lines.
fn lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn names(run: &Run) -> Vec<String> {
    let heads = lines(run).into_iter().filter(|line| line["type"] == "report");
    heads.map(|head| head["plan"]["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn every_plan_below_the_repository_has_a_line() {
    let stage = two_plans();
    let run = stage.run(["scan"]).ends(10);
    for part in [PLAN, OTHER, "2 plans: 0 complete, 2 wait for evidence", "2 hollow, 2 of them fillable"] {
        assert!(run.out.contains(part), "`{part}` is not in\n{}", run.out);
    }
    assert_eq!(run.err, "");
    stage.run(["scan", "--exit-zero", "-q"]).ends(0);
    assert_eq!(stage.run_in(&stage.project.join("src"), ["scan"]).ends(10).out, run.out, "from below");
}

#[test]
fn a_report_is_the_one_that_attribute_makes() {
    let stage = two_plans();
    let reports = stage.git.scratch.path().join("reports");
    stage.run(["scan", "-q", "--reports", reports.to_str().expect("a path")]).ends(10);
    for plan in [PLAN, OTHER] {
        let text = fs::read_to_string(reports.join(format!("{plan}.json"))).expect("a report");
        let mut ours: Value = serde_json::from_str(&text).expect("JSON");
        let theirs = stage.run(["attribute", "--plan", plan, "--format", "json"]).ends(10);
        assert_eq!(ours["command"], "scan");
        ours["command"] = json!("attribute");
        assert_eq!(ours, theirs.json(), "{plan}");
    }
}

#[test]
fn caches_change_nothing_and_a_scan_without_one_leaves_none() {
    let stage = two_plans();
    let cache = stage.git.scratch.path().join("cache");
    let cached = ["scan", "--format", "jsonl", "--cache-dir", cache.to_str().expect("a path")];
    let without = stage.run(["scan", "--format", "jsonl", "--no-cache"]).ends(10);
    assert!(!cache.exists());
    assert_eq!(stage.run(cached).ends(10).out, without.out, "cold");
    assert!(cache.exists());
    assert_eq!(stage.run(cached).ends(10).out, without.out, "warm");
    let one = ["--threads", "1"];
    assert_eq!(stage.run(cached.into_iter().chain(one)).ends(10).out, without.out, "one thread");
}

#[test]
fn parts_together_are_the_whole() {
    let stage = two_plans();
    let whole = stage.run(["scan", "--format", "jsonl"]).ends(10);
    let mut files = Vec::new();
    for part in ["2/3", "3/3", "1/3"] {
        let run = stage.run(["scan", "--format", "jsonl", "--shard", part]);
        let file = stage.git.scratch.path().join(part.replace('/', "-of-"));
        fs::write(&file, run.out).expect("the part is kept");
        files.push(file.to_str().expect("a path").to_owned());
    }
    let merge = |format: &'static str| {
        stage.run(["scan", "--format", format, "--merge"].into_iter().chain(files.iter().map(String::as_str)))
    };
    assert_eq!(merge("jsonl").ends(10).out, whole.out);
    assert_eq!(merge("human").ends(10).out, stage.run(["scan"]).out);
    let run = merge("sarif");
    assert!(run.code == 2 && run.err.contains("use `human` or `jsonl`"), "{run:#?}");
}

#[test]
fn a_plan_that_cannot_be_read_is_told_of_and_the_others_are_scanned() {
    let stage = two_plans();
    let broken = stage.project.join(".megaplan/plans").join(OTHER).join("finalize.json");
    fs::write(&broken, "{").expect("it is damaged");
    let run = stage.run(["scan"]).ends(1);
    assert!(run.out.contains(PLAN) && run.out.contains("1 not read"), "{run:#?}");
    let run = stage.run(["scan", "--format", "jsonl"]).ends(1);
    assert_eq!(names(&run), [PLAN]);
    let failure = lines(&run).into_iter().find(|line| line["type"] == "failure").expect("a failure");
    assert!(failure["plan"].as_str().is_some_and(|plan| plan.ends_with(OTHER)), "{failure}");
    let run = stage.run(["scan", "--format", "junit", "--exit-zero"]);
    assert!(run.code == 1 && run.err.contains("not read") && run.err.contains(OTHER), "{run:#?}");
}

#[test]
fn a_manifest_lists_plans_and_repositories() {
    let stage = two_plans();
    let head = stage.git.run(["rev-parse", "HEAD~1"]);
    let plan = stage.plan.to_str().expect("a path");
    let manifest = format!(
        "{}\n{}\n{}\n",
        json!({ "plan": plan, "head": head }),
        json!({ "repo": "project" }),
        json!({ "repo": "nowhere" })
    );
    let file = stage.project.parent().expect("a directory").join("fleet.jsonl");
    let project = stage.project.file_name().expect("a name").to_str().expect("a name");
    fs::write(&file, manifest.replace("\"project\"", &format!("\"{project}\""))).expect("a manifest");
    let run = stage.run(["scan", "--format", "jsonl", "--manifest", file.to_str().expect("a path")]).ends(1);
    assert_eq!(names(&run), [OTHER, PLAN], "each once");
    let of = |name: &str| lines(&run).into_iter().find(|line| line["plan"]["name"] == name).expect("a head");
    assert_eq!(of(PLAN)["history"]["head"], head, "the first line that names a plan says what of it");
    assert!(run.out.contains("nowhere"));
    let run = stage.run_with(&stage.project, ["scan", "--manifest", "-"], "{\"paln\": \"x\"}\n");
    assert!(run.code == 2 && run.err.contains("manifest line 1"), "{run:#?}");
}

#[test]
fn nothing_to_scan_and_parts_that_are_none_are_said() {
    let stage = Stage::with_git();
    let run = stage.run(["scan", "src"]);
    assert!(run.code == 3 && run.err.contains("no plan found"), "{run:#?}");
    for part in ["0/2", "3/2", "x", "1/0"] {
        let run = stage.run(["scan", "--shard", part]);
        assert!(run.code == 2 && run.err.contains("--shard"), "{run:#?}");
    }
    let run = stage.run(["scan", "--merge", "src/a.py"]);
    assert!(run.code == 2 && run.err.contains("line 1"), "{run:#?}");
}
