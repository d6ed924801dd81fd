//! Messages of the harness as values: which template, about which tasks, paths or rows (spec section 7).

mod lists;
mod templates;

pub use lists::paths;
pub use templates::Family;

use crate::model::ClaimClass;
use templates::{Middle, OPENINGS, TEMPLATES, Template};

/// Wrappers that say nothing about what is inside: `Advisory audit finding: Tasks left pending …` is
/// still about work.
const PREFIXES: [&str; 3] =
    ["advisory audit finding: ", "advisory audit finding during timeout recovery: ", "advisory quality: "];

/// A message of the harness, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which complaint.
    pub family: Family,
    /// About what.
    pub subject: Subject,
}

/// What a message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Task ids, in the order of the message.
    Tasks(Vec<String>),
    /// Paths joined by `, `; [`paths`] takes them apart.
    Paths(String),
    /// A task or a sense check.
    Name(String),
    /// So many of so many.
    Count {
        /// How many are concerned.
        open: usize,
        /// Out of how many.
        all: usize,
    },
    /// A row of an execution artifact.
    Row {
        /// The list it stands in, such as `task_updates`.
        list: String,
        /// Its position, counted from 0.
        at: usize,
    },
    /// Anything else, as it stands.
    Text(String),
}

/// Takes a message apart; `None` if no template matches it exactly.
///
/// Case does not matter: the harness publishes some messages in two spellings. `is_task_id` recognises the
/// variant of the prose modes, a line of ids alone.
pub fn parse(message: &str, is_task_id: &dyn Fn(&str) -> bool) -> Option<Message> {
    let text = unwrapped(message);
    let first = text.bytes().next().map(|first| usize::from(first.to_ascii_lowercase()));
    let may_fit = first.and_then(|first| OPENINGS.get(first)) == Some(&true);
    let by_template = || TEMPLATES.iter().find_map(|template| fit(template, text));
    may_fit.then(by_template).flatten().or_else(|| {
        let ids = lists::ids(text)?;
        ids.iter()
            .all(|id| is_task_id(id))
            .then_some(Message { family: Family::HollowProse, subject: Subject::Tasks(ids) })
    })
}

/// The message without the wrappers that say nothing about it.
pub fn unwrapped(message: &str) -> &str {
    let mut text = message.trim();
    while let Some(inner) = PREFIXES.iter().find_map(|prefix| strip_prefix(text, prefix)) {
        text = inner.trim_start();
    }
    text
}

/// Classifies a message by its template. A text that no template matches is implementation: nothing
/// unknown is waved through.
///
/// Whether the tasks of a metadata message are done, and whether paths are still found, is not looked at.
pub fn classify(message: &str, is_task_id: &dyn Fn(&str) -> bool) -> ClaimClass {
    parse(message, is_task_id).map_or(ClaimClass::Implementation, |message| message.family.class())
}

/// The openings of the messages that end in a list of task ids, as the harness spells them, with and without
/// the wrapper of the audit.
pub fn task_openings() -> Vec<String> {
    let lists =
        TEMPLATES.iter().filter(|template| template.middle == Middle::Tasks && template.closing.is_empty());
    let spelled = lists.flat_map(|template| {
        let lower = template.opening.replace("flag-006", "FLAG-006");
        let mut upper = lower.clone();
        if let Some(first) = upper.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        [upper, lower]
    });
    spelled.flat_map(|opening| [format!("Advisory audit finding: {opening}"), opening]).collect()
}

fn fit(template: &Template, text: &str) -> Option<Message> {
    let family = template.family;
    if template.is_counted {
        let (open, all, rest) = lists::count(text)?;
        let subject = Subject::Count { open, all };
        return rest.eq_ignore_ascii_case(template.opening).then_some(Message { family, subject });
    }
    let rest = strip_prefix(text, template.opening)?;
    let middle = match template.closing {
        "" => rest,
        closing => &rest[..find(rest, closing)?],
    };
    Some(Message { family, subject: subject(template.middle, middle)? })
}

fn subject(middle: Middle, text: &str) -> Option<Subject> {
    Some(match middle {
        Middle::Tasks => Subject::Tasks(lists::ids(text)?),
        Middle::TaskList => Subject::Tasks(lists::python_list(text)?),
        Middle::Paths if text.trim().is_empty() => return None,
        Middle::Paths => Subject::Paths(text.trim().to_owned()),
        Middle::PathList => Subject::Paths(lists::python_list(text)?.join(", ")),
        Middle::Name if lists::is_name(text) => Subject::Name(text.to_owned()),
        Middle::Name => return None,
        Middle::Row => lists::row(text)?,
        Middle::Anything => Subject::Text(text.to_owned()),
        Middle::Nothing => return text.is_empty().then(|| Subject::Text(String::new())),
    })
}

/// What follows `prefix`, which is in lower case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    // Most of the many that are tried differ in their first byte.
    let first = |text: &str| text.bytes().next();
    if first(text)?.to_ascii_lowercase() != first(prefix)? {
        return None;
    }
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Where `needle`, which is in lower case, first stands.
fn find(text: &str, needle: &str) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).find(|&at| strip_prefix(&text[at..], needle).is_some())
}

#[cfg(test)]
mod tests;
