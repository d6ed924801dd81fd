//! Keys of trailers, and words of a line of the body, by what they say of the tasks behind them.

/// Trailers that say which task a commit carries out: what trackers call their entries.
const NOUNS: [&str; 13] = [
    "task",
    "tasks",
    "task-id",
    "taskid",
    "megaplan-task",
    "plan-task",
    "part-of",
    "bead",
    "beads",
    "issue",
    "ticket",
    "story",
    "work-item",
];

/// Trailers, and words in a line of the body, that say so too; GitHub's closing keywords among them.
const VERBS: [&str; 15] = [
    "implement",
    "implements",
    "implemented",
    "complete",
    "completes",
    "completed",
    "close",
    "closes",
    "closed",
    "fix",
    "fixes",
    "fixed",
    "resolve",
    "resolves",
    "resolved",
];

/// Trailers that name tasks in passing. What others name counts as what the body names.
const IN_PASSING: [&str; 11] = [
    "depends-on",
    "requires",
    "after",
    "before",
    "blocks",
    "blocked-by",
    "follow-up",
    "follows-up",
    "follow-up-to",
    "parent",
    "see-also",
];

/// Whether a key is what a tracker calls its entries.
pub(super) fn is_noun(key: &str) -> bool {
    is_one_of(&NOUNS, key)
}

/// Whether a word says that something is carried out.
pub(super) fn is_verb(key: &str) -> bool {
    is_one_of(&VERBS, key)
}

/// Whether a trailer says which task a commit carries out.
pub(super) fn is_of_task(key: &str) -> bool {
    is_noun(key) || is_verb(key)
}

/// Whether a trailer is read on its own, or not at all.
pub(super) fn is_set_apart(key: &str) -> bool {
    is_of_task(key) || is_one_of(&IN_PASSING, key)
}

fn is_one_of(keys: &[&str], key: &str) -> bool {
    keys.iter().any(|known| known.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_whatever_their_case() {
        assert!(is_noun("Beads") && is_verb("Closes") && !is_verb("Beads") && !is_noun("Closes"));
        assert!(is_of_task("Task-Id") && is_of_task("fixes") && !is_of_task("Depends-on"));
        assert!(is_set_apart("Depends-on") && is_set_apart("task") && !is_set_apart("Signed-off-by"));
    }
}
