//! Files that were claimed and did not change, and files that changed and were not claimed.

use std::collections::BTreeSet;

use super::{Records, Standing, cannot_tell, conclude, witness};
use crate::gate;
use crate::json::child;
use crate::model::{Change, ClaimKind, ClaimWitness, Commit, Place, Ruling, Task, place};

/// A longer list is no list of files that anybody worked on.
const MOST: usize = 5000;

/// Files that an executor claimed and git does not show: right as long as one is claimed and did not change.
pub(super) fn phantom(list: &str, records: &Records<'_>) -> Ruling {
    let kind = ClaimKind::PhantomClaim;
    if !records.history.is_present() {
        return cannot_tell(kind, "There is no git history to look into.");
    }
    let changed = Changed::new(records);
    let claims = Claims::new(records);
    let member = |path: String| {
        let Some(place) = place(&path, records.paths).filter(|place| place.inside) else {
            return Standing::Open(format!("`{path}` lies outside the repository"));
        };
        match (changed.below(&place.path), claims.owner(&place.path)) {
            (Some(proof), _) => Standing::Gone(format!("`{path}` changed"), Some(proof)),
            (None, _) if records.history.reach.is_unverifiable(&place.path) => {
                Standing::Open(format!("git cannot speak about `{path}`"))
            }
            (None, Some(task)) => Standing::Holds(
                format!("`{path}` is claimed by `{}`, and git shows no change of it", task.id),
                witness::at(records.plan, "finalize.json", &child(&task.pointer, "files_changed")),
            ),
            (None, None) => {
                let proof = witness::absence("finalize.json", &format!("no task claims {path}"));
                Standing::Gone(format!("no task claims `{path}` any more"), Some(proof))
            }
        }
    };
    let paths = named(list, &changed, &claims, records);
    if paths.len() > MOST {
        return cannot_tell(kind, &format!("It names {} files, more than are looked at.", paths.len()));
    }
    conclude(kind, paths.into_iter().map(member).collect())
}

/// Files that changed and that no task claims: right as long as one is like that.
pub(super) fn unclaimed(list: &str, records: &Records<'_>) -> Ruling {
    let kind = ClaimKind::UnclaimedChange;
    let changed = Changed::new(records);
    let claims = Claims::new(records);
    let member = |path: String| {
        let inside = place(&path, records.paths).filter(|place| place.inside);
        let repository_path = inside.as_ref().map_or(path.as_str(), |place| place.path.as_str());
        if let Some((task, proof)) = claims.proof(repository_path, records) {
            return Standing::Gone(format!("`{path}` is claimed by `{}` by now", task.id), proof);
        }
        match (&inside, records.history.is_present()) {
            (None, _) => Standing::Open(format!("`{path}` lies outside the repository")),
            (_, false) => Standing::Open(format!("no task claims `{path}`, and there is no git history")),
            (Some(place), true) if changed.below(&place.path).is_some() => {
                let proof = changed.below(&place.path);
                Standing::Holds(format!("`{path}` changed and no task claims it"), proof)
            }
            (Some(place), true) if records.history.reach.is_unverifiable(&place.path) => {
                Standing::Open(format!("git cannot speak about `{path}`"))
            }
            (Some(_), true) => {
                let proof = ClaimWitness {
                    commit: records.history.head,
                    ..witness::absence(repository_path, "unchanged in the range and in the work tree")
                };
                Standing::Gone(format!("`{path}` is not changed any more"), Some(proof))
            }
        }
    };
    let paths = named(list, &changed, &claims, records);
    if paths.len() > MOST {
        return cannot_tell(kind, &format!("It names {} files, more than are looked at.", paths.len()));
    }
    conclude(kind, paths.into_iter().map(member).collect())
}

fn named(list: &str, changed: &Changed<'_>, claims: &Claims<'_>, records: &Records<'_>) -> Vec<String> {
    let is_known = |path: &str| {
        place(path, records.paths).is_some_and(|place| {
            records.history.reach.existing.contains(&place.path)
                || changed.paths.contains_key(place.path.as_str())
                || claims.known.contains(place.path.as_str())
        })
    };
    gate::message_paths(list, &is_known)
}

/// What changed in the range and in the work tree.
struct Changed<'a> {
    paths: std::collections::BTreeMap<&'a str, Vec<(Option<&'a Commit>, &'a Change)>>,
}

impl<'a> Changed<'a> {
    fn new(records: &Records<'a>) -> Self {
        Self { paths: records.history.changed_paths() }
    }

    /// The newest change of a path, or of something below it.
    fn below(&self, path: &str) -> Option<ClaimWitness> {
        let directory = format!("{path}/");
        let exact = self.paths.get_key_value(path);
        let found = exact.or_else(|| {
            self.paths.range(directory.as_str()..).next().filter(|(name, _)| name.starts_with(&directory))
        });
        let (name, changes) = found?;
        let (commit, change) = changes.last()?;
        let excerpt = match commit {
            Some(commit) => format!("changed by {}", commit.subject),
            None => "changed in the work tree".to_owned(),
        };
        Some(ClaimWitness {
            path: (*name).to_owned(),
            blob: change.blob,
            lines: None,
            commit: commit.map(|commit| commit.id),
            excerpt,
        })
    }
}

/// What tasks claim.
struct Claims<'a> {
    places: Vec<(Place, &'a Task)>,
    known: BTreeSet<String>,
}

impl<'a> Claims<'a> {
    fn new(records: &Records<'a>) -> Self {
        let claimed = |task: &'a Task| {
            let paths: BTreeSet<&String> = task.files_changed.iter().collect();
            paths.into_iter().filter_map(|path| place(path, records.paths)).map(move |place| (place, task))
        };
        let places: Vec<(Place, &Task)> = records.plan.tasks.iter().flat_map(claimed).collect();
        let known = places.iter().map(|(place, _)| place.path.clone()).collect();
        Self { places, known }
    }

    /// The first task that claims a path, or something below it.
    fn owner(&self, path: &str) -> Option<&'a Task> {
        let covers = |place: &Place| {
            place.path == path || place.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        };
        self.places.iter().find(|(place, _)| covers(place)).map(|(_, task)| *task)
    }

    fn proof(&self, path: &str, records: &Records<'_>) -> Option<(&'a Task, Option<ClaimWitness>)> {
        let task = self.owner(path)?;
        let pointer = child(&task.pointer, "files_changed");
        Some((task, witness::at(records.plan, "finalize.json", &pointer)))
    }
}
