//! How a claim speaks: before or after the work, and of things that reading files does not decide.

use super::hints::{MAYBE_CRITIQUE, MAYBE_POST_WORK, MAYBE_TEST_RESULT};
use crate::model::Stance;
use crate::pattern::Pattern;

/// What the wording of a claim tells about how to read it. What rules seldom ask is looked for when they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// When it was made, seen from the work.
    pub stance: Stance,
    /// It tells the result of a test, a check or a command.
    pub tells_test_result: bool,
    /// The claim without the question before it.
    text: String,
}

impl Manner {
    /// Whether it says that something is missing or wrong.
    pub fn complains(&self) -> bool {
        COMPLAINT.is_match(&self.text)
    }

    /// Whether it warns of what a change would bring about, or advises one.
    pub fn warns(&self) -> bool {
        WARNING.is_match(&self.text)
    }

    /// Whether it says that something was removed.
    pub fn says_removed(&self) -> bool {
        REMOVED.is_match(&self.text)
    }
}

/// A checklist question that the harness puts before an answer.
static QUESTION: Pattern = Pattern::new(r"^[A-Z][^?`\n]{8,200}[a-z]\?(?:[^?`\n]{0,120}[a-z]\?){0,3}:\s");
static CRITIQUE: Pattern = Pattern::new(
    r"(?i)^(?:i\s+)?(?:re-?)?(?:checked|searched|looked|traced|inspected|reviewed|compared|read)\b|\b(?:the|this|revised|current|updated)\s+plan(?:'s)?\b|\bstep\s+\d|\bphase\s+\d|\bproposed\b|\bplan (?:still|never|does|says|adds|only|treats)\b",
);
static POST_WORK: Pattern = Pattern::new(
    r"(?i)^(?:(?:FLAG|SD|SC|T|CP)?-?\d*\s*)?(?:confirmed|pass(?:ed|es)?|verified|resolved|implemented|implementation is|done|fixed|satisfied|met|correct|complete[d]?)\b|^[\w-]{2,20} (?:resolved|confirmed|fixed|verified|satisfied)\b|\b(?:rework|executor|follow-on edit|git diff|final diff)\b|\bnow (?:\w+s|also|only)\b",
);
static CONFIRMS: Pattern = Pattern::new(
    r"(?i)^(?:[\w-]{2,20}[:\s]+)?(?:confirmed|pass(?:ed|es)?|verified|resolved|implemented|implementation is|done|fixed|satisfied|met|correct)\b|^grep found no\b|^git diff shows\b",
);
static REFUSES: Pattern = Pattern::new(r"(?i)^(?:[\w-]{2,20}[:\s]+)?(?:not|fail(?:s|ed)?|no|partially)\b");
static TEST_RESULT: Pattern = Pattern::new(
    r"(?ix)\b\d+\s+(?:of\s+\d+\s+)?(?:tests?|test\s+files?|suites?|specs?|assertions?)?\s*(?:passed|passing|failed|failing)\b
        | \bre-?r(?:an|un)\b | \b(?:i|we|executor|reviewer)\s+ran\b | \bpassing\s+run\b | \bstill[\s-]+fail(?:s|ing)\b
        | \b(?:tests?|suites?|test\ run|typecheck|type-check|tsc|lint|eslint|build|ci|gate|vitest|pytest|cargo\ test|npm\ test|jest)`?\s+(?:run\s+)?(?:still\s+|now\s+|also\s+|all\s+)?(?:pass(?:es|ed|ing)?|fail(?:s|ed|ing)?|remain(?:s|ed)?\s+red|(?:is|are|was|were)\s+(?:green|red|clean|blocked))\b
        | \b(?:exit(?:ed|s)?|exit\s+code)\s+(?:code\s+)?\d | \btime(?:d\s+)?outs?\b",
);
static COMPLAINT: Pattern = Pattern::new(
    r"(?i)\b(?:not|no|never|missing|lacks?|omits?|without|wrong|incorrect|fails? to|unmet|unresolved|not implemented|not confirmed|incomplete|bug|broken|stale|duplicat\w+)\b|n't\b",
);
static REMOVED: Pattern = Pattern::new(
    r"(?i)\b(?:no longer|removed|deleted|former|eliminated|dropped|replaces|replaced|rather than|instead of|gone|retired)\b",
);
static WARNING: Pattern =
    Pattern::new(r"(?i)\b(?:risks?|regress\w*|would|could|should|might|may|if|unless)\b");

/// The claim without the question before it, and whether there was one.
pub(super) fn without_question(text: &str) -> (&str, bool) {
    let question = if text.contains("?:") { QUESTION.find(text) } else { None };
    match question {
        Some(question) => (&text[question.end..], true),
        None => (text, false),
    }
}

/// How `text`, which has lost its question and has these hints, speaks. `known` is the stance, where the artifact tells.
pub(super) fn manner(text: &str, likely: u32, had_question: bool, known: Option<Stance>) -> Manner {
    Manner {
        stance: known.unwrap_or_else(|| stance(text, had_question, likely)),
        tells_test_result: likely & MAYBE_TEST_RESULT != 0 && TEST_RESULT.is_match(text),
        text: text.to_owned(),
    }
}

fn stance(text: &str, had_question: bool, likely: u32) -> Stance {
    // What starts with a sign starts with no word, and whatever is not looked for at the start has its hints.
    let starts_word = !text.starts_with(|c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '_'));
    let is = |pattern: &Pattern, hint: u32| (starts_word || likely & hint != 0) && pattern.is_match(text);
    let confirms = || is(&CONFIRMS, 0);
    if is(&REFUSES, 0) {
        Stance::Neutral
    } else if had_question || (is(&CRITIQUE, MAYBE_CRITIQUE) && !confirms()) {
        Stance::Critique
    } else if confirms() || is(&POST_WORK, MAYBE_POST_WORK) {
        Stance::PostWork
    } else {
        Stance::Neutral
    }
}

#[cfg(test)]
mod tests {
    use super::super::hints;
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Manner {
        let (text, had_question) = without_question(text);
        manner(text, hints::likely(text), had_question, None)
    }

    #[test]
    fn stance_follows_the_wording() {
        assert_eq!(of("Is the scope right?: The list is short.").stance, Stance::Critique);
        assert_eq!(of("Checked `a.ts`. It calls `f`.").stance, Stance::Critique);
        assert_eq!(of("Confirmed. `a` is gone.").stance, Stance::PostWork);
        assert_eq!(of("FLAG-003 resolved: `f()` is used.").stance, Stance::PostWork);
        assert_eq!(of("`a.ts` uses `f`.").stance, Stance::Neutral);
    }

    #[test]
    fn test_results_are_recognised() {
        for text in [
            "7 test files passed, 43 tests passed",
            "I ran `npx tsc` and it fails",
            "The suite still fails",
            "`npm test` remained red",
        ] {
            assert!(of(text).tells_test_result, "{text}");
        }
        assert!(!of("`a.test.ts` covers the path").tells_test_result);
    }

    proptest! {
        #[test]
        fn hints_change_nothing(text in MANNERS, had_question: bool) {
            let found = manner(&text, hints::likely(&text), had_question, None);
            prop_assert_eq!(found.tells_test_result, TEST_RESULT.is_match(&text));
            let confirms = CONFIRMS.is_match(&text);
            let slowly = match () {
                () if REFUSES.is_match(&text) => Stance::Neutral,
                () if had_question || (!confirms && CRITIQUE.is_match(&text)) => Stance::Critique,
                () if confirms || POST_WORK.is_match(&text) => Stance::PostWork,
                () => Stance::Neutral,
            };
            prop_assert_eq!(found.stance, slowly);
        }
    }

    /// Texts of what the patterns are made of.
    const MANNERS: &str = r"(?x)(
        \ |\ |\ |-|:|`|\.|\n|1|2|FLAG|SD|i\ |re|the|this|revised|plan|'s|step|phase|proposed|still|never|does|only
        |checked|searched|reviewed|read|Confirmed|pass|passed|passes|verified|done|fixed|met|complete|rework|executor
        |git\ diff|final\ diff|now\ |uses|also|grep\ found\ no|shows|not|fails?|failed|failing|no|partially|tests?|suite|of
        |ran|run|rerun|passing|build|is|are|was|green|red|clean|blocked|exit|exited|code|time|timed|outs?|remains|npm\ test
        |\u{e9}|\u{17f}top|\u{212a}
    ){0,9}";

    #[test]
    fn all_patterns_are_valid() {
        let patterns = [
            &QUESTION,
            &CRITIQUE,
            &POST_WORK,
            &CONFIRMS,
            &REFUSES,
            &TEST_RESULT,
            &COMPLAINT,
            &REMOVED,
            &WARNING,
        ];
        assert!(patterns.into_iter().all(Pattern::is_valid));
    }
}
