//! Runs that are stopped, failed or overtaken before every single operation on a file.
//!
//! One table of [`DEEDS`] says what is done to which plan. [`faults`] stops and fails each of them everywhere;
//! [`interleavings`] lets somebody else act everywhere. Every test prints how many points it went through.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

mod faults;
mod harness;
mod interleavings;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::journal::{Runs, list_unfinished};
use super::state::edit;
use super::undo::{UndoError, undo_in};
use super::write::{RunContext, WriteError, write, write_to};
use crate::digest::sha256_hex;
use crate::json::Node;
use crate::model::{Repair, StateChange};

const FINALIZE: &str = r#"{"tasks": [{"id": "T1", "status": "done", "files_changed": []}]}"#;
const BATCH: &str = "{\"task_updates\": [{\"task_id\": \"T1\", \"files_changed\": []}]}\r\n";
const STATE: &str = r#"{"current_state": "blocked", "meta": {"notes": [], "overrides": [], "quality_gate_resolutions": [{"blocker_id": "b0"}]}, "latest_failure": {"kind": "x"}}"#;

/// What a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// `backfill --write`: evidence in three artifacts.
    Backfill,
    /// `recover --write`: evidence, then the state.
    Recover,
    /// `recover --write --allow-authority`: the same by the later harness's protocol.
    RecoverGuarded,
    /// `verify-claims --write`: an answer in the state.
    Answer,
    /// The same for the later harness, which locks its state.
    AnswerLocked,
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Write,
    Undo,
    /// The undoing of an undoing.
    Redo,
}

const WORKS: [Work; 5] =
    [Work::Backfill, Work::Recover, Work::RecoverGuarded, Work::Answer, Work::AnswerLocked];

/// Everything that is put under fire, by name.
fn deeds() -> Vec<(String, Case)> {
    let mut deeds = Vec::new();
    for work in WORKS {
        for deed in [Deed::Write, Deed::Undo, Deed::Redo] {
            deeds.push((format!("{work:?} {deed:?}"), Case { work, deed, can_exchange: true }));
        }
    }
    // Where two files cannot change places, little differs.
    for work in [Work::Backfill, Work::Answer] {
        let case = Case { work, deed: Deed::Write, can_exchange: false };
        deeds.push((format!("{work:?} Write without exchange"), case));
    }
    deeds
}

#[derive(Debug, Clone, Copy)]
struct Case {
    work: Work,
    deed: Deed,
    can_exchange: bool,
}

/// What a deed came to: an error that may pass, or one that may not, and what it says.
type Outcome = Result<(), (bool, String)>;

impl Work {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Backfill => &["finalize.json", "execution_batch_2.json", "final.md"],
            Self::Recover | Self::RecoverGuarded => &["finalize.json", "state.json"],
            Self::Answer | Self::AnswerLocked => &["state.json"],
        }
    }

    fn is_guarded(self) -> bool {
        self == Self::RecoverGuarded
    }

    fn changes(self) -> Vec<StateChange> {
        let record = |name| Node::object([("action", Node::text(name)), ("reason", Node::text("run r1"))]);
        match self {
            Self::Backfill => Vec::new(),
            Self::Recover | Self::RecoverGuarded => vec![
                StateChange::append("overrides", record("taskproof-recover")),
                StateChange::Set { key: "current_state".into(), value: Node::text("executed") },
                StateChange::Remove { key: "latest_failure".into() },
            ],
            Self::Answer | Self::AnswerLocked => {
                vec![StateChange::append("quality_gate_resolutions", record("accepted_with_debt"))]
            }
        }
    }

    fn repair(self) -> Repair {
        let (state, edits) = edit(STATE, &self.changes()).unwrap();
        let filled = |text: &str| text.replace("files_changed\": []", "files_changed\": [\"a.py\"]");
        let texts = |name: &&str| {
            let (before, after) = match *name {
                "finalize.json" => (FINALIZE.to_owned(), filled(FINALIZE)),
                "execution_batch_2.json" => (BATCH.to_owned(), filled(BATCH)),
                "state.json" => (STATE.to_owned(), state.clone()),
                _ => ("# before".to_owned(), "# after".to_owned()),
            };
            ((*name).to_owned(), before, after)
        };
        Repair {
            edits,
            artifacts: self.names().iter().map(texts).collect(),
            state: self.changes(),
            is_guarded: self.is_guarded(),
        }
    }
}

fn context(run_id: &str) -> RunContext {
    RunContext { now: "2026-05-22T10:15:00Z".into(), run_id: run_id.into(), tool_version: "0.1.0".into() }
}

const GO: fn() -> Result<(), WriteError> = || Ok(());

/// A plan where the harness keeps plans, in memory where that can be had: thousands of them are made.
struct Stage {
    scratch: tempfile::TempDir,
    plan: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let scratch = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let scratch = scratch.unwrap();
        let plan = scratch.path().join("plans/p");
        fs::create_dir_all(&plan).unwrap();
        Self { scratch, plan }
    }

    /// The same plan in another directory.
    fn copy(&self) -> Self {
        let copy = Self::new();
        for from in files(self.scratch.path()) {
            let to = copy.scratch.path().join(from.strip_prefix(self.scratch.path()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
        copy
    }
}

impl Case {
    /// The plan as the deed finds it.
    fn stage(self) -> Stage {
        let stage = Stage::new();
        let plan = &stage.plan;
        for (name, before, _) in self.work.repair().artifacts {
            fs::write(plan.join(name), before).unwrap();
        }
        if self.work == Work::AnswerLocked {
            let locks = stage.scratch.path().join(".state-locks");
            fs::create_dir(&locks).unwrap();
            fs::write(locks.join("p.lock"), "").unwrap();
        }
        #[cfg(unix)]
        for (name, bits) in self.work.names().iter().zip([0o640, 0o444, 0o600]) {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(plan.join(name), fs::Permissions::from_mode(bits)).unwrap();
        }
        let earlier = match self.deed {
            Deed::Write => 0,
            Deed::Undo => 1,
            Deed::Redo => 2,
        };
        for deed in [Deed::Write, Deed::Undo].into_iter().take(earlier) {
            Self { deed, ..self }.carry_out(Disk::REAL, plan).unwrap();
        }
        stage
    }

    /// Does it.
    fn carry_out(self, disk: Disk<'_>, plan: &Path) -> Outcome {
        let disk = if self.can_exchange { disk } else { disk.without_exchange() };
        let runs = Runs::new(plan, disk);
        let undo = |run| {
            let undone = undo_in(runs, plan, run, &context("r"));
            undone.map(drop).map_err(|error| (UndoError::is_refusal(&error), error.to_string()))
        };
        match self.deed {
            Deed::Write => {
                let written = write_to(runs, plan, &self.work.repair(), &context("r"), &GO);
                written.map(drop).map_err(|error| (WriteError::is_refusal(&error), error.to_string()))
            }
            Deed::Undo => undo(None),
            Deed::Redo => undo(Some("r-2")),
        }
    }

    /// What takes the deed back.
    fn opposite(self) -> Self {
        let deed = if self.deed == Deed::Undo { Deed::Redo } else { Deed::Undo };
        Self { deed, ..self }
    }

    /// Everything that is known about it when nothing goes wrong.
    fn known(self) -> Known {
        let found = self.stage();
        let old = view(&found.plan, self.work);
        let stage = found.copy();
        let (outcome, operations) = counted(&|_, _, _| Ok(()), |disk| self.carry_out(disk, &stage.plan));
        outcome.unwrap();
        Known { found, old, new: view(&stage.plan, self.work), operations }
    }
}

/// A deed when nothing goes wrong.
struct Known {
    /// The plan as the deed finds it.
    found: Stage,
    /// The artifacts before and after.
    old: View,
    new: View,
    /// How many operations on files it is.
    operations: usize,
}

/// Carries out with a hook that knows the number of the operation; tells how many there were.
fn counted<T>(
    hook: &dyn Fn(usize, &'static str, &Path) -> io::Result<()>,
    run: impl FnOnce(Disk<'_>) -> T,
) -> (T, usize) {
    let count = Cell::new(0);
    let numbered = |action: &'static str, path: &Path| {
        let at = count.get();
        count.set(at + 1);
        hook(at, action, path)
    };
    let result = run(Disk::hooked(&numbered));
    (result, count.get())
}

/// A run without anything to do finishes what is open.
fn next_run(plan: &Path) -> Result<(), String> {
    write(plan, &Repair::default(), &context("next"), &GO).map(drop).map_err(|error| error.to_string())
}

/// Bytes and permissions of every artifact.
type View = BTreeMap<String, (String, Option<u32>)>;

fn view(plan: &Path, work: Work) -> View {
    let look = |name: &&str| {
        let path = plan.join(name);
        let mode = Disk::REAL.mode(&path).unwrap();
        ((*name).to_owned(), (fs::read_to_string(&path).unwrap(), mode))
    };
    work.names().iter().map(look).collect()
}

/// Whether a view is all new; anything but all old or all new fails.
fn is_new(view: &View, old: &View, new: &View, at: &str) -> bool {
    assert!(view == old || view == new, "{at}: neither old nor new: {view:#?}");
    view == new
}

/// Every artifact by itself is old or new.
fn assert_whole(plan: &Path, work: Work, old: &View, new: &View, at: &str) {
    for (name, seen) in &view(plan, work) {
        assert!(*seen == old[name] || *seen == new[name], "{at}: {name} is {seen:?}");
    }
}

/// Nothing that any pattern of the harness could find is there but whole files of its own.
fn assert_no_strangers(plan: &Path, work: Work, at: &str) {
    for path in files(plan) {
        let name = path.strip_prefix(plan).unwrap().to_str().unwrap();
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        match folder {
            "" => assert!(work.names().contains(&file) || file == ".plan.lock", "{at}: {name}"),
            "finalize_history/snapshots" => {
                let digest = sha256_hex(&fs::read(&path).unwrap());
                assert_eq!(file, format!("{digest}.json"), "{at}");
            }
            "finalize_history/mutations" | "finalize_history/commits" => {
                let text = fs::read(&path).unwrap();
                assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{at}: {name}");
            }
            _ => {
                assert!(name.starts_with(".taskproof/"), "{at}: {name}");
                let is_taken =
                    [".json", ".jsonl.json", ".md", ".ndjson"].iter().any(|end| file.ends_with(end));
                assert!(!is_taken, "{at}: {name} could be taken for an artifact");
            }
        }
    }
}

/// No run is open, and none keeps a text that only serves to be put in place.
fn assert_tidy(plan: &Path, at: &str) {
    assert_eq!(list_unfinished(plan).unwrap(), Vec::<String>::new(), "{at}");
    for path in files(&plan.join(".taskproof/runs")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_kept = ["journal", "audit.jsonl", "state.json.after"].contains(&name)
            || name.ends_with(".orig")
            || (name.starts_with("state.json.") && (name.ends_with(".after") || name.ends_with(".base")));
        assert!(is_kept, "{at}: {} is left over", path.display());
    }
}

/// The later harness's trail vouches for the text on the disk, or the text is the one that was there before any.
fn assert_trail(plan: &Path, work: Work, at: &str) {
    let history = plan.join("finalize_history");
    if !work.is_guarded() {
        assert!(!history.exists(), "{at}");
        return;
    }
    let finalize = fs::read_to_string(plan.join("finalize.json")).unwrap();
    let digest = sha256_hex(finalize.as_bytes());
    let vouches = |path: &PathBuf| fs::read_to_string(path).unwrap().contains(&digest);
    assert!(finalize == FINALIZE || files(&history.join("commits")).iter().any(vouches), "{at}");
}

/// Every file below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
