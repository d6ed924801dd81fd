//! What a run that writes leaves behind, and how it is taken back.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::git::Git;
use crate::support::project::{Run, Stage, files_below, task};

fn write(stage: &Stage) -> Run {
    stage.run(["backfill", "--write", "--format", "json"])
}

fn run_id(run: &Run) -> String {
    run.json()["run_id"].as_str().expect("a run").to_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("the system obeys").permissions().mode() & 0o7777
}

#[test]
fn the_hole_is_filled_and_nothing_else() {
    let stage = Stage::with_git();
    let before: Value = serde_json::from_slice(&stage.read("finalize.json")).unwrap();
    let run = write(&stage).ends(0);
    assert_eq!((run.json()["status"].as_str(), run.err.as_str()), (Some("complete"), ""));
    let mut after: Value = serde_json::from_slice(&stage.read("finalize.json")).unwrap();
    assert_eq!(after["tasks"][1]["files_changed"], json!(["src/b.py"]));
    assert_eq!(after["tasks"][1]["commands_run"], json!(["pytest b"]));
    let row = after["tasks"][1].as_object_mut().unwrap();
    row.remove("auto_attributed_files");
    row.remove("auto_attributed_metadata_source");
    row.insert("files_changed".to_owned(), json!([]));
    row.insert("commands_run".to_owned(), json!([]));
    assert_eq!(after, before);
    stage.run(["check"]).ends(0);
}

#[test]
fn a_run_keeps_modes_and_hides_its_own_files() {
    let stage = Stage::new();
    fs::set_permissions(stage.path("finalize.json"), Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(stage.path("execution_batch_2.json"), Permissions::from_mode(0o644)).unwrap();
    let before: Vec<_> = fs::read_dir(&stage.plan).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    write(&stage).ends(0);
    assert_eq!(
        (mode(&stage.path("finalize.json")), mode(&stage.path("execution_batch_2.json"))),
        (0o600, 0o644)
    );
    let new = fs::read_dir(&stage.plan).unwrap().map(|entry| entry.unwrap().file_name());
    let mut new: Vec<_> = new.filter(|name| !before.contains(name)).collect();
    new.sort();
    // The lock stays, as the harness leaves it, too.
    assert_eq!(new, [".plan.lock", ".taskproof"]);
    assert_eq!(fs::metadata(stage.path(".plan.lock")).unwrap().len(), 0);
    let ours = stage.path(".taskproof");
    assert_eq!(fs::read_to_string(ours.join(".gitignore")).unwrap(), "*\n");
    assert_eq!(mode(&ours), 0o700);
    for file in files_below(&ours) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!(name.starts_with("execution_batch_") && name.ends_with(".json")), "{name}");
        assert!(!name.ends_with(".json") && !name.ends_with(".tmp"), "{name}");
        assert_eq!((mode(&file) & 0o077, mode(file.parent().unwrap())), (0, 0o700), "{name}");
    }
    fs::set_permissions(stage.path("finalize.json"), Permissions::from_mode(0o644)).unwrap();
    stage.run(["undo"]).ends(0);
}

#[test]
fn git_sees_the_edited_artifacts_and_nothing_else() {
    let git = Git::init();
    git.write("src/a.py", "a\n");
    git.write("src/b.py", "b\n");
    let stage = Stage::on(git);
    stage.write(".plan.lock", "");
    stage.git.commit("Everything, plans too");
    write(&stage).ends(0);
    let status = stage.git.run(["status", "--porcelain", "--untracked-files=all"]);
    let plan = stage.plan.strip_prefix(&stage.project).unwrap().display().to_string();
    assert_eq!(status, format!("M {plan}/finalize.json"));
}

#[test]
fn nothing_to_do_is_no_run() {
    let stage = Stage::new();
    write(&stage).ends(0);
    stage.run(["undo"]).ends(0);
    let first = run_id(&write(&stage).ends(0));
    let before = stage.snapshot();
    let again = write(&stage).ends(0);
    assert_eq!((&again.json()["run_id"], &again.json()["edits"]), (&Value::Null, &json!([])));
    assert_eq!(stage.snapshot(), before);
    stage.run(["undo", &first]).ends(0);
    // A plan that never had a hole gets no directory.
    let stage = Stage::new();
    stage.edit("finalize.json", |finalize| finalize["tasks"][1] = task("T2", &["src/b.py"], &["make"]));
    assert_eq!(write(&stage).ends(0).json()["run_id"], Value::Null);
    assert!(!stage.path(".taskproof").exists() && !stage.path(".plan.lock").exists());
}

#[test]
fn undo_puts_every_byte_back() {
    let stage = Stage::new();
    let artifacts = ["finalize.json", "execution_batch_1.json", "execution_batch_2.json", "state.json"];
    let read = || artifacts.map(|name| stage.read(name));
    let before = read();
    let run = run_id(&write(&stage).ends(0));
    assert_ne!(read(), before);
    let undone = stage.run(["undo"]).ends(0);
    assert!(undone.out.contains("is undone"), "{}", undone.out);
    assert_eq!(read(), before);
    stage.run(["undo"]).fails(2, &["no run that could be undone"]);
    stage.run(["undo", &run]).fails(2, &[&run, "undone already"]);
    let run = run_id(&write(&stage).ends(0));
    stage.run(["undo", &run]).ends(0);
    assert_eq!(read(), before);
    // From anywhere, by name.
    write(&stage).ends(0);
    stage.run_in(&stage.plan, ["undo"]).ends(0);
    assert_eq!(read(), before);
}

#[test]
fn undo_refuses_what_it_cannot_put_back() {
    let stage = Stage::new();
    stage.run(["undo"]).fails(2, &["no run that could be undone"]);
    let run = run_id(&write(&stage).ends(0));
    let hostile = ["../../x", "..", "/etc/passwd", "a/b", "a b", ".hidden", "a\u{1b}[31m", ""];
    for id in hostile {
        stage.run(["undo", id]).fails(2, &["is not a run id"]);
    }
    stage.run(["undo", "20000101T000000Z"]).fails(2, &["no run `20000101T000000Z`"]);
    // The file moved on, even to something that is no plan any more.
    let ours = stage.read("finalize.json");
    for content in [[&ours[..], b"\n"].concat(), b"{".to_vec(), Vec::new()] {
        stage.write("finalize.json", &content);
        stage.run(["undo", &run]).fails(4, &["finalize.json has changed since run", &run]);
        assert_eq!(stage.read("finalize.json"), content);
    }
    stage.write("finalize.json", &ours);
    // Damage elsewhere does not keep anybody from taking back.
    stage.write("execution_batch_1.json", "{");
    stage.run(["undo", &run]).ends(0);
}

#[test]
fn a_damaged_journal_says_so() {
    let stage = Stage::new();
    let run = run_id(&write(&stage).ends(0));
    let journal = stage.path(".taskproof/runs").join(&run).join("journal");
    fs::write(&journal, "{").unwrap();
    stage.run(["undo"]).fails(1, &["journal", "damaged", "restore it, or remove"]);
    let finding = stage.run(["attribute", "--format", "json"]).ends(0).finding("TP403");
    assert!(finding["message"].as_str().unwrap().contains(&run), "{finding}");
    fs::remove_dir_all(stage.path(".taskproof")).unwrap();
    fs::write(stage.path(".taskproof"), "mine").unwrap();
    stage.run(["undo"]).fails(1, &[".taskproof", "not a directory"]);
}

/// As if the machine had stopped right after the run was published: the old artifacts, the new ones staged.
fn stop_after_publishing(stage: &Stage, run: &str) {
    let directory = stage.path(".taskproof/runs").join(run);
    for entry in fs::read_dir(&directory).expect("the run") {
        let original = entry.expect("an entry").path();
        let Some(name) = original.file_name().expect("a name").to_str().expect("UTF-8").strip_suffix(".orig")
        else {
            continue;
        };
        fs::copy(stage.path(name), directory.join(format!("{name}.new"))).expect("the plan is writable");
        fs::copy(&original, stage.path(name)).expect("the plan is writable");
    }
    let journal = fs::read_to_string(directory.join("journal")).expect("the plan is writable");
    fs::write(directory.join("journal"), journal.replace("\"applied\"", "\"prepared\""))
        .expect("the plan is writable");
}

#[test]
fn the_next_run_finishes_what_an_earlier_one_began() {
    let stage = Stage::new();
    let first = stage.run(["backfill", "--write", "--format", "json"]).ends(0).json();
    let written = stage.read("finalize.json");
    stop_after_publishing(&stage, first["run_id"].as_str().unwrap());
    assert_ne!(stage.read("finalize.json"), written);
    stage.run(["attribute", "--format", "json"]).ends(10).finding("TP403");
    let second = stage.run(["backfill", "--write", "--format", "json"]).ends(0).json();
    assert_eq!((&second["run_id"], stage.read("finalize.json")), (&serde_json::Value::Null, written));
}
