//! What a gate message is about: bookkeeping, the work itself, or nothing that blocks by right
//! (spec section 7, "Classifier").

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Evidence of finished work is missing from the record.
    Metadata,
    /// Work is missing or wrong, or nobody can tell from the wording.
    Implementation,
    /// Said for the record.
    Informational,
}

/// Wrappers that say nothing about what is inside: `Advisory audit finding: Tasks left pending …` is
/// still about work.
const PREFIXES: [&str; 2] = ["advisory audit finding: ", "advisory quality: "];

const METADATA: [&str; 5] = [
    "done tasks missing both files_changed and commands_run: ",
    "done test tasks missing files_changed or pytest commands_run: ",
    "done docs tasks missing files_changed: ",
    "done audit/research tasks missing substantial executor_notes",
    "tasks marked done with neither files_changed nor commands_run",
];

const INFORMATIONAL: [&str; 9] = [
    "advisory observation ",
    "advisory audit skip: ",
    "advisory: done tasks rely ",
    "advisory: audit/research task has brief executor_notes: ",
    "advisory: test task has commands_run but no files_changed: ",
    "advisory: docs task has notes but no files_changed: ",
    "backfilled batch-level metadata to task ",
    "auto-attribut",
    "note:",
];

/// Messages of the quality check itself that report a check that could not run.
const SKIPPED_CHECK: &str = "skipped quality checks because ";

/// Classifies a deviation or finding by its template. A text that no template matches is implementation:
/// nothing unknown is waved through. `is_task_id` recognises the prose-mode variant, a line of ids alone.
pub fn classify(message: &str, is_task_id: &dyn Fn(&str) -> bool) -> Class {
    let text = message.trim().to_lowercase();
    let inner = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(&text);
    let starts_with_any = |templates: &[&str]| templates.iter().any(|template| inner.starts_with(template));
    if starts_with_any(&METADATA) || is_id_list(message, is_task_id) {
        Class::Metadata
    } else if starts_with_any(&INFORMATIONAL) || inner.starts_with(SKIPPED_CHECK) {
        Class::Informational
    } else {
        Class::Implementation
    }
}

fn is_id_list(message: &str, is_task_id: &dyn Fn(&str) -> bool) -> bool {
    !message.trim().is_empty() && message.split(", ").all(|id| is_task_id(id.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(message: &str) -> Class {
        classify(message, &|id| matches!(id, "T3" | "T4"))
    }

    #[test]
    fn hollow_families_are_metadata_in_either_case() {
        for message in [
            "Done tasks missing both files_changed and commands_run: T9",
            "done tasks missing both files_changed and commands_run: T9",
            "Advisory audit finding: Tasks marked done with neither files_changed nor commands_run (suspicious \u{2014} executor may have skipped without flagging): T2",
            "Done audit/research tasks missing substantial executor_notes (need >=100 chars): T1",
            "T3, T4",
        ] {
            assert_eq!(class(message), Class::Metadata, "{message}");
        }
    }

    #[test]
    fn a_wrapped_complaint_about_work_stays_one() {
        assert_eq!(
            class(
                "Advisory audit finding: Tasks left pending after execute (executor never started them): T3"
            ),
            Class::Implementation
        );
        assert_eq!(class("Advisory: this one is not known"), Class::Implementation);
        assert_eq!(class("T3, T9"), Class::Implementation);
        assert_eq!(class(""), Class::Implementation);
    }

    #[test]
    fn records_of_skipped_checks_are_informational() {
        for message in [
            "Advisory audit skip: Project directory is not a git repository.",
            "Advisory observation skip before batch 1/1: Project directory is not a git repository.",
            "Advisory quality: skipped quality checks because post-batch git snapshot failed: no.",
            "Auto-attribution ambiguous: 2 done tasks shared 3 unclaimed files",
        ] {
            assert_eq!(class(message), Class::Informational, "{message}");
        }
    }
}
