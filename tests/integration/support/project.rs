//! A small plan on the disk, and the binary run on it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};

use super::git::Git;

/// Name of the plan.
pub(crate) const PLAN: &str = "widgets-20260601-0900";
/// What hangs is stopped, and the test fails. This is no measure of speed: it is far more than anything needs.
const PATIENCE: Duration = Duration::from_mins(5);

/// A project with a plan: `T1` has its evidence, `T2` is hollow in `finalize.json` and whole in its batch.
pub(crate) struct Stage {
    /// Home of the user.
    pub(crate) home: PathBuf,
    /// Root of the project.
    pub(crate) project: PathBuf,
    /// Directory of the plan.
    pub(crate) plan: PathBuf,
    /// Drives git in the project.
    pub(crate) git: Git,
}

impl Stage {
    /// In a directory without a repository.
    pub(crate) fn new() -> Self {
        Self::on(Git::nowhere())
    }

    /// In a repository that saw the plan start and carried out, and ignores `.megaplan`.
    pub(crate) fn with_git() -> Self {
        let git = Git::init();
        git.write(".gitignore", ".megaplan/\n");
        git.write("src/a.py", "a = 1\n");
        git.write("src/b.py", "b = 1\n");
        git.commit("Widgets");
        git.commit(&format!("megaplan: {PLAN} init"));
        git.write("src/a.py", "a = 2\n");
        git.write("src/b.py", "b = 2\n");
        git.commit(&format!("megaplan: {PLAN} execute"));
        Self::on(git)
    }

    /// The plan below the root of a repository, or of a directory without one.
    pub(crate) fn on(git: Git) -> Self {
        let home = git.scratch.path().join("home");
        fs::create_dir_all(&home).expect("a home");
        let project = git.root.clone();
        let plan = project.join(".megaplan/plans").join(PLAN);
        let stage = Self { home, project, plan, git };
        write_plan(&stage.plan);
        stage
    }

    /// Where a file of the plan is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.plan.join(name)
    }

    /// Writes a file of the plan.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the artifact is written");
    }

    /// Writes a file of the plan as the harness does.
    pub(crate) fn write_json(&self, name: &str, value: &Value) {
        self.write(name, pretty(value));
    }

    /// Changes a JSON file of the plan.
    pub(crate) fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut value = serde_json::from_slice(&self.read(name)).expect("JSON");
        change(&mut value);
        self.write_json(name, &value);
    }

    /// A file of the plan.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the artifact is there")
    }

    /// A list of `T2` in `finalize.json`.
    pub(crate) fn filled(&self, key: &str) -> Value {
        let finalize: Value = serde_json::from_slice(&self.read("finalize.json")).expect("JSON");
        finalize["tasks"][1][key].clone()
    }

    /// Every file below the plan directory but the lock, with its content.
    pub(crate) fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = files_below(&self.plan);
        let files = files.into_iter().filter(|path| !path.ends_with(".plan.lock"));
        files.map(|path| (path.clone(), fs::read(&path).unwrap_or_default())).collect()
    }

    /// Runs taskproof in the project.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        self.run_in(&self.project, args)
    }

    /// Runs taskproof in a directory.
    pub(crate) fn run_in<S: AsRef<OsStr>>(&self, dir: &Path, args: impl IntoIterator<Item = S>) -> Run {
        self.run_with(dir, args, "")
    }

    /// Runs taskproof in a directory, with text on standard input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        dir: &Path,
        args: impl IntoIterator<Item = S>,
        stdin: &str,
    ) -> Run {
        let mut command = assert_cmd::Command::from_std(self.command(dir));
        Run::of(&command.args(args).write_stdin(stdin).timeout(PATIENCE).output().expect("it runs"))
    }

    /// taskproof, cut off from the machine's settings.
    pub(crate) fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taskproof"));
        command.current_dir(dir).env_clear();
        command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"));
        command.env("HOME", &self.home).env("NO_COLOR", "1").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }
}

/// What a run left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Run {
    /// What a process that has ended left.
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        let code = output.status.code().expect("it ends on its own and in time");
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Expects an exit code and silence on standard error.
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.err, "", "{self:#?}");
        self
    }

    /// Expects an error: its code, nothing on standard output, and these words on standard error.
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.out, "", "{self:#?}");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in {}", self.err);
        }
        assert!(self.err.starts_with("error: "), "{}", self.err);
        assert!(!self.err.contains("panicked") && !self.err.contains("RUST_BACKTRACE"), "{}", self.err);
        assert_visible(&self.err);
        self
    }

    /// The JSON on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// Codes of the findings in a JSON report.
    pub(crate) fn codes(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().expect("findings").iter();
        findings.map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
    }

    /// The finding of a code in a JSON report.
    pub(crate) fn finding(&self, code: &str) -> Value {
        let report = self.json();
        let findings = report["findings"].as_array().expect("findings").iter();
        findings
            .clone()
            .find(|finding| finding["code"] == code)
            .cloned()
            .unwrap_or_else(|| panic!("{report:#}"))
    }
}

/// Expects no character but line ends that a terminal would obey.
pub(crate) fn assert_visible(text: &str) {
    let hidden = text.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(hidden, None, "in {text:?}");
}

/// JSON as the harness writes it, as far as the tests need it.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON") + "\n"
}

/// A finished task of `finalize.json`.
pub(crate) fn task(id: &str, files: &[&str], commands: &[&str]) -> Value {
    json!({
        "id": id, "description": format!("Work on {id}."), "depends_on": [], "status": "done",
        "executor_notes": "Did it.", "files_changed": files, "commands_run": commands,
        "evidence_files": [], "reviewer_verdict": "", "complexity": 3
    })
}

/// A batch artifact with one row.
pub(crate) fn batch(id: &str, files: &[&str], commands: &[&str]) -> Value {
    json!({
        "output": "", "files_changed": files, "commands_run": commands, "deviations": [],
        "task_updates": [{
            "task_id": id, "status": "done", "executor_notes": "Did it.",
            "files_changed": files, "commands_run": commands
        }],
        "sense_check_acknowledgments": []
    })
}

/// Writes the plan of [`Stage`] into a directory.
pub(crate) fn write_plan(plan: &Path) {
    fs::create_dir_all(plan).expect("a plan directory");
    let write = |name: &str, value: &Value| fs::write(plan.join(name), pretty(value)).expect("an artifact");
    let mut hollow = task("T2", &[], &[]);
    hollow["depends_on"] = json!(["T1"]);
    write("finalize.json", &json!({ "tasks": [task("T1", &["src/a.py"], &["pytest a"]), hollow] }));
    write("execution_batch_1.json", &batch("T1", &["src/a.py"], &["pytest a"]));
    write("execution_batch_2.json", &batch("T2", &["src/b.py"], &["pytest b"]));
    let name = plan.file_name().expect("a name").to_string_lossy();
    write("state.json", &json!({ "name": name, "current_state": "finalized", "config": {}, "meta": {} }));
}

/// Every file below a directory, sorted; links are not followed.
pub(crate) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let entry = entry.expect("an entry");
        match entry.file_type().expect("a type").is_dir() {
            true => files.extend(files_below(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort();
    files
}
