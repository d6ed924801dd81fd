use super::*;
use crate::model::ClaimClass;

fn read(message: &str) -> Option<Message> {
    parse(message, &|id| matches!(id, "T3" | "T4"))
}

fn class(message: &str) -> ClaimClass {
    classify(message, &|id| matches!(id, "T3" | "T4"))
}

fn tasks(ids: &[&str]) -> Subject {
    Subject::Tasks(ids.iter().map(|id| (*id).to_owned()).collect())
}

#[test]
fn families_are_recognised_in_either_case_and_behind_prefixes() {
    for message in [
        "Done tasks missing both files_changed and commands_run: T9, T12",
        "done tasks missing both files_changed and commands_run: T9, T12",
        "Advisory quality: Advisory audit finding: Done tasks missing both files_changed and commands_run: T9, T12",
    ] {
        let read = read(message).unwrap();
        assert_eq!((read.family, read.subject), (Family::HollowDone, tasks(&["T9", "T12"])), "{message}");
    }
}

#[test]
fn rules_of_their_own_are_families_of_their_own() {
    for (message, family) in [
        (
            "Advisory audit finding: Tasks marked done with neither files_changed nor commands_run (suspicious \u{2014} executor may have skipped without flagging): T9",
            Family::HollowAudit,
        ),
        ("Done test tasks missing files_changed or pytest commands_run: T9", Family::HollowTest),
        ("Advisory: docs task has notes but no files_changed: T9", Family::AdvisoryDocs),
        (
            "Advisory observation mismatch: git status/content hash delta found unclaimed files: a, b",
            Family::UnclaimedObserved,
        ),
    ] {
        assert_eq!(read(message).unwrap().family, family, "{message}");
    }
}

#[test]
fn subjects_are_taken_apart() {
    let subject = |message: &str| read(message).unwrap().subject;
    assert_eq!(subject("T3, T4"), tasks(&["T3", "T4"]));
    assert_eq!(
        subject("2/7 batch tasks have no executor update \u{2014} tracking is incomplete."),
        Subject::Count { open: 2, all: 7 }
    );
    assert_eq!(
        subject(
            "task(s) reported status=blocked by the worker: T1, T2. Resolve or replan the blocked task(s) before continuing."
        ),
        tasks(&["T1", "T2"])
    );
    assert_eq!(
        subject(
            "Pre-existing blocked tasks treated as satisfied for scheduling: ['T4']. Downstream tasks ran"
        ),
        tasks(&["T4"])
    );
    assert_eq!(
        subject("Skipped malformed task_updates[3]: expected object."),
        Subject::Row { list: "task_updates".into(), at: 3 }
    );
    assert_eq!(
        subject("scope_drift_severity=high: unclaimed files ['a', 'b'] with 12 LOC outside the claimed set"),
        Subject::Paths("a, b".into())
    );
    assert_eq!(
        subject("Duplicate task_update for 'T3' \u{2014} last entry wins."),
        Subject::Name("T3".into())
    );
    assert_eq!(subject("Sense check SC4 acknowledgment is perfunctory: 'ok'."), Subject::Name("SC4".into()));
}

#[test]
fn what_is_only_nearly_a_template_is_none() {
    for message in [
        "Done tasks missing both files_changed and commands_run: T1 and maybe more of them",
        "Done tasks missing both files_changed",
        "7 tasks have no executor update",
        "1/2 tasks have no executor update, and the build fails",
        "Skipped malformed rows[3]: expected object.",
        "T3, T9",
        "",
        "Sense check of the build is missing an executor acknowledgment.",
    ] {
        assert_eq!(read(message), None, "{message}");
        assert_eq!(class(message), ClaimClass::Implementation, "{message}");
    }
}

#[test]
fn hollow_families_are_metadata() {
    for message in [
        "Done tasks missing both files_changed and commands_run: T9",
        "Done audit/research tasks missing substantial executor_notes (need >=100 chars): T1",
        "Done docs tasks missing files_changed: T1",
        "T3, T4",
    ] {
        assert_eq!(class(message), ClaimClass::Metadata, "{message}");
    }
}

#[test]
fn a_wrapped_complaint_about_work_stays_one() {
    assert_eq!(
        class("Advisory audit finding: Tasks left pending after execute (executor never started them): T3"),
        ClaimClass::Implementation
    );
    assert_eq!(class("Advisory: this one is not known"), ClaimClass::Implementation);
}

#[test]
fn what_is_said_for_the_record_is_informational() {
    for message in [
        "Advisory audit skip: Project directory is not a git repository.",
        "Advisory observation skip before batch 1/1: Project directory is not a git repository.",
        "Advisory observation mismatch: git status/content hash delta found unclaimed files: a",
        "Advisory quality: skipped quality checks because post-batch git snapshot failed: no.",
        "Auto-attribution ambiguous: 2 done tasks shared 3 unclaimed files",
    ] {
        assert_eq!(class(message), ClaimClass::Informational, "{message}");
    }
}

#[test]
fn templates_are_in_lower_case_and_none_hides_another() {
    for (at, template) in TEMPLATES.iter().enumerate() {
        assert_eq!(template.opening, template.opening.to_lowercase());
        assert_eq!(template.closing, template.closing.to_lowercase());
        let hides = |later: &&Template| {
            later.is_counted == template.is_counted
                && template.closing.is_empty()
                && later.opening != template.opening
                && later.opening.starts_with(template.opening)
        };
        let hidden = TEMPLATES[at + 1..].iter().find(hides).map(|later| later.opening);
        assert_eq!(hidden, None, "behind {}", template.opening);
    }
}
