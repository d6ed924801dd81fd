//! Situations of claims over a line of commits, decided by the rules and the counts that are built in.

use proptest::prelude::*;

use super::*;
use crate::claims::testing::{Files, claim, claim_at};
use crate::model::Verdict::{CannotTell, Holds, Stale};

const PANEL: &str = "src/Panel.tsx";

fn one(claim: Claim, files: &Files) -> Ruling {
    rulings(&[claim], files, MAX_CLAIM_BYTES).pop().expect("one ruling per claim")
}

fn verdict(claim: Claim, files: &Files) -> Verdict {
    one(claim, files).verdict
}

#[test]
fn code_that_a_commit_removed_makes_a_complaint_stale() {
    let files = Files::default()
        .commit(&[(PANEL, "const a = 1;\nuse(PREVIEW_FPS);\n")])
        .commit(&[(PANEL, "const a = 1;\nuse(PREVIEW_FPS);\nconst b = 2;\n")])
        .commit(&[(PANEL, "const a = 1;\nuse(fps);\nconst b = 2;\n")])
        .commit(&[(PANEL, "const a = 2;\nuse(fps);\nconst b = 2;\n")]);
    let ruling =
        one(claim_at(0, "Checked `src/Panel.tsx:2`. It still uses the hardcoded `PREVIEW_FPS`."), &files);
    assert_eq!(ruling.verdict, Stale);
    let witness = ruling.witness.expect("stale never comes without a witness");
    assert_eq!((witness.path.as_str(), witness.lines, witness.commit), (PANEL, None, Some(Files::id(2))));
}

#[test]
fn a_directory_may_be_called_like_the_side_of_a_diff() {
    let text = "call();\nother();\ncall();\n";
    let both = Files::default().commit(&[("a/x.ts", text), ("b/x.ts", text)]);
    let one_side = Files::default().commit(&[("x.ts", text)]);
    for (files, path) in [(both, "b/x.ts"), (one_side, "x.ts")] {
        let ruling = one(claim("`b/x.ts:3` still says `call()`."), &files);
        let witness = ruling.witness.expect("it is there");
        assert_eq!((witness.path.as_str(), witness.lines), (path, Some((3, 3))));
    }
}

#[test]
fn code_that_moved_to_another_file_decides_nothing() {
    let files = Files::default()
        .commit(&[(PANEL, "function clampRange() {}\n")])
        .commit(&[(PANEL, "import x\n"), ("src/clamp.ts", "export function clampRange() {}\n")]);
    assert_eq!(verdict(claim_at(0, "Checked `src/Panel.tsx`. It defines `clampRange`."), &files), CannotTell);
}

#[test]
fn a_deleted_file_whose_code_lives_on_decides_nothing() {
    let files = Files::default()
        .commit(&[(PANEL, "function clampRange() {}\nlet other = 1;\n")])
        .commit(&[("src/clamp.ts", "export function clampRange() {}\n")]);
    assert_eq!(verdict(claim_at(0, "Checked `src/Panel.tsx`. It defines `clampRange`."), &files), CannotTell);
}

#[test]
fn a_renamed_file_is_followed() {
    let text = "let one = 1;\nlet two = 2;\nlet three = start(BASE_RATE);\n";
    let files = Files::default().commit(&[("src/old/Rates.ts", text)]).commit(&[("src/new/Rates.ts", text)]);
    let ruling = one(claim_at(0, "Checked `src/old/Rates.ts:3`. It hardcodes `BASE_RATE`."), &files);
    assert_eq!(ruling.verdict, Holds);
    assert_eq!(ruling.witness.map(|witness| witness.path), Some("src/new/Rates.ts".to_owned()));
}

#[test]
fn what_was_missing_and_is_there_now_is_stale_and_half_of_it_is_not() {
    let both = "`src/Panel.tsx` is incomplete: `onBlur` and `onEscape` are missing.";
    let either = "`src/Panel.tsx` has no `onBlur` or `onEscape` handler.";
    let files = Files::default().commit(&[(PANEL, "x\n")]).commit(&[(PANEL, "x\nonBlur()\n")]);
    assert_eq!(verdict(claim_at(0, both), &files), CannotTell);
    assert_eq!(answers(&[claim_at(0, either)], &files)[0].as_ref().map(|answer| answer.verdict), Some(Stale));
    let files = files.commit(&[(PANEL, "x\nonBlur()\nonEscape()\n")]);
    assert_eq!(answers(&[claim_at(0, both)], &files)[0].as_ref().map(|answer| answer.verdict), Some(Stale));
}

#[test]
fn a_critique_of_unchanged_content_holds_where_its_lines_are() {
    let files = Files::default()
        .commit(&[(PANEL, "a\nb\nuse(RATE)\nuse(RATE)\n"), ("x.ts", "1")])
        .commit(&[(PANEL, "a\nb\nuse(RATE)\nuse(RATE)\n"), ("x.ts", "2")]);
    let ruling = one(claim_at(0, "Checked `src/Panel.tsx:4`. It hardcodes `RATE`."), &files);
    assert_eq!(ruling.verdict, Holds);
    // The quote occurs twice; the lines that are named tell which one is meant.
    assert_eq!(ruling.witness.and_then(|witness| witness.lines), Some((4, 4)));
}

#[test]
fn a_confirmation_of_what_never_came_in_is_stale() {
    let files =
        Files::default().commit(&[(PANEL, "a\n"), ("x.ts", "1")]).commit(&[(PANEL, "a\n"), ("x.ts", "2")]);
    assert_eq!(verdict(claim_at(0, "Confirmed. `src/Panel.tsx` calls `startDrag()`."), &files), Stale);
}

#[test]
fn a_confirmation_holds_once_its_work_is_in() {
    let files = Files::default().commit(&[(PANEL, "a\n")]).commit(&[(PANEL, "a\nb\nstartDrag()\n")]);
    let ruling = one(claim_at(0, "Confirmed. `src/Panel.tsx` calls `startDrag()`."), &files);
    assert_eq!(ruling.verdict, Holds);
    let witness = ruling.witness.expect("a place to look at");
    assert_eq!(
        (witness.lines, witness.excerpt.as_str(), witness.commit),
        (Some((3, 3)), "startDrag()", Some(Files::id(1)))
    );
}

#[test]
fn test_results_and_judgement_are_not_decided() {
    let files = Files::default().commit(&[(PANEL, "startDrag()\n")]);
    for text in [
        "Re-ran the suite: 7 test files passed, 43 tests passed.",
        "The approach is not convincing and should be reconsidered.",
        "`npm test` still fails.",
    ] {
        assert_eq!(verdict(claim_at(0, text), &files), CannotTell, "{text}");
    }
}

#[test]
fn a_search_is_run_again() {
    let files = Files::default()
        .commit(&[("src/a.ts", "old_name()\n"), (".plans/review.json", "old_name")])
        .commit(&[("src/a.ts", "new_name()\n"), (".plans/review.json", "old_name")]);
    let text = "Confirmed: `rg old_name src/` returned nothing.";
    let said = |files: &Files| answers(&[claim_at(0, text)], files)[0].as_ref().map(|answer| answer.verdict);
    assert_eq!(said(&files), Some(Holds));
    assert_eq!(said(&files.commit(&[("src/b.ts", "old_name()\n")])), Some(Stale));
}

#[test]
fn a_commit_that_does_not_exist_is_no_point_in_time() {
    let files = Files::default().commit(&[(PANEL, "startDrag()\n")]);
    assert_eq!(verdict(claim_at(7, "Checked `src/Panel.tsx`. It calls `startDrag()`."), &files), CannotTell);
}

#[test]
fn hostile_claims_end_and_decide_nothing() {
    let files = Files::default().commit(&[(PANEL, "startDrag()\n")]);
    let quote = format!("Checked `src/Panel.tsx`. It says `{}`.", "startDrag ".repeat(100_000));
    let pattern = format!("Confirmed: `rg '{}x' src/` returned nothing.", "(a*)*".repeat(60));
    for text in
        ["Checked `../../../etc/passwd:1`. It has `root:x`.", &quote, &pattern, "`", "", "rg", "not not not"]
    {
        assert_ne!(verdict(claim_at(0, text), &files), Stale, "{}", &text[..text.len().min(40)]);
        assert_ne!(verdict(claim(text), &files), Stale, "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn claims_do_not_depend_on_their_neighbours() {
    let files = Files::default()
        .commit(&[(PANEL, "use(RATE)\n"), ("src/b.ts", "alpha_one()\n")])
        .commit(&[(PANEL, "use(rate)\n"), ("src/b.ts", "alpha_one()\nbeta_two()\n")]);
    let claims = [
        claim_at(0, "Checked `src/Panel.tsx`. It uses `RATE`."),
        claim_at(0, "Resolved: nothing calls `alpha_one` any more; it no longer uses `alpha_one`."),
        claim_at(0, "Passed. `beta_two` is called."),
        claim("`src/b.ts` calls `beta_two`."),
    ];
    let together = rulings(&claims, &files, MAX_CLAIM_BYTES);
    for (claim, ruling) in claims.into_iter().zip(together) {
        assert_eq!(one(claim, &files), ruling);
    }
}

/// What the claims below are about: code that stays, goes, comes, moves and is nowhere.
fn history_of_words() -> Files {
    Files::default()
        .commit(&[
            (PANEL, "use(RATE)\nkeep_it()\n"),
            ("src/b.ts", "alpha_one()\n"),
            ("src/gone.ts", "gamma()\n"),
        ])
        .commit(&[
            (PANEL, "use(rate)\nkeep_it()\n"),
            ("src/b.ts", "alpha_one()\nbeta_two()\n"),
            ("lib/new.ts", "gamma()\n"),
        ])
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let word = prop::sample::select(vec![
        "RATE",
        "rate",
        "keep_it",
        "alpha_one",
        "beta_two",
        "gamma",
        "nowhere_at_all",
    ]);
    let path = prop::sample::select(vec![
        PANEL,
        "src/b.ts",
        "src/gone.ts",
        "lib/new.ts",
        "Panel.tsx",
        "src/none.ts",
    ]);
    let form = prop::sample::select(vec![
        "`PATH` still has `WORD`.",
        "`WORD` was never removed from `PATH`",
        "`PATH:1-2` does not call `WORD()`",
        "`WORD()` is missing everywhere",
        "`rg 'WORD' src` finds no matches",
        "`PATH` does not exist",
    ]);
    (form, path, word, prop::option::of(0..2_usize), any::<bool>()).prop_map(
        |(form, path, word, at, has_file)| {
            let text = form.replace("PATH", path).replace("WORD", word);
            let claim = at.map_or_else(|| claim(&text), |at| claim_at(at, &text));
            Claim { evidence_file: has_file.then(|| path.to_owned()), ..claim }
        },
    )
}

proptest! {
    #[test]
    fn neither_neighbours_nor_order_nor_threads_change_a_ruling(
        // Many of them wait for files that they ask for by name, and more than may wait.
        (claims, turned) in prop::collection::vec(any_claim(), 1..48)
            .prop_flat_map(|claims| (Just(claims.clone()), Just((0..claims.len()).collect::<Vec<_>>()).prop_shuffle())),
        threads in 2..9_usize,
        is_work_tree: bool,
    ) {
        let files = history_of_words().in_work_tree(is_work_tree);
        let by = |claims: &[Claim], threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| rulings(claims, &files, MAX_CLAIM_BYTES))
        };
        let alone: Vec<Ruling> = claims.iter().map(|claim| one(claim.clone(), &files)).collect();
        prop_assert_eq!(&by(&claims, 1), &alone);
        prop_assert_eq!(&by(&claims, threads), &alone);
        let reordered: Vec<Claim> = turned.iter().map(|&at| claims[at].clone()).collect();
        let expected: Vec<Ruling> = turned.iter().map(|&at| alone[at].clone()).collect();
        prop_assert_eq!(&by(&reordered, threads), &expected);
    }
}
