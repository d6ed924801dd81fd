use std::fs;

use serde_json::{Value, json};

use crate::support::git::Git;
use crate::support::project::{PLAN, Run, Stage, write_plan};

/// A branch that changed one of two plans of the repository, and the commit it starts from.
struct Branch {
    stage: Stage,
    base: String,
    head: String,
}

impl Branch {
    fn new() -> Self {
        let stage = Stage::on(Git::init());
        write_plan(&stage.project.join(".megaplan/plans/untouched-20260501-0900"));
        stage.git.write("src/a.py", "a = 1\n");
        stage.git.write("src/b.py", "b = 1\n");
        let base = stage.git.commit("Plans").to_hex();
        stage.git.write("src/b.py", "b = 2\n");
        stage.edit("state.json", |state| state["note"] = json!("touched"));
        let head = stage.git.commit("Work").to_hex();
        Self { stage, base, head }
    }

    /// `taskproof check` in a job of GitHub Actions for a pull request from `base` to `head`.
    fn check_on_github(&self, base: &str, arguments: &[&str]) -> Run {
        let event = self.stage.git.scratch.path().join("event.json");
        let payload = json!({ "pull_request": { "base": { "sha": base }, "head": { "sha": self.head } } });
        fs::write(&event, payload.to_string()).expect("the event is written");
        let mut command = self.stage.command(&self.stage.project);
        command.args(["check"]).args(arguments).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_EVENT_PATH", event).env("GITHUB_STEP_SUMMARY", self.summary());
        Run::of(&command.output().expect("it runs"))
    }

    fn summary(&self) -> std::path::PathBuf {
        self.stage.git.scratch.path().join("summary.md")
    }
}

#[test]
fn a_pull_request_is_asked_about_the_plans_it_changes() {
    let branch = Branch::new();
    let run = branch.check_on_github(&branch.base, &["--format", "json"]).ends(10);
    assert_eq!(run.json()["plan"]["name"], PLAN);
    assert_eq!(run.json()["history"]["base"], branch.base.as_str());
    let summary = fs::read_to_string(branch.summary()).expect("a summary was left");
    assert!(
        summary.contains(PLAN) && summary.contains("`T2`") && !summary.contains("untouched"),
        "{summary}"
    );
}

#[test]
fn a_pull_request_that_changes_no_plan_passes() {
    let branch = Branch::new();
    let run = branch.check_on_github(&branch.head, &[]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:#?}");
    assert!(run.err.contains("changes no plan"), "{run:#?}");
    branch.check_on_github(&branch.head, &["--quiet"]).ends(0);
}

#[test]
fn flags_win_over_the_job() {
    let branch = Branch::new();
    let run = branch.check_on_github(&branch.head, &["--base", &branch.base, "--format", "json"]).ends(10);
    assert_eq!(run.json()["plan"]["name"], PLAN);
    let run =
        branch.check_on_github(&branch.base, &["--plan", "untouched-20260501-0900", "--format", "json"]);
    assert_eq!(run.json()["plan"]["name"], "untouched-20260501-0900");
}

#[test]
fn several_plans_are_several_reports_and_one_code() {
    let branch = Branch::new();
    let other = branch.stage.project.join(".megaplan/plans/untouched-20260501-0900/state.json");
    let state = fs::read_to_string(&other).expect("a state");
    fs::write(&other, state.replace('{', "{\n")).expect("written");
    branch.stage.git.commit("Both");
    let run = branch.stage.run(["check", "--base", &branch.base, "--format", "json"]).ends(10);
    let reports: Vec<Value> = serde_json::Deserializer::from_str(&run.out)
        .into_iter()
        .map(|report| report.expect("JSON"))
        .collect();
    assert_eq!(reports.len(), 2);
    let sarif = branch.stage.run(["check", "--base", &branch.base, "--format", "sarif"]).ends(10).json();
    assert_eq!(sarif["runs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_base_that_was_not_fetched_is_named_with_the_way_out() {
    let branch = Branch::new();
    let missing = "1".repeat(40);
    branch.check_on_github(&missing, &[]).fails(2, &[&missing, "fetch"]);
    let clone = branch.stage.git.scratch.path().join("shallow");
    let url = format!("file://{}", branch.stage.project.display());
    branch.stage.git.bytes(["clone", "-q", "--depth", "1", &url, clone.to_str().expect("UTF-8")]);
    let run = branch.stage.run_in(&clone, ["check", "--base", &branch.base]);
    run.fails(1, &["shallow clone", "fetch-depth: 0", "GIT_DEPTH: 0"]);
}

#[test]
fn a_branch_cannot_loosen_its_own_gate() {
    let branch = Branch::new();
    let (stage, git) = (&branch.stage, &branch.stage.git);
    // Whatever the branch says of candidates and confidence, the gate asks as it did before.
    let strict = |run: Run| assert_eq!(run.code, 10, "{run:#?}");
    git.write("taskproof.toml", "min-confidence = 1.0\n");
    git.write("sub/taskproof.toml", "nonsense = 1\n");
    git.commit("Loosen");
    strict(branch.check_on_github(&branch.base, &[]));
    strict(branch.check_on_github(&branch.base, &["--config", "taskproof.toml"]));
    strict(stage.run(["check", "--base", &branch.base]));
    // Commands that are no gate take it as it stands.
    assert_eq!(stage.run(["attribute", "--plan", PLAN]).code, 11);
    assert_eq!(stage.run(["attribute", "--plan", PLAN, "--no-config"]).code, 10);
    // What stood there before the branch applies, also where the branch deletes it.
    let base = git.commit("Base").to_hex();
    git.remove("taskproof.toml");
    stage.edit("state.json", |state| state["note"] = json!("again"));
    git.commit("Delete");
    assert_eq!(stage.run(["check", "--base", &base]).code, 11);
    assert_eq!(stage.run(["check", "--base", &base, "--no-config"]).code, 10);
}

/// Nested deeper than is read unless somebody says otherwise.
fn deep(stage: &Stage) {
    let (open, close) = ("[".repeat(250), "]".repeat(250));
    stage.write("execution_batch_3.json", format!("{{\"x\": {open}{close}}}"));
}

#[test]
fn a_branch_cannot_raise_what_is_read_of_it() {
    const RAISED: &str = "[limits]\njson-depth = 300\nartifact-bytes = 1000000\n";
    let branch = Branch::new();
    let (stage, git) = (&branch.stage, &branch.stage.git);
    deep(stage);
    git.write("taskproof.toml", RAISED);
    git.commit("Raise");
    let check = |base: &str, more: &[&str]| stage.run([&["check", "--base", base], more].concat());
    check(&branch.base, &[]).fails(1, &["execution_batch_3.json", "[limits]", "deeper than 200 levels"]);
    // Nor for commands that are no gate, unless whoever starts them names the file.
    let attribute =
        |more: &[&str]| stage.run([&["attribute", "--plan", PLAN, "--base", &branch.base], more].concat());
    let run = attribute(&[]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:#?}");
    for words in ["`limits.json-depth` is raised no further", "`--config`", "deeper than 200 levels"] {
        assert!(run.err.contains(words), "{run:#?}");
    }
    attribute(&["--config", "taskproof.toml"]).ends(10);
    // What stands where the branch starts is not the branch's.
    let base = git.commit("Base").to_hex();
    stage.edit("state.json", |state| state["note"] = json!("again"));
    git.commit("Work");
    check(&base, &[]).ends(10);
    stage.run(["attribute", "--plan", PLAN, "--base", &base]).ends(10);
    // Lowering is everybody's right, and no gate's business.
    git.write("taskproof.toml", "[limits]\nartifact-bytes = 100\n");
    git.commit("Lower");
    stage.run(["attribute", "--plan", PLAN]).fails(1, &["finalize.json", "more than the limit of 100"]);
    check(&base, &[]).ends(10);
}

#[test]
fn a_directory_that_a_branch_records_loosens_nothing() {
    let branch = Branch::new();
    let stage = &branch.stage;
    let deviations =
        ["`src/b.py` still has `b = 2`", "Done tasks missing both files_changed and commands_run: T2"];
    stage.write_json("phase_result.json", &json!({ "deviations": deviations }));
    let strict = stage.run(["check", "--base", &branch.base, "--format", "json"]).ends(12).json();
    assert_eq!(strict["claims"][0]["verdict"], "holds", "{strict:#}");
    // A repository of the attacker's, in which everything that the plan could claim is there and was changed.
    let other = Git::init();
    for text in ["1", "2"] {
        for name in ["src/a.py", "src/b.py", "src/evil.py"] {
            other.write(name, text);
        }
        other.commit("T2");
    }
    let nested = stage.project.join("nested");
    fs::create_dir_all(&nested).expect("a directory");
    let own = [
        nested.display().to_string(),
        "nested".into(),
        "/".into(),
        "/proc/self/cwd/..".into(),
        "../..".into(),
        "\0".into(),
    ];
    for directory in own.into_iter().chain([other.root.display().to_string()]) {
        stage.edit("state.json", |state| state["config"]["project_dir"] = json!(directory));
        let report = stage.run(["check", "--base", &branch.base, "--format", "json"]).ends(12).json();
        for part in ["status", "history", "tasks", "repair_request", "claims"] {
            assert_eq!(report[part], strict[part], "{directory:?}: {part}");
        }
    }
}
