//! Recorded answers that cover a claim: its own, or that of an earlier blocker that says the same, as long as
//! what it was about has not changed since.

use std::collections::{BTreeSet, HashMap};

use super::bookkeeping::{self, Records};
use super::identity::{self, Link};
use super::resolutions::{self, Event};
use super::{Content, Entry, Sources, Version};
use crate::gate::{Message, Subject, is_same_row};
use crate::json::{Limits, Node, parse};
use crate::model::{Assessment, Claim, ClaimOrigin, Oid, Resolution, Task, TaskId, place};

/// More earlier blockers than this are not searched for what they were about.
const MOST: usize = 2000;

/// Finds the recorded answer for every claim. `texts` are what the plan's files hold; among them are the
/// messages that old ids were made of.
pub(super) fn cover(
    assessed: &mut [Assessment],
    messages: &[Option<Message>],
    records: &Records<'_>,
    texts: &[String],
    sources: Option<&dyn Sources>,
) {
    let Some(state) = records.plan.artifacts.get("state.json") else { return };
    let events = resolutions::latest(state);
    if events.is_empty() {
        return;
    }
    let ids: BTreeSet<String> = events.iter().map(|event| event.blocker_id.clone()).take(MOST).collect();
    let own: Vec<String> = assessed.iter().map(|claim| claim.claim.text.clone()).collect();
    let recalled = identity::recall(&ids, records.plan, &[own.as_slice(), texts].concat());
    // The newest answer that says the same decides.
    let mut past: Vec<Past<'_>> =
        events.iter().filter_map(|event| Past::new(event, &recalled, records)).collect();
    past.sort_by(|a, b| b.event.timestamp.cmp(&a.event.timestamp));
    let links = links(&past, assessed, messages);
    let own: HashMap<&str, &Event> = events.iter().map(|event| (event.blocker_id.as_str(), event)).collect();
    for ((assessment, message), link) in assessed.iter_mut().zip(messages).zip(links) {
        match own.get(assessment.claim.id.as_str()) {
            Some(event) => assessment.resolution = Some(resolution(event, false)),
            None => carry_over(assessment, message.as_ref(), link, &past, records, sources),
        }
    }
}

/// How every claim relates to the answered blockers, which count as earlier than all of them.
fn links(past: &[Past<'_>], assessed: &[Assessment], messages: &[Option<Message>]) -> Vec<Option<Link>> {
    let claims = past.iter().map(|old| &old.claim).chain(assessed.iter().map(|assessed| &assessed.claim));
    let all = past.iter().map(|old| &old.message).chain(messages);
    let claims: Vec<Claim> = claims.cloned().collect();
    let all: Vec<Option<Message>> = all.cloned().collect();
    let mut links = identity::links(&claims, &all);
    links.drain(..past.len());
    links
}

/// An answered blocker of which is known what it said.
struct Past<'a> {
    event: &'a Event,
    claim: Claim,
    message: Option<Message>,
}

impl<'a> Past<'a> {
    fn new(event: &'a Event, recalled: &HashMap<String, String>, records: &Records<'_>) -> Option<Self> {
        let claim = Claim {
            id: event.blocker_id.clone(),
            text: recalled.get(&event.blocker_id)?.clone(),
            origin: ClaimOrigin {
                artifact: "state.json".to_owned(),
                pointer: resolutions::POINTER.to_owned(),
            },
            task_ids: Vec::new(),
            evidence_file: None,
            made_at: None,
            stance: None,
            is_blocker: true,
        };
        let message = bookkeeping::message(&claim, Some(records.plan));
        Some(Self { event, claim, message })
    }
}

fn resolution(event: &Event, carried_over: bool) -> Resolution {
    Resolution { blocker_id: event.blocker_id.clone(), resolution: event.resolution.clone(), carried_over }
}

fn carry_over(
    assessment: &mut Assessment,
    message: Option<&Message>,
    link: Option<Link>,
    past: &[Past<'_>],
    records: &Records<'_>,
    sources: Option<&dyn Sources>,
) {
    let text = match link {
        Some(Link::Same(at)) if at < past.len() => {
            let event = past[at].event;
            assessment.duplicate_of.get_or_insert_with(|| event.blocker_id.clone());
            match is_unchanged(event, &assessment.claim, message, records, sources) {
                Ok(()) => {
                    assessment.resolution = Some(resolution(event, true));
                    return;
                }
                Err(why) => format!(
                    " It repeats `{}`, which was answered with `{}`; the answer is not carried over: {why}.",
                    event.blocker_id, event.resolution
                ),
            }
        }
        Some(Link::Grown(at, new)) if at < past.len() => {
            let names: Vec<String> = new.iter().map(|name| format!("`{name}`")).collect();
            format!(" The answer for `{}` does not cover {}.", past[at].event.blocker_id, names.join(", "))
        }
        _ => return,
    };
    assessment.ruling.reason.push_str(&text);
}

/// Whether what a claim is about is what it was when an answer was given; the error says why that cannot be
/// shown.
fn is_unchanged(
    event: &Event,
    claim: &Claim,
    message: Option<&Message>,
    records: &Records<'_>,
    sources: Option<&dyn Sources>,
) -> Result<(), String> {
    let then = commit_at(&event.timestamp, records);
    match message.map(|message| &message.subject) {
        Some(Subject::Tasks(ids)) => {
            let tasks: Option<Vec<&Task>> =
                ids.iter().map(|id| records.plan.task(&TaskId::from(id.as_str()))).collect();
            let tasks = tasks.ok_or_else(|| "a task that it names is gone".to_owned())?;
            resolutions::are_unchanged(event, &tasks, records).or_else(|why| match (&then, sources) {
                (Some(then), Some(sources)) if rows_were(&tasks, then, records, sources) => Ok(()),
                _ => Err(why),
            })
        }
        Some(Subject::Name(_) | Subject::Count { .. } | Subject::Row { .. } | Subject::Text(_)) => {
            match resolutions::was_recorded(records.plan, &event.timestamp) {
                true => Ok(()),
                false => Err("nothing shows that the records have not changed since".to_owned()),
            }
        }
        Some(Subject::Paths(list)) => {
            let paths = crate::gate::message_paths(list, &|_| false);
            files_are_unchanged(&paths, then.as_ref(), records, sources)
        }
        None => {
            let mut paths = identity::files(&claim.text);
            paths.extend(claim.evidence_file.clone());
            files_are_unchanged(&paths, then.as_ref(), records, sources)
        }
    }
}

/// The newest commit of the plan's range that is no younger than an answer.
fn commit_at(timestamp: &str, records: &Records<'_>) -> Option<Oid> {
    let then = timestamp.parse::<jiff::Timestamp>().ok()?.as_second();
    let older = records.history.commits.iter().filter(|commit| commit.commit_time <= then);
    older.max_by_key(|commit| commit.commit_time).map(|commit| commit.id)
}

/// Whether a tracked `finalize.json` had these very rows at a commit.
fn rows_were(tasks: &[&Task], then: &Oid, records: &Records<'_>, sources: &dyn Sources) -> bool {
    let directory = records.plan.directory.to_string_lossy().replace('\\', "/");
    let file = format!("{directory}/finalize.json");
    let Some(place) = place(&file, records.paths).filter(|place| place.inside) else { return false };
    let Content::Text(text) = sources.text(Version::At(then), &place.path) else { return false };
    let Ok(document) = parse(&String::from_utf8_lossy(&text), Limits::default()) else { return false };
    let rows = document.root.get("tasks").and_then(Node::as_array).unwrap_or_default();
    tasks.iter().all(|task| {
        let row = rows.iter().find(|row| row.get("id").and_then(Node::as_str) == Some(task.id.0.as_str()));
        row.is_some_and(|row| is_same_row(task, row))
    })
}

/// Whether every file that is named is the same as at a commit.
fn files_are_unchanged(
    paths: &[String],
    then: Option<&Oid>,
    records: &Records<'_>,
    sources: Option<&dyn Sources>,
) -> Result<(), String> {
    let (Some(then), Some(sources)) = (then, sources) else {
        return Err("no commit tells what the files were then".to_owned());
    };
    let mut compared = 0;
    for path in paths {
        let Some(place) = place(path, records.paths).filter(|place| place.inside) else {
            return Err(format!("`{path}` is outside the repository"));
        };
        match is_file_unchanged(&place.path, then, sources) {
            Some(true) => compared += 1,
            Some(false) => return Err(format!("`{path}` has changed since")),
            None => return Err(format!("what `{path}` was then is not known")),
        }
    }
    if compared > 0 { Ok(()) } else { Err("it names no file whose content could be compared".to_owned()) }
}

fn is_file_unchanged(path: &str, then: &Oid, sources: &dyn Sources) -> Option<bool> {
    let (before, now) = (sources.entry(Version::At(then), path), sources.entry(Version::Now, path));
    match (before, now) {
        (Entry::Absent, Entry::Absent) | (Entry::Unknown, _) | (_, Entry::Unknown) => None,
        (Entry::File(Some(before)), Entry::File(Some(now))) => Some(before == now),
        (Entry::File(_), Entry::File(_)) => {
            let text = |version| sources.text(version, path).text().map(<[u8]>::to_vec);
            Some(text(Version::At(then))? == text(Version::Now)?)
        }
        _ => Some(false),
    }
}
