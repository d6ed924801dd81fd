//! Whether a decision differs from another, and in which words.

use std::collections::BTreeSet;

use crate::gate;
use crate::model::{Attribution, Decision, Outcome};

/// More names than this make no sentence.
const NAMES: usize = 3;

/// Paths that would be filled.
pub(super) fn filled_files(attribution: &Attribution) -> impl Iterator<Item = &str> {
    let filled = attribution.files.iter().filter(|file| file.decision == Decision::Backfill);
    filled.map(|file| file.path.as_str())
}

/// Commands that would be filled.
pub(super) fn filled_commands(attribution: &Attribution) -> impl Iterator<Item = &str> {
    let filled = attribution.commands.iter().filter(|command| command.decision == Decision::Backfill);
    filled.map(|command| command.command.as_str())
}

/// What follows for the task, as the end of a sentence; `None` where nothing does that would help or harm it.
pub(super) fn consequence(before: &Attribution, after: &Attribution) -> Option<String> {
    let gained = new(before, after);
    let lost = new(after, before);
    let task = &before.task;
    let nothing_left = filled_files(after).chain(filled_commands(after)).next().is_none();
    match (gained.is_empty(), is_settled(before), is_settled(after)) {
        (false, false, false) => Some(format!("{} would be filled; the rest stays open", named(&gained))),
        (false, _, _) => Some(format!("{} would be filled", named(&gained))),
        (true, false, true) => Some(format!("the harness would be content with `{task}`")),
        (true, true, _) if lost.is_empty() => None,
        (true, true, _) if nothing_left => Some(format!("`{task}` would be asked about and not filled")),
        (true, true, _) => Some(format!("{} would no longer be filled", named(&lost))),
        (true, _, _) if before.outcome == Outcome::NoEvidence && after.outcome == Outcome::Ambiguous => {
            Some(format!("`{task}` would have candidates to choose from"))
        }
        _ => None,
    }
}

/// Whether nothing has to be asked about the task.
pub(super) fn is_settled(attribution: &Attribution) -> bool {
    !gate::is_gap(&attribution.gap) || attribution.outcome == Outcome::Backfill
}

/// What is filled in `after` and not in `before`: files first.
fn new<'a>(before: &Attribution, after: &'a Attribution) -> Vec<&'a str> {
    let files: BTreeSet<&str> = filled_files(before).collect();
    let commands: BTreeSet<&str> = filled_commands(before).collect();
    let files = filled_files(after).filter(|path| !files.contains(path));
    files.chain(filled_commands(after).filter(|command| !commands.contains(command))).collect()
}

/// `a`, `b` and 2 more.
pub(super) fn named(names: &[&str]) -> String {
    listed(names, NAMES)
}

/// The same with so many names.
pub(super) fn listed(names: &[&str], most: usize) -> String {
    let mut shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if shown.len() > most {
        shown.truncate(most.saturating_sub(1));
        shown.push(format!("{} more", names.len() - shown.len()));
    }
    match shown.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, most)) => format!("{} and {last}", most.join(", ")),
    }
}
