//! Diagnoses of small plans.

use super::*;
use crate::gate::blocker_id;
use crate::json::{Limits, parse};
use crate::model::{
    Artifact, Blocker, Claim, ClaimClass, ClaimKind, ClaimOrigin, Field, History, PhaseResult,
    RecordedResolution, Resolution, Ruling, Rung, Settlement, Standing, StateChange, Status, TaskId, Verdict,
    testing,
};

const HOLLOW: &str = "Done tasks missing both files_changed and commands_run: T2";
const TWIN: &str = "done tasks missing both files_changed and commands_run: T2";
const OBSERVED: &str = "Advisory audit skip: Project directory is not a git repository.";
const PENDING: &str =
    "Advisory audit finding: Tasks left pending after execute (executor never started them): T1";

/// A blocked plan of two done tasks, the second hollow, with those deviations.
fn blocked(messages: &[&str]) -> Plan {
    let mut first = testing::task("T1");
    first.truthy.files = true;
    first.files_changed = vec!["b.py".into()];
    let mut plan = testing::plan(vec![first, testing::task("T2")]);
    plan.current_state = "blocked".into();
    plan.standing = Standing {
        resume_phase: Some("execute".into()),
        last_execute: Some("blocked".into()),
        is_reviewed: true,
        ..Standing::default()
    };
    let batch = r#"{"task_updates": [{"task_id": "T2", "status": "done"}]}"#;
    let document = Some(parse(batch, Limits::default()).unwrap());
    plan.artifacts.insert(Artifact { name: "execution_batch_1.json".into(), text: batch.into(), document });
    plan.batches = vec![testing::batch(1, &["T2"])];
    let deviations = messages.iter().enumerate().map(|(at, message)| blocker(at, message)).collect();
    plan.phase_result = Some(PhaseResult { phase: "execute".into(), deviations, ..PhaseResult::default() });
    plan
}

fn blocker(at: usize, message: &str) -> Blocker {
    Blocker {
        pointer: format!("/deviations/{at}"),
        kind: "quality_gate".into(),
        message: message.to_owned(),
        task_id: None,
        explicit_id: None,
    }
}

fn assessed(message: &str, class: ClaimClass, verdict: Verdict) -> Assessment {
    let blocker = blocker(0, message);
    let task = message.rsplit(": ").next().filter(|id| id.starts_with('T')).map(Into::into);
    Assessment {
        claim: Claim {
            id: blocker_id(&blocker),
            text: message.to_owned(),
            origin: ClaimOrigin { artifact: "phase_result.json".into(), pointer: blocker.pointer },
            task_ids: task.into_iter().collect(),
            evidence_file: None,
            made_at: None,
            stance: None,
            is_blocker: true,
        },
        class,
        ruling: Ruling {
            kind: ClaimKind::Semantic,
            verdict,
            confidence: 1.0,
            reason: "it was looked at.".into(),
            witness: None,
        },
        duplicate_of: None,
        resolution: None,
    }
}

fn fill() -> Fill {
    Fill {
        task: "T2".into(),
        field: Field::Files,
        values: vec!["a.py".into()],
        rung: Rung::BatchList,
        confidence: 1.0,
        signals: Vec::new(),
    }
}

fn diagnosis(plan: &Plan, fills: &[Fill], claims: &[Assessment], wanted: Option<Route>) -> Diagnosis {
    let history = History::absent("");
    diagnose(&Input { plan, history: &history, fills, claims, wanted, min_confidence: 0.95 })
}

fn settlements(diagnosis: &Diagnosis) -> Vec<Settlement> {
    diagnosis.blockers.iter().map(|blocker| blocker.settlement).collect()
}

fn usual() -> (Plan, Vec<Assessment>) {
    let mut twin = assessed(TWIN, ClaimClass::Metadata, Verdict::Holds);
    twin.duplicate_of = Some(blocker_id(&blocker(0, HOLLOW)));
    let claims = vec![
        assessed(HOLLOW, ClaimClass::Metadata, Verdict::Holds),
        twin,
        assessed(OBSERVED, ClaimClass::Informational, Verdict::CannotTell),
    ];
    (blocked(&[HOLLOW, OBSERVED, TWIN, HOLLOW]), claims)
}

#[test]
fn metadata_that_is_filled_in_lets_the_plan_advance() {
    let (plan, claims) = usual();
    let found = diagnosis(&plan, &[fill()], &claims, None);
    assert_eq!(
        settlements(&found),
        [Settlement::Repaired, Settlement::Informational, Settlement::Duplicate],
        "one per id"
    );
    assert_eq!((found.route, found.obstacles.len()), (Some(Route::Advance), 0));
    assert!(found.answers.is_empty() && found.cost == crate::model::Cost::default());
    assert_eq!(found.commands, ["megaplan review --plan plan"]);
    let changes = state_changes(&found, &plan, &Run { id: "r", now: "2026-05-22T00:00:00Z" });
    assert_eq!(changes.len(), 5);
    assert!(matches!(&changes[1], StateChange::Set { key, .. } if key == "current_state"));
}

#[test]
fn resolving_answers_every_blocker_once_and_says_what_it_costs() {
    let (plan, claims) = usual();
    let found = diagnosis(&plan, &[fill()], &claims, Some(Route::Resolve));
    assert_eq!(found.route, Some(Route::Resolve));
    let notes: Vec<&str> =
        found.answers.iter().map(|answer| answer.note.split(':').next().unwrap()).collect();
    assert_eq!(notes, ["repaired", "informational", "duplicate"]);
    assert!(found.answers.iter().all(|answer| answer.resolution == "accepted_with_debt"));
    assert_eq!(found.cost.tasks.len(), 2);
    assert_eq!(found.cost.overwrites.as_deref(), Some("execution_batch_1.json"));
    assert_eq!(
        found.commands,
        [
            "megaplan override recover-blocked --plan plan --reason \"evidence repaired by taskproof\"",
            "megaplan execute --plan plan --confirm-destructive --user-approved",
        ]
    );
    let changes = state_changes(&found, &plan, &Run { id: "r", now: "2026-05-22T00:00:00Z" });
    assert_eq!(changes.len(), 4, "three answers and one override");
}

#[test]
fn the_later_generation_gets_fixes_and_keeps_its_own_way_on() {
    let (mut plan, claims) = usual();
    plan.standing.keeps_versions = true;
    let found = diagnosis(&plan, &[fill()], &claims, None);
    assert_eq!(found.route, Some(Route::Resolve));
    let words: Vec<&str> = found.answers.iter().map(|answer| answer.resolution).collect();
    assert_eq!(words, ["fixed", "accepted_with_debt", "fixed"]);
    assert_eq!(diagnosis(&plan, &[fill()], &claims, Some(Route::Advance)).route, None);
}

#[test]
fn one_blocker_about_the_work_stops_everything() {
    let (mut plan, mut claims) = usual();
    let result = plan.phase_result.as_mut().unwrap();
    result.deviations.push(blocker(4, PENDING));
    for verdict in [Verdict::Holds, Verdict::CannotTell] {
        claims.push(assessed(PENDING, ClaimClass::Implementation, verdict));
        let found = diagnosis(&plan, &[fill()], &claims, None);
        assert_eq!(found.route, None);
        assert!(found.obstacles.len() == 1 && found.obstacles[0].reason.contains("Tasks left pending"));
        assert!(found.answers.is_empty() && found.commands.is_empty());
        assert!(state_changes(&found, &plan, &Run { id: "r", now: "t" }).is_empty());
        claims.pop();
    }
    let stale = assessed(PENDING, ClaimClass::Implementation, Verdict::Stale);
    let unsure = Assessment { ruling: Ruling { confidence: 0.9, ..stale.ruling.clone() }, ..stale.clone() };
    claims.push(unsure);
    assert_eq!(diagnosis(&plan, &[fill()], &claims, None).route, None);
    claims.pop();
    claims.push(stale);
    assert_eq!(diagnosis(&plan, &[fill()], &claims, None).route, Some(Route::Advance));
    claims.pop();
    assert_eq!(
        settlements(&diagnosis(&plan, &[fill()], &claims, None))[3],
        Settlement::Undecided,
        "nothing known"
    );
}

#[test]
fn a_gap_that_nothing_fills_needs_an_answer() {
    let (plan, claims) = usual();
    let found = diagnosis(&plan, &[], &claims, None);
    assert_eq!(settlements(&found)[0], Settlement::NeedsAnswer);
    assert!(found.route.is_none() && found.obstacles.iter().all(|it| it.kind == Settlement::NeedsAnswer));
    let silent = diagnosis(&blocked(&[]), &[], &[], None);
    assert_eq!(silent.obstacles.len(), 1, "a gap that no blocker names is one all the same");
}

#[test]
fn tasks_that_are_not_over_and_claims_that_hold_stop_it_too() {
    let (mut plan, mut claims) = usual();
    plan.tasks[0].status = Status::Pending;
    assert!(diagnosis(&plan, &[fill()], &claims, None).obstacles[0].reason.contains("T1 is `pending`"));
    plan.tasks[0].status = Status::Done;
    let mut review = assessed("it still fails", ClaimClass::Implementation, Verdict::Holds);
    review.claim.is_blocker = false;
    review.claim.origin.artifact = "review.json".into();
    claims.push(review);
    assert_eq!(diagnosis(&plan, &[fill()], &claims, None).route, None);
    claims.last_mut().unwrap().ruling.verdict = Verdict::CannotTell;
    assert_eq!(diagnosis(&plan, &[fill()], &claims, None).route, None, "nobody has worked on it since");
    plan.standing.executed_since_review = true;
    assert_eq!(diagnosis(&plan, &[fill()], &claims, None).route, Some(Route::Advance));
}

#[test]
fn what_a_person_said_stands() {
    let (mut plan, claims) = usual();
    let mut said = RecordedResolution {
        blocker_id: blocker_id(&blocker(0, HOLLOW)),
        resolution: "manual_required".into(),
        timestamp: "2026-05-22T00:00:00Z".into(),
        ..RecordedResolution::default()
    };
    plan.standing.resolutions = vec![said.clone()];
    let held = diagnosis(&plan, &[fill()], &claims, None);
    assert_eq!((settlements(&held)[0], held.route), (Settlement::Held, None));
    said.resolution = "accepted_with_debt".into();
    said.phase = Some("execute".into());
    said.evidence = vec!["e".into()];
    said.debt_note = Some("n".into());
    plan.standing.resolutions = vec![said];
    let answered = diagnosis(&plan, &[fill()], &claims, Some(Route::Resolve));
    assert_eq!((settlements(&answered)[0], answered.answers.len()), (Settlement::Answered, 2));
}

#[test]
fn an_answer_to_an_equal_blocker_is_carried_over_for_bookkeeping_only() {
    let (mut plan, mut claims) = usual();
    plan.tasks[1].truthy.files = true;
    let carried = Resolution {
        blocker_id: "quality:global:old".into(),
        resolution: "accepted_with_debt".into(),
        carried_over: true,
    };
    claims[0].resolution = Some(carried.clone());
    let found = diagnosis(&plan, &[], &claims, Some(Route::Resolve));
    assert_eq!(settlements(&found)[0], Settlement::Duplicate);
    assert!(found.answers[0].note.contains("quality:global:old"));
    let result = plan.phase_result.as_mut().unwrap();
    result.deviations.push(blocker(4, PENDING));
    let mut work = assessed(PENDING, ClaimClass::Implementation, Verdict::Holds);
    work.resolution = Some(carried);
    claims.push(work);
    assert_eq!(settlements(&diagnosis(&plan, &[], &claims, None))[3], Settlement::Work);
}

#[test]
fn advancing_is_refused_where_it_is_not_proven() {
    let (plan, claims) = usual();
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut changed = plan.clone();
        change(&mut changed);
        let forced = diagnosis(&changed, &[fill()], &claims, Some(Route::Advance));
        (forced.route, diagnosis(&changed, &[fill()], &claims, None).route)
    };
    let resolved = (None, Some(Route::Resolve));
    assert_eq!(with(&|plan| plan.standing.last_execute = Some("success".into())), resolved);
    assert_eq!(with(&|plan| plan.standing.resume_phase = Some("review".into())), resolved);
    assert_eq!(with(&|plan| plan.standing.is_reviewed = false), resolved);
    assert_eq!(with(&|plan| plan.mode = crate::model::Mode::Prose("doc".into())), resolved);
    assert_eq!(with(&|plan| plan.batches.clear()), resolved);
    assert_eq!(with(&|plan| plan.standing.resume_phase = None), (Some(Route::Advance), Some(Route::Advance)));
}

#[test]
fn a_plan_that_is_not_blocked_keeps_its_state() {
    let (mut plan, claims) = usual();
    plan.current_state = "finalized".into();
    let found = diagnosis(&plan, &[fill()], &claims, None);
    assert!(found.route.is_none() && found.obstacles.is_empty() && found.commands.is_empty());
}

#[test]
fn a_lost_account_leaves_the_execute() {
    let mut plan = blocked(&[]);
    plan.standing.last_execute = Some("error".into());
    let found = diagnosis(&plan, &[fill()], &[], None);
    assert_eq!(found.route, None);
    assert!(found.reason.contains("lists no blocker"), "{}", found.reason);
    assert_eq!(found.commands, ["megaplan execute --plan plan --confirm-destructive --user-approved"]);
}

#[test]
fn blockers_that_share_an_id_are_not_hidden_by_one_another() {
    let (mut plan, mut claims) = usual();
    let result = plan.phase_result.as_mut().unwrap();
    result.deviations = vec![blocker(0, OBSERVED), blocker(1, PENDING)];
    for deviation in &mut result.deviations {
        deviation.explicit_id = Some("quality:global:one".into());
    }
    // Whoever collects claims keeps one per id.
    let mut observed = assessed(OBSERVED, ClaimClass::Informational, Verdict::Holds);
    observed.claim.id = "quality:global:one".into();
    claims.push(observed);
    let found = diagnosis(&plan, &[fill()], &claims, None);
    assert_eq!((settlements(&found), found.route), (vec![Settlement::Undecided], None));
}

#[test]
fn many_blockers_about_many_tasks_are_looked_up_and_not_searched() {
    const MANY: usize = 5_000;
    let mut plan = blocked(&[]);
    plan.tasks = (0..MANY).map(|at| testing::task(&format!("T{at}"))).collect();
    let message = |at: usize| format!("Done tasks missing both files_changed and commands_run: T{at}");
    let result = plan.phase_result.as_mut().unwrap();
    result.deviations = (0..MANY).map(|at| blocker(at, &message(at))).collect();
    let claims: Vec<Assessment> =
        (0..MANY).map(|at| assessed(&message(at), ClaimClass::Metadata, Verdict::Holds)).collect();
    let fills: Vec<Fill> = (0..MANY).map(|at| Fill { task: TaskId(format!("T{at}")), ..fill() }).collect();
    let found = diagnosis(&plan, &fills, &claims, Some(Route::Resolve));
    assert_eq!(found.answers.len(), MANY);
    let changes = state_changes(&found, &plan, &Run { id: "r", now: "2026-05-22T00:00:00Z" });
    let (after, edits) = crate::repair::state::edit(r#"{"meta": {"overrides": []}}"#, &changes).unwrap();
    assert_eq!(edits.len(), 2, "one list is made, the other has one more");
    assert!(after.contains("\"blocker_id\""));
}
