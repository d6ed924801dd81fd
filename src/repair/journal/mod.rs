//! Transactions over several artifacts of a plan, kept below `.taskproof/runs/`.
//!
//! A run stages every artifact's text before (`.orig`) and after (`.new`), then publishes its
//! `journal`: from then on it will be finished, by this run or by the next one. Before that, it is
//! swept away. The originals stay, so that the run can be undone; of `state.json`, which goes on moving, the text
//! after stays as well (`.after`), so that what the run changed can be told from what came later.
//!
//! A new text and the file it replaces change places, so that what is replaced can be looked at: if somebody wrote at
//! that very moment, nothing of it is lost.
//!
//! Nothing in here has a name that the harness would take for an artifact: its patterns are loose and
//! look into directories.

use std::path::{Path, PathBuf};

mod finish;
mod record;

pub(super) use record::{Addition, Journal, Kind, Replaced, Replacement, State, Transaction};

use super::disk::{Disk, DiskError, Entry, MOST_TEXT};
use super::run_id;
use super::state::STATE;
use crate::digest::sha256_hex;
use finish::Finished;
use record::Added;

const DIRECTORY: &str = ".taskproof";
const VERSION: u32 = 1;
/// Bytes of a journal, which has a few lines for every artifact.
const MOST_JOURNAL: u64 = 16 << 20;

/// Why a run cannot be carried out or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Something else stands where runs are kept.
    #[error("{} is not a directory, so no run can be kept there; move it away", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// An artifact is a link, a directory, or gone.
    #[error("{} is not a regular file, so it is not replaced; restore it as one", path.display())]
    NotRegular {
        /// The path.
        path: PathBuf,
    },
    /// A run id is not one of ours.
    #[error("`{id}` is not a run id; `taskproof undo` without one takes the newest")]
    BadId {
        /// What was given.
        id: String,
    },
    /// A journal, or a file it needs, is damaged.
    #[error("{} is damaged ({what}); restore it, or remove the directory to keep the artifacts as they are", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// An unfinished run no longer fits an artifact.
    #[error(
        "run {run} stopped halfway, and {artifact} has changed since; copy `{artifact}.orig` (before) or \
         `{artifact}.new` (after) from {} over it and run again, or remove that directory to keep it as it is",
        directory.display()
    )]
    Conflicted {
        /// The run.
        run: String,
        /// The artifact.
        artifact: String,
        /// Where the run keeps both texts.
        directory: PathBuf,
    },
    /// An artifact changed before anything was put in place.
    #[error("{artifact} has changed since it was read, so nothing was written; run again")]
    Overtaken {
        /// The artifact.
        artifact: String,
    },
    /// The harness's history has another file under a name that holds its content's hash.
    #[error("{} is there with other content; the harness's history is damaged, so nothing was added", path.display())]
    Collision {
        /// The file.
        path: PathBuf,
    },
}

/// The runs of one plan.
#[derive(Clone, Copy)]
pub(super) struct Runs<'a> {
    plan: &'a Path,
    disk: Disk<'a>,
}

impl<'a> Runs<'a> {
    pub(super) fn new(plan: &'a Path, disk: Disk<'a>) -> Self {
        Self { plan, disk }
    }

    pub(super) fn disk(self) -> Disk<'a> {
        self.disk
    }

    fn root(self) -> PathBuf {
        self.plan.join(DIRECTORY)
    }

    pub(super) fn directory(self, run: &str) -> PathBuf {
        self.root().join("runs").join(run)
    }

    /// Carries out a transaction and returns the id of its run. `audit` gets that id and returns the
    /// lines to be kept with the run.
    pub(super) fn carry_out(
        self,
        transaction: Transaction<'_>,
        audit: &dyn Fn(&str) -> String,
    ) -> Result<String, JournalError> {
        self.prepare_root()?;
        let run = self.claim(&transaction.run)?;
        let directory = self.directory(&run);
        for Replacement { name, before, after, .. } in &transaction.artifacts {
            self.stage(&directory, name, 0, [before, after])?;
        }
        for (at, addition) in transaction.additions.iter().enumerate() {
            self.disk.create(&addition_file(&directory, at), &addition.contents)?;
        }
        self.disk.create(&directory.join("audit.jsonl"), audit(&run).as_bytes())?;
        self.disk.flush_dir(&directory)?;
        let journal = journal(run, transaction);
        self.publish(&journal)?;
        match self.finish(journal)? {
            Finished::Applied(run) => Ok(run),
            Finished::Discarded { artifact } => Err(JournalError::Overtaken { artifact }),
        }
    }

    /// Keeps an artifact's texts before and after.
    fn stage(
        self,
        directory: &Path,
        name: &str,
        stage: u32,
        [before, after]: [&[u8]; 2],
    ) -> Result<(), JournalError> {
        let kept = (name == STATE).then_some(("after", after));
        for (what, contents) in [("orig", before), ("new", after)].into_iter().chain(kept) {
            self.disk.create(&staged(directory, name, stage, what), contents)?;
        }
        Ok(())
    }

    /// Creates our directory, ignored by git.
    fn prepare_root(self) -> Result<(), JournalError> {
        let (root, runs) = (self.root(), self.root().join("runs"));
        for (path, parent) in [(&root, self.plan), (&runs, root.as_path())] {
            if self.disk.create_dir(path)? {
                self.disk.flush_dir(parent)?;
            } else if self.disk.entry(path)? != Entry::Directory {
                return Err(JournalError::NotADirectory { path: path.clone() });
            }
        }
        let ignore = root.join(".gitignore");
        if self.disk.entry(&ignore)? == Entry::Nothing {
            Ok(self.disk.publish(&ignore, b"*\n")?)
        } else {
            Ok(())
        }
    }

    /// Creates the directory of a new run: `id`, or `id-2`, `id-3`, ... if that is taken.
    fn claim(self, id: &str) -> Result<String, JournalError> {
        if !run_id::is_valid(id) {
            return Err(JournalError::BadId { id: id.to_owned() });
        }
        let mut run = id.to_owned();
        let mut counter = 1;
        while !self.disk.create_dir(&self.directory(&run))? {
            counter += 1;
            run = format!("{id}-{counter}");
        }
        self.disk.flush_dir(&self.root().join("runs"))?;
        Ok(run)
    }

    fn publish(self, journal: &Journal) -> Result<(), JournalError> {
        let path = self.directory(&journal.run).join("journal");
        let damaged = |error: serde_json::Error| damaged(&path, &error);
        let text = serde_json::to_string_pretty(journal).map_err(damaged)? + "\n";
        Ok(self.disk.publish(&path, text.as_bytes())?)
    }

    /// The bytes of an artifact, which must be a regular file.
    pub(super) fn read_artifact(self, name: &str) -> Result<Vec<u8>, JournalError> {
        let path = self.plan.join(name);
        if !is_plain_name(name) || self.disk.entry(&path)? != Entry::File {
            return Err(JournalError::NotRegular { path });
        }
        Ok(self.disk.read(&path, MOST_TEXT)?)
    }

    pub(super) fn mode(self, name: &str) -> Result<Option<u32>, JournalError> {
        Ok(self.disk.mode(&self.plan.join(name))?)
    }

    /// Every run, oldest first: its id, and its journal if it was published.
    pub(super) fn all(self) -> Result<Vec<(String, Option<Journal>)>, JournalError> {
        let mut ids = self.ids()?;
        ids.sort_by_cached_key(|id| run_id::order(id));
        ids.into_iter()
            .map(|id| {
                let journal = self.read(&id)?;
                Ok((id, journal))
            })
            .collect()
    }

    fn ids(self) -> Result<Vec<String>, JournalError> {
        let runs = self.root().join("runs");
        for path in [self.root(), runs.clone()] {
            match self.disk.entry(&path)? {
                Entry::Nothing => return Ok(Vec::new()),
                Entry::Directory => {}
                _ => return Err(JournalError::NotADirectory { path }),
            }
        }
        let mut ids = Vec::new();
        for id in self.disk.names(&runs)? {
            if run_id::is_valid(&id) && self.disk.entry(&runs.join(&id))? == Entry::Directory {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    fn read(self, run: &str) -> Result<Option<Journal>, JournalError> {
        let path = self.directory(run).join("journal");
        match self.disk.entry(&path)? {
            Entry::Nothing => return Ok(None),
            Entry::File => {}
            _ => return Err(JournalError::NotRegular { path }),
        }
        let journal: Journal = serde_json::from_slice(&self.disk.read(&path, MOST_JOURNAL)?)
            .map_err(|error| damaged(&path, &error))?;
        let what = if journal.version != VERSION {
            "it was written by another version of taskproof"
        } else if journal.run != run {
            "it belongs to another run"
        } else if !journal.artifacts.iter().all(|artifact| is_plain_name(&artifact.name))
            || !journal.additions.iter().all(|added| is_history(&added.path))
        {
            "it names a file outside the plan"
        } else {
            return Ok(Some(journal));
        };
        Err(damaged(&path, &what))
    }

    /// As [`list_unfinished`].
    pub(super) fn unfinished(self) -> Result<Vec<String>, JournalError> {
        let mut ids = self.ids()?;
        ids.sort_by_cached_key(|id| run_id::order(id));
        ids.retain(|id| !matches!(self.read(id), Ok(Some(journal)) if journal.state == State::Applied));
        Ok(ids)
    }

    /// Finishes every published run and sweeps away the others. The plan's lock must be held.
    pub(super) fn recover(self) -> Result<(), JournalError> {
        for (id, journal) in self.all()? {
            match journal {
                None => self.disk.remove_dir(&self.directory(&id))?,
                Some(journal) if journal.state == State::Prepared => drop(self.finish(journal)?),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The text of an artifact before a run, checked against the journal.
    pub(super) fn original(self, run: &str, artifact: &Replaced) -> Result<Vec<u8>, JournalError> {
        self.kept(run, artifact, "orig", &artifact.before)
    }

    /// The text that a run gave to the state, checked against the journal.
    pub(super) fn outcome(self, run: &str, artifact: &Replaced) -> Result<Vec<u8>, JournalError> {
        self.kept(run, artifact, "after", &artifact.after)
    }

    fn kept(self, run: &str, artifact: &Replaced, what: &str, digest: &str) -> Result<Vec<u8>, JournalError> {
        let path = staged(&self.directory(run), &artifact.name, artifact.stage, what);
        if self.disk.entry(&path)? != Entry::File {
            return Err(JournalError::NotRegular { path });
        }
        let contents = self.disk.read(&path, MOST_TEXT)?;
        if sha256_hex(&contents) == digest {
            Ok(contents)
        } else {
            Err(damaged(&path, &"its hash is not the recorded one"))
        }
    }
}

/// `id`, or `id-2`, `id-3`, ... if that is taken: what a run that starts now will be called. Reads only.
pub fn free_run_id(plan_dir: &Path, id: &str) -> Result<String, JournalError> {
    let taken = Runs::new(plan_dir, Disk::REAL).ids()?;
    let names = std::iter::once(id.to_owned()).chain((2..).map(|counter: u32| format!("{id}-{counter}")));
    Ok(names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default())
}

/// The runs of a plan that stopped halfway and that the next writing run will finish or sweep away.
/// Reads only; a run that cannot be read counts.
pub fn list_unfinished(plan_dir: &Path) -> Result<Vec<String>, JournalError> {
    Runs::new(plan_dir, Disk::REAL).unfinished()
}

fn journal(run: String, transaction: Transaction<'_>) -> Journal {
    let artifacts = transaction.artifacts.into_iter().map(|artifact| Replaced {
        before: sha256_hex(&artifact.before),
        after: sha256_hex(&artifact.after),
        name: artifact.name,
        mode: artifact.mode,
        stage: 0,
        base: None,
    });
    let additions = transaction.additions.into_iter().map(|addition| Added {
        sha256: sha256_hex(&addition.contents),
        path: addition.path,
        is_last: addition.is_last,
    });
    Journal {
        version: VERSION,
        run,
        kind: transaction.kind,
        undoes: transaction.undoes,
        created: transaction.created.to_owned(),
        tool_version: transaction.tool_version.to_owned(),
        artifacts: artifacts.collect(),
        additions: additions.collect(),
        state: State::Prepared,
    }
}

fn staged(directory: &Path, artifact: &str, stage: u32, what: &str) -> PathBuf {
    let stage = if stage == 0 { String::new() } else { format!("{stage}.") };
    directory.join(format!("{artifact}.{stage}{what}"))
}

fn addition_file(directory: &Path, at: usize) -> PathBuf {
    directory.join(format!("addition.{at}.new"))
}

fn damaged(path: &Path, what: &dyn std::fmt::Display) -> JournalError {
    JournalError::Damaged { path: path.to_owned(), what: what.to_string() }
}

/// Whether a path is one of the harness's own history of `finalize.json`: the only place where files are added.
fn is_history(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let is_name = |name: &str| {
        let stem = name.strip_suffix(".json").unwrap_or_default();
        !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    matches!(parts.as_slice(), ["finalize_history", "snapshots" | "mutations" | "commits", name] if is_name(name))
}

/// Whether a name is that of a file directly in the plan directory, and not one of ours.
fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':'])
}
