//! How a claim speaks: before or after the work, and of things that reading files does not decide.

use crate::model::Stance;
use crate::pattern::Pattern;

/// What the wording of a claim tells about how to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation about the wording")]
pub struct Manner {
    /// When it was made, seen from the work.
    pub stance: Stance,
    /// It tells the result of a test, a check or a command.
    pub tells_test_result: bool,
    /// It says that something is the only one, all, or so many.
    pub counts: bool,
    /// It says that something is still so.
    pub says_still: bool,
    /// It says that something is missing or wrong.
    pub complains: bool,
    /// It reports that something was confirmed, passed or resolved.
    pub confirms: bool,
    /// It warns of what a change would bring about, or advises one.
    pub warns: bool,
    /// It says that something was removed.
    pub says_removed: bool,
    /// It speaks of what a plan, step or phase says.
    pub speaks_of_plan: bool,
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
static COUNTS: Pattern = Pattern::new(
    r"(?i)\b(?:only|solely|exclusively|exactly|all|every|each|none|everywhere|sole|\d+ (?:files|places|call sites|callers|usages|occurrences))\b",
);
static STILL: Pattern = Pattern::new(r"(?i)\b(?:still|remains?|continues? to|currently|existing|today)\b");
static COMPLAINT: Pattern = Pattern::new(
    r"(?i)\b(?:not|no|never|missing|lacks?|omits?|without|wrong|incorrect|fails? to|unmet|unresolved|not implemented|not confirmed|incomplete|bug|broken|stale|duplicat\w+)\b|n't\b",
);
static REMOVED: Pattern = Pattern::new(
    r"(?i)\b(?:no longer|removed|deleted|former|eliminated|dropped|replaces|replaced|rather than|instead of|gone|retired)\b",
);
static WARNING: Pattern =
    Pattern::new(r"(?i)\b(?:risks?|regress\w*|would|could|should|might|may|if|unless)\b");
static PLAN: Pattern = Pattern::new(r"(?i)\b(?:plan|plan's|step \d+|phase \d+|proposed|proposal)\b");

/// The claim without the question before it, and whether there was one.
pub(super) fn without_question(text: &str) -> (&str, bool) {
    match QUESTION.find(text) {
        Some(question) => (&text[question.end..], true),
        None => (text, false),
    }
}

/// How `text`, which has lost its question, speaks. `known` is the stance, where the artifact tells.
pub(super) fn manner(text: &str, had_question: bool, known: Option<Stance>) -> Manner {
    let confirms = CONFIRMS.is_match(text);
    let from_wording = || {
        if REFUSES.is_match(text) {
            Stance::Neutral
        } else if had_question || (!confirms && CRITIQUE.is_match(text)) {
            Stance::Critique
        } else if confirms || POST_WORK.is_match(text) {
            Stance::PostWork
        } else {
            Stance::Neutral
        }
    };
    Manner {
        stance: known.unwrap_or_else(from_wording),
        tells_test_result: TEST_RESULT.is_match(text),
        counts: COUNTS.is_match(text),
        says_still: STILL.is_match(text),
        complains: COMPLAINT.is_match(text),
        confirms,
        warns: WARNING.is_match(text),
        says_removed: REMOVED.is_match(text),
        speaks_of_plan: PLAN.is_match(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Manner {
        let (text, had_question) = without_question(text);
        manner(text, had_question, None)
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

    #[test]
    fn all_patterns_are_valid() {
        let patterns = [
            &QUESTION,
            &CRITIQUE,
            &POST_WORK,
            &CONFIRMS,
            &REFUSES,
            &TEST_RESULT,
            &COUNTS,
            &STILL,
            &COMPLAINT,
            &REMOVED,
            &WARNING,
            &PLAN,
        ];
        assert!(patterns.into_iter().all(Pattern::is_valid));
    }
}
