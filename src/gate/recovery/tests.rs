//! What the harness itself answered: each expectation was seen from its own command on a plan like this one.

use super::*;
use crate::model::{Blocker, Failure, PhaseResult, RecordedResolution, Standing, testing};

const HOLLOW: &str = "Done tasks missing both files_changed and commands_run: T9";
const HOLLOW_ID: &str = "quality:global:9698522a8a17";
const ADVISORY: &str = "Advisory audit skip: Project directory is not a git repository.";

fn blocked(messages: &[&str]) -> Plan {
    let mut plan = testing::plan(vec![testing::task("T9")]);
    plan.current_state = "blocked".into();
    plan.standing = Standing { resume_phase: Some("execute".into()), ..Standing::default() };
    let deviation = |message: &&str| Blocker {
        pointer: String::new(),
        kind: "quality_gate".into(),
        message: (*message).to_owned(),
        task_id: None,
        explicit_id: None,
    };
    plan.phase_result =
        Some(PhaseResult { deviations: messages.iter().map(deviation).collect(), ..PhaseResult::default() });
    plan
}

fn answered(mut plan: Plan, id: &str, resolution: &str) -> Plan {
    plan.standing.resolutions.push(RecordedResolution {
        blocker_id: id.into(),
        resolution: resolution.into(),
        timestamp: "2026-05-22T00:00:00Z".into(),
        phase: Some("execute".into()),
        evidence: vec!["receipt".into()],
        debt_note: Some("repaired".into()),
        is_malformed: false,
    });
    plan
}

fn asked(plan: &Plan, generation: Generation) -> Result<&'static str, Refusal> {
    recover_blocked(plan, generation, &History::absent(""))
}

fn both(plan: &Plan) -> [Result<&'static str, Refusal>; 2] {
    [Generation::Early, Generation::Late].map(|generation| asked(plan, generation))
}

fn unanswered(ids: &[&str]) -> Result<&'static str, Refusal> {
    Err(Refusal::Unanswered { ids: ids.iter().map(|id| (*id).to_owned()).collect() })
}

#[test]
fn accepted_debt_passes_in_both_and_a_fix_only_in_the_later() {
    let open = unanswered(&[HOLLOW_ID]);
    assert_eq!(both(&blocked(&[HOLLOW])), [open.clone(), open.clone()]);
    assert_eq!(
        both(&answered(blocked(&[HOLLOW]), HOLLOW_ID, "accepted_with_debt")),
        [Ok("finalized"), Ok("finalized")]
    );
    assert_eq!(both(&answered(blocked(&[HOLLOW]), HOLLOW_ID, "fixed")), [open.clone(), Ok("finalized")]);
    assert_eq!(both(&answered(blocked(&[HOLLOW]), HOLLOW_ID, "rejected")), [open.clone(), open]);
}

#[test]
fn no_blockers_pass_only_in_the_later() {
    assert_eq!(both(&blocked(&[])), [Err(Refusal::NoBlockers), Ok("finalized")]);
}

#[test]
fn advisory_lines_block_only_in_the_earlier() {
    let [early, late] = both(&blocked(&[ADVISORY]));
    assert_eq!((early, late), (unanswered(&["quality:global:9b63f40b5cd4"]), Ok("finalized")));
}

#[test]
fn the_phase_decides_where_it_goes_on() {
    let mut review = answered(blocked(&[HOLLOW]), HOLLOW_ID, "accepted_with_debt");
    review.standing.resume_phase = Some("review".into());
    assert_eq!(asked(&review, Generation::Early), Ok("executed"));
    review.standing.resume_phase = Some("ship".into());
    assert!(matches!(asked(&review, Generation::Early), Err(Refusal::UnknownPhase { .. })));
    for phase in [Some(String::new()), None] {
        review.standing.resume_phase = phase;
        assert_eq!(asked(&review, Generation::Early), Err(Refusal::NoCursor));
    }
}

#[test]
fn only_blocked_plans_with_an_account_of_it_are_recovered() {
    let mut plan = blocked(&[]);
    plan.phase_result = None;
    assert_eq!(asked(&plan, Generation::Late), Err(Refusal::NoPhaseResult));
    plan.current_state = "aborted".into();
    assert!(matches!(asked(&plan, Generation::Late), Err(Refusal::NotBlocked { .. })));
    let mut aborted = blocked(&[]);
    aborted.current_state = "aborted".into();
    aborted.standing.failure = Some(Failure { kind: "execution_blocked".into(), state: "blocked".into() });
    assert_eq!(asked(&aborted, Generation::Late), Ok("finalized"));
    assert!(matches!(asked(&aborted, Generation::Early), Err(Refusal::NotBlocked { .. })));
}

#[test]
fn stops_of_another_sort_are_not_taken_up() {
    let mut diverged = blocked(&[]);
    diverged.standing.failure =
        Some(Failure { kind: "authority_divergence".into(), state: "blocked".into() });
    assert!(matches!(asked(&diverged, Generation::Late), Err(Refusal::OtherFailure { .. })));
    let mut waiting = blocked(&[]);
    waiting.phase_result.as_mut().unwrap().blocked_tasks = vec![("T9".into(), "no key".into())];
    // What waits for nobody is run again.
    assert!(matches!(asked(&waiting, Generation::Early), Err(Refusal::BlockedTasks { .. })));
    assert_eq!(asked(&waiting, Generation::Late), Ok("finalized"));
    let text = r#"{"user_actions": [{"id": "U1"}]}"#;
    let document = Some(crate::json::parse(text, crate::json::Limits::default()).unwrap());
    waiting.artifacts.insert(crate::model::Artifact {
        name: "finalize.json".into(),
        text: text.into(),
        document,
    });
    assert!(matches!(asked(&waiting, Generation::Late), Err(Refusal::BlockedTasks { .. })));
}

#[test]
fn the_later_generation_is_known_by_its_marks() {
    let plan = blocked(&[]);
    assert_eq!(generation(&plan), Generation::Early);
    let mut versions = plan.clone();
    versions.standing.keeps_versions = true;
    let mut schema = plan.clone();
    schema.phase_result.as_mut().unwrap().names_schema = true;
    let mut directories = plan;
    directories.layout = crate::model::Layout::BatchDirectories;
    assert!([versions, schema, directories].iter().all(|plan| generation(plan) == Generation::Late));
}
