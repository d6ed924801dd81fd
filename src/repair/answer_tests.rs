//! Answers in `state.json`: appended, kept beside what others append, and taken out again.
#![expect(clippy::disallowed_methods, reason = "tests set the stage themselves")]

use std::cell::Cell;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::events::events;
use super::state::{edit, rebase, with_state};
use super::undo::{UndoError, undo};
use super::write::{RunContext, WriteError, Written, write};
use crate::json::{Limits, Node, parse, write::document};
use crate::model::{
    Artifact, Assessment, Claim, ClaimClass, ClaimKind, ClaimOrigin, ClaimWitness, Repair, Resolution,
    Ruling, StateChange, Verdict, testing,
};

fn context() -> RunContext {
    RunContext {
        now: "2026-06-10T12:00:00Z".into(),
        run_id: "20260610T120000Z".into(),
        tool_version: "0.1.0".into(),
    }
}

fn blocker(verdict: Verdict, confidence: f64, class: ClaimClass) -> Assessment {
    let witness = ClaimWitness {
        path: "finalize.json".into(),
        blob: None,
        lines: Some((3, 5)),
        commit: None,
        excerpt: String::new(),
    };
    Assessment {
        claim: Claim {
            id: "quality:global:0123456789ab".into(),
            text: "Done tasks missing both files_changed and commands_run: T1".into(),
            origin: ClaimOrigin { artifact: "phase_result.json".into(), pointer: "/deviations/0".into() },
            task_ids: vec!["T1".into()],
            evidence_file: None,
            made_at: None,
            stance: None,
            is_blocker: true,
        },
        class,
        ruling: Ruling {
            kind: ClaimKind::MissingEvidence,
            verdict,
            confidence,
            reason: "`T1` has its evidence by now \u{2014} all of it.".into(),
            witness: Some(witness),
        },
        duplicate_of: None,
        resolution: None,
    }
}

fn answered(assessed: Assessment, word: &str, carried_over: bool) -> Assessment {
    let resolution = Resolution {
        blocker_id: "quality:global:aaaaaaaaaaaa".into(),
        resolution: word.into(),
        carried_over,
    };
    Assessment { resolution: Some(resolution), ..assessed }
}

fn asked(assessed: Assessment) -> Vec<StateChange> {
    events(&testing::plan(vec![testing::task("T1")]), &[assessed], 0.95, &context())
}

fn answer() -> Vec<StateChange> {
    asked(blocker(Verdict::Stale, 0.99, ClaimClass::Metadata))
}

#[test]
fn only_what_is_surely_stale_or_repeats_what_was_accepted_is_answered() {
    use ClaimClass::{Implementation, Informational, Metadata};
    use Verdict::{CannotTell, Holds, Stale};
    let count = |assessed| asked(assessed).len();
    assert_eq!(count(blocker(Stale, 0.95, Implementation)), 1);
    assert_eq!(count(blocker(Stale, 0.94, Metadata)), 0);
    for verdict in [Holds, CannotTell] {
        assert_eq!(count(blocker(verdict, 1.0, Implementation)), 0);
        assert_eq!(count(answered(blocker(verdict, 1.0, Implementation), "accepted_with_debt", true)), 0);
        assert_eq!(count(answered(blocker(verdict, 1.0, Metadata), "accepted_with_debt", true)), 1);
        assert_eq!(count(answered(blocker(verdict, 1.0, Informational), "manual_required", true)), 0);
    }
    // What an operator said of this very blocker stands.
    for word in ["accepted_with_debt", "manual_required", "rejected"] {
        assert_eq!(count(answered(blocker(Stale, 1.0, Metadata), word, false)), 0, "{word}");
    }
    assert_eq!(count(answered(blocker(Stale, 1.0, Metadata), "fixed", false)), 1);
    let mut bare = blocker(Stale, 1.0, Metadata);
    bare.ruling.witness = None;
    assert_eq!(count(bare), 0, "nothing shows it");
    let mut blocked_task = blocker(Stale, 1.0, Metadata);
    blocked_task.claim.origin.pointer = "/blocked_tasks/0".into();
    assert_eq!(count(blocked_task), 0, "the harness looks up deviations only");
}

#[test]
fn an_answer_has_what_the_harness_insists_on() {
    let StateChange::Append { list, record, task, confidence } = answer().remove(0) else {
        panic!("appended")
    };
    assert_eq!(
        (list.as_str(), task.unwrap().0.as_str(), confidence),
        ("quality_gate_resolutions", "T1", 0.99)
    );
    let keys: Vec<&str> = record.members().iter().map(|member| member.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "blocker_id",
            "resolution",
            "timestamp",
            "created_at",
            "created_by",
            "phase",
            "evidence",
            "debt_note"
        ]
    );
    let evidence = record.get("evidence").and_then(Node::as_array).unwrap();
    let evidence: Vec<&str> = evidence.iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(evidence[0], "finalize.json:3-5");
    assert!(evidence[1].starts_with("row T1 sha256:"));
    assert!(evidence.iter().all(|line| !line.contains('\n')));
}

fn appended(text: &str) -> Result<String, String> {
    edit(text, &answer()).map(|(after, _)| after).map_err(|error| error.to_string())
}

const EMPTY: &str = "{\n  \"name\": \"p\",\n  \"meta\": {\n    \"notes\": [],\n    \"quality_gate_resolutions\": []\n  },\n  \"x\": 1.0\n}\n";

#[test]
fn answers_follow_the_style_of_the_file() {
    let harness = |text: &str| document(&parse(text, Limits::default()).unwrap().root) + "\n";
    let without = EMPTY.replace(",\n    \"quality_gate_resolutions\": []", "");
    let twice = appended(EMPTY).unwrap();
    let bare = EMPTY.replace("{\n    \"notes\": [],\n    \"quality_gate_resolutions\": []\n  }", "{}");
    for before in [EMPTY, &without, &twice, &bare] {
        let after = appended(before).unwrap();
        assert_eq!(after, harness(&after), "{before}");
        assert!(after.contains("\\u2014"), "text is escaped as the harness does it");
    }
    let compact = "{\"meta\":{\"notes\":[],\"quality_gate_resolutions\":[{\"blocker_id\":\"b\"}]}}";
    let after = appended(compact).unwrap();
    assert!(!after.contains('\n') && after.contains("},{\"blocker_id\":\"quality:"), "{after}");
    let windows = EMPTY.replace('\n', "\r\n");
    assert_eq!(appended(&windows).unwrap(), appended(EMPTY).unwrap().replace('\n', "\r\n"));
}

#[test]
fn what_is_no_list_is_left_alone() {
    for (text, missing) in [
        ("[]", "no object at ``"),
        ("{\"meta\": []}", "no object at `/meta`"),
        ("{\"meta\": {\"quality_gate_resolutions\": {}}}", "no list at `/meta/quality_gate_resolutions`"),
    ] {
        assert!(appended(text).unwrap_err().contains(missing), "{text}");
    }
    assert!(
        appended("{\"meta\": {\"quality_gate_resolutions\": [NaN]}}").unwrap_err().contains("not finite")
    );
}

proptest! {
    #[test]
    fn taking_out_undoes_appending(before in 0_usize..4, after in 0_usize..3) {
        let other = |at: usize| format!("\n      {{\n        \"blocker_id\": \"other-{at}\"\n      }}");
        let list = |items: &[String]| match items {
            [] => "[]".to_owned(),
            items => format!("[{}\n    ]", items.join(",")),
        };
        let text = |items: &[String]| EMPTY.replace("resolutions\": []", &format!("resolutions\": {}", list(items)));
        let first: Vec<String> = (0..before).map(other).collect();
        let ours = appended(&text(&first)).unwrap();
        // Others go on appending.
        let more: Vec<String> = (0..after).map(|at| other(before + at)).collect();
        let end = ours.rfind("\n    ]").unwrap();
        let grown = match more.as_slice() {
            [] => ours.clone(),
            more => format!("{},{}{}", &ours[..end], more.join(","), &ours[end..]),
        };
        let all = [first.clone(), more].concat();
        prop_assert_eq!(rebase(&ours, &text(&first), &grown).unwrap(), text(&all));
    }
}

/// Records the answer as if the state had been read when it held nothing.
fn record(plan: &Path, recheck: &dyn Fn() -> Result<(), WriteError>) -> Result<Option<Written>, WriteError> {
    let mut read = testing::plan(vec![testing::task("T1")]);
    let document = Some(parse(EMPTY, Limits::default()).unwrap());
    read.artifacts.insert(Artifact { name: "state.json".into(), text: EMPTY.into(), document });
    let repair = with_state(Repair::default(), &read, answer()).unwrap();
    write(plan, &repair, &context(), recheck)
}

fn plan() -> tempfile::TempDir {
    let plan = tempfile::tempdir().unwrap();
    fs::write(plan.path().join("state.json"), EMPTY).unwrap();
    plan
}

fn read(plan: &Path) -> String {
    fs::read_to_string(plan.join("state.json")).unwrap()
}

const OTHER: &str =
    "\"quality_gate_resolutions\": [\n      {\n        \"blocker_id\": \"other\"\n      }\n    ]";

#[test]
fn what_others_append_meanwhile_survives() {
    let plan = plan();
    let meanwhile = EMPTY.replace("\"quality_gate_resolutions\": []", OTHER);
    let recheck = || {
        fs::write(plan.path().join("state.json"), &meanwhile).unwrap();
        Ok(())
    };
    let Written { repair, .. } = record(plan.path(), &recheck).unwrap().unwrap();
    let text = read(plan.path());
    assert!(text.contains("\"other\"") && text.contains("quality:global:0123456789ab"), "{text}");
    assert_eq!(repair.edits[0].pointer.as_deref(), Some("/meta/quality_gate_resolutions/1"));
    assert_eq!((&repair.artifacts[0].1, &repair.artifacts[0].2), (&meanwhile, &text), "told as it was done");
    assert_eq!((repair.edits[0].task.as_ref().unwrap().0.as_str(), repair.edits[0].confidence), ("T1", 0.99));
}

#[test]
fn an_answer_is_given_once() {
    let plan = plan();
    let again = || record(plan.path(), &|| Ok(())).unwrap();
    assert!(again().is_some());
    let text = read(plan.path());
    assert!(again().is_none());
    assert_eq!(read(plan.path()), text);
}

#[test]
fn undo_takes_answers_out_of_a_state_that_has_moved_on() {
    let plan = plan();
    let run = record(plan.path(), &|| Ok(())).unwrap().map(|written| written.run);
    let moved = read(plan.path()).replace("\"x\": 1.0", "\"x\": 2.0");
    fs::write(plan.path().join("state.json"), &moved).unwrap();
    let undone = undo(plan.path(), run.as_deref(), &context()).unwrap();
    assert_eq!(undone.moved_on, ["state.json"]);
    assert_eq!(read(plan.path()), EMPTY.replace("\"x\": 1.0", "\"x\": 2.0"));
}

#[test]
fn undo_refuses_when_an_answer_was_changed() {
    let plan = plan();
    let run = record(plan.path(), &|| Ok(())).unwrap().map(|written| written.run);
    let moved = read(plan.path()).replace("accepted_with_debt", "rejected");
    fs::write(plan.path().join("state.json"), &moved).unwrap();
    let refused = undo(plan.path(), run.as_deref(), &context()).unwrap_err();
    assert!(matches!(refused, UndoError::Changed { .. }), "{refused}");
    assert_eq!(read(plan.path()), moved);
}

#[test]
fn a_refusal_under_the_lock_writes_nothing() {
    let plan = plan();
    let called = Cell::new(false);
    let refuse = || {
        called.set(true);
        Err(WriteError::Live { reason: "it runs".into() })
    };
    assert!(record(plan.path(), &refuse).is_err());
    assert!(called.get() && read(plan.path()) == EMPTY);
}
