use proptest::prelude::*;

use super::*;
use crate::claims::testing::claim;
use crate::config::MAX_CLAIM_BYTES as MOST;

fn atoms(text: &str) -> Vec<(String, Polarity)> {
    read(&claim(text), MOST).atoms.into_iter().map(|atom| (atom.text, atom.polarity)).collect()
}

fn negated(text: &str) -> Vec<String> {
    atoms(text)
        .into_iter()
        .filter(|(_, polarity)| *polarity == Polarity::Negated)
        .map(|(text, _)| text)
        .collect()
}

#[test]
fn a_negation_reaches_a_list_and_stops_at_other_words() {
    assert_eq!(
        negated("There is no `blur`, `leave`, or `Escape` path when `open` is set."),
        ["blur", "leave", "Escape"]
    );
    assert_eq!(negated("`a.ts` does not define or call `isRecord`; only `gen` does."), ["isRecord"]);
    assert_eq!(
        negated("It no longer relies on `overlayClass`, `zBase`, or forwarded `tip`."),
        ["overlayClass", "zBase", "tip"]
    );
    assert_eq!(negated("`one` without `two` in `three`"), ["two"]);
    assert_eq!(negated("replaces the former 'magic-edit' fixture with 'text'"), ["magic-edit"]);
    assert_eq!(negated("uses `useFoo` rather than `useBar`"), ["useBar"]);
}

#[test]
fn what_is_no_negation() {
    assert!(negated("adds the missing `useFoo` test").is_empty());
    assert!(negated("not only `useFoo` but `useBar`").is_empty());
    assert!(negated("asserts `cancelRender` is never called").is_empty());
}

#[test]
fn a_proposal_is_no_statement() {
    assert!(negated("Dropping `useFoo` will leave `useBar` broken.").is_empty());
    assert_eq!(negated("It composes `useBar` after deleting `useFoo`."), ["useFoo"]);
}

#[test]
fn what_is_said_afterwards() {
    assert_eq!(negated("`a`, `bee` and `cee` do not exist."), ["bee", "cee"]);
    assert_eq!(negated("`useFoo` is missing."), ["useFoo"]);
    assert!(negated("`useFoo` is missing error handling").is_empty());
    assert!(negated("It falls back when `useFoo` is missing.").is_empty());
}

#[test]
fn plans_and_wishes_say_nothing_about_files() {
    let found = atoms("The plan adds `useFoo`, but `useBar` is missing.");
    assert_eq!(found, [("useFoo".into(), Polarity::Mentioned), ("useBar".into(), Polarity::Negated)]);
    assert_eq!(atoms("This should call `useFoo`")[0].1, Polarity::Mentioned);
    assert_eq!(atoms("Reviewed the `create_all` plan.")[0].1, Polarity::Mentioned);
}

#[test]
fn paths_keep_their_lines_and_clause() {
    let reading =
        read(&claim("Checked [A.tsx](/Users/x/app/src/A.tsx#L4). `b.ts:3-9,12` calls `go()`."), MOST);
    let paths: Vec<_> =
        reading.paths.iter().map(|found| (found.spelled.path.as_str(), &found.spelled.lines[..])).collect();
    assert_eq!(paths, [("/Users/x/app/src/A.tsx", &[(4, 4)][..]), ("b.ts", &[(3, 9), (12, 12)][..])]);
    assert_eq!(reading.paths[1].clause, reading.atoms[0].clause);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_can_be_read(text in "\\PC{0,400}|([`'\"\\[\\]()., ]|not|rg |no |src/a.ts:1-|\n){0,200}") {
        let reading = read(&claim(&text), MOST);
        for span in reading.atoms.iter().map(|atom| &atom.span).chain(reading.paths.iter().map(|path| &path.span)) {
            prop_assert!(text.get(span.clone()).is_some());
        }
        prop_assert!(reading.atoms.len() <= MAX_ATOMS && reading.paths.len() <= MAX_ATOMS);
    }
}

#[test]
fn hostile_texts_are_cut() {
    for unit in ["`", "[", "'a", "rg a ", "a/", "not ", "src/a.ts:1,", "((((", "`rg '"] {
        let reading = read(&claim(&unit.repeat(200_000)), MOST);
        assert!(reading.is_cut && reading.atoms.len() <= MAX_ATOMS, "{unit}");
    }
}
