use std::collections::BTreeSet;

use super::*;
use crate::gate::parse_message;
use crate::model::ClaimOrigin;
use crate::model::testing::{plan, task};
use proptest::prelude::*;

fn claim(text: &str, file: Option<&str>, task: Option<&str>) -> Claim {
    Claim {
        id: String::new(),
        text: text.into(),
        origin: ClaimOrigin { artifact: "review.json".into(), pointer: "/issues/0".into() },
        task_ids: task.map(Into::into).into_iter().collect(),
        evidence_file: file.map(Into::into),
        made_at: None,
        stance: None,
        is_blocker: false,
    }
}

fn linked(claims: &[Claim]) -> Vec<Option<Link>> {
    let messages: Vec<_> = claims.iter().map(|claim| parse_message(&claim.text, &|_| false)).collect();
    links(claims, &messages)
}

/// How the second of two texts relates to the first.
fn relation(first: &str, second: &str) -> Option<Link> {
    linked(&[claim(first, None, None), claim(second, None, None)]).pop().flatten()
}

fn is_same(first: &str, second: &str) -> bool {
    relation(first, second) == Some(Link::Same(0))
}

#[test]
fn messages_are_one_by_family_and_members() {
    let hollow = |ids: &str| format!("Done tasks missing both files_changed and commands_run: {ids}");
    assert!(is_same(&hollow("T2, T3"), &hollow("T3, T2").to_lowercase().replace("t3, t2", "T3, T2")));
    assert!(is_same(&hollow("T2, T3"), &format!("Advisory audit finding: {}", hollow("T3"))));
    assert_eq!(relation(&hollow("T2"), &hollow("T2, T9")), Some(Link::Grown(0, vec!["T9".into()])));
    assert_eq!(relation(&hollow("T1"), &hollow("T10")), None);
    assert_eq!(relation(&hollow("T1, T2"), &hollow("T2, T3")), None);
    assert_eq!(
        relation(&hollow("T1"), "Done test tasks missing files_changed or pytest commands_run: T1"),
        None
    );
}

#[test]
fn growth_by_the_harness_s_own_files_is_none() {
    let changed = |list: &str| format!("Git status shows changed files not claimed by any task: {list}");
    assert!(is_same(&changed("src/a.rs"), &changed(".megaplan/debt.json, src/a.rs")));
    assert!(is_same(&changed("/home/x/repo/src/a.rs"), &changed("src/a.rs")));
    assert_eq!(
        relation(&changed("src/a.rs"), &changed("src/a.rs, src/b.rs")),
        Some(Link::Grown(0, vec!["src/b.rs".into()]))
    );
}

#[test]
fn prefixes_and_lines_do_not_matter_and_symbols_do() {
    let first = "`src/fare.rs:12-14` still rounds with `round_down` before adding the tax.";
    assert!(is_same(
        first,
        "Is it right?: `src/fare.rs:30-32` still rounds with `round_down` before adding the tax."
    ));
    assert!(!is_same(first, "`src/fare.rs:12-14` still rounds with `round_up` before adding the tax."));
    assert!(!is_same(first, "`src/toll.rs:12-14` still rounds with `round_down` before adding the tax."));
    assert!(!is_same(first, "`src/fare.rs:12-14` no longer rounds with `round_down` before adding the tax."));
}

#[test]
fn reworded_complaints_about_the_same_things_are_one() {
    assert!(is_same(
        "`Mixer.tsx:31` does not release the audio context when the panel closes, so `AudioContext` objects pile up.",
        "Audio contexts pile up: `Mixer.tsx` creates an `AudioContext` per opening and never releases it when the panel closes."
    ));
    assert!(!is_same(
        "Confirmed. `Mixer.tsx` releases the `AudioContext` when the panel closes.",
        "`Mixer.tsx` still does not release the `AudioContext` when the panel closes."
    ));
    assert!(!is_same("Criterion 4 needs a person to look.", "Criterion 7 needs a person to look."));
}

#[test]
fn what_code_says_is_no_complaint() {
    assert!(is_same(
        "Pass. The banner of `Dialog.test.tsx` is checked through the real dialog hook, from loading to shown.",
        "The real dialog hook is checked in `Dialog.test.tsx`: the banner goes from `state:missing` to shown after loading."
    ));
}

#[test]
fn one_wording_about_two_places_is_two_claims() {
    let two = |a: Claim, b: Claim| linked(&[a, b]).pop().flatten();
    let text = "The docstring is missing.";
    assert_eq!(two(claim(text, Some("a.py"), None), claim(text, Some("b.py"), None)), None);
    assert_eq!(two(claim(text, None, Some("T1")), claim(text, None, Some("T2"))), None);
    assert_eq!(two(claim(text, Some("a.py"), None), claim(text, Some("x/a.py"), None)), Some(Link::Same(0)));
}

#[test]
fn ids_do_not_depend_on_the_position() {
    let mut moved = claim("`a.rs:3` is wrong.", None, None);
    let first = id(&moved);
    moved.origin.pointer = "/issues/7".into();
    moved.text = "`a.rs:9` is wrong.".into();
    assert_eq!(id(&moved), first);
    moved.origin.pointer = "/rework_items/7/actual".into();
    assert_ne!(id(&moved), first);
}

#[test]
fn old_ids_are_recalled_from_texts_and_templates() {
    let plan = plan(["T1", "T2", "T3"].map(task).into());
    let ids = BTreeSet::from([
        // Spec fact 4 has no id for this set; it is computed as the harness does.
        blocker("Done tasks missing both files_changed and commands_run: T1, T3"),
        blocker("Something that a review said."),
        blocker("Nobody knows this."),
    ]);
    let found = recall(&ids, &plan, &["Something that a review said.".to_owned()]);
    let mut messages: Vec<&String> = found.values().collect();
    messages.sort();
    assert_eq!(
        messages,
        ["Done tasks missing both files_changed and commands_run: T1, T3", "Something that a review said."]
    );
}

fn blocker(message: &str) -> String {
    crate::gate::blocker_id(&crate::model::Blocker {
        pointer: String::new(),
        kind: "quality_gate".into(),
        message: message.into(),
        task_id: None,
        explicit_id: None,
    })
}

proptest! {
    #[test]
    fn any_text_is_taken_apart(text in "\\PC*|[`\\[\\]():/.a-zA-Z0-9 \u{e9}\n-]{0,200}") {
        let claims = [claim(&text, None, None), claim(&text, None, None)];
        let linked = linked(&claims);
        prop_assert_eq!(&linked[0], &None);
        prop_assert_eq!(&linked[1], &Some(Link::Same(0)));
        files(&text);
    }

    #[test]
    fn many_claims_find_their_twins(count in 130_usize..200) {
        let text = |at: usize| format!("`src/m{at}/f{at}.rs` still calls `old_{at}` on the way.");
        let mut claims: Vec<Claim> = (0..count).map(|at| claim(&text(at), None, None)).collect();
        claims.extend((0..count).map(|at| claim(&text(at), None, None)));
        let linked = linked(&claims);
        for at in 0..count {
            prop_assert_eq!(&linked[count + at], &Some(Link::Same(at)));
        }
    }
}
