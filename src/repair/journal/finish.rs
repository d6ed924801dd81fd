//! Puts a published run in place, whatever has happened since it was published.

use std::path::Path;

use super::record::{Added, Journal, Replaced, State};
use super::{JournalError, Runs, addition_file, staged};
use crate::digest::sha256_hex;
use crate::repair::disk::{self, Entry, entry};
use crate::repair::state::{STATE, rebase};

/// How often the state may move on while we look at it.
const MOST_STAGES: u32 = 16;
/// What a run keeps of an artifact.
const TEXTS: [&str; 3] = ["orig", "new", "after"];

/// How a published run ended.
pub(super) enum Finished {
    /// Everything is in place.
    Applied(String),
    /// Somebody else changed an artifact before anything was put in place, so the run was given up.
    Discarded { artifact: String },
}

/// What there is to do about an artifact.
#[derive(PartialEq, Eq)]
enum Step {
    Done,
    Replace,
    Rebase,
    Conflict,
}

impl Runs<'_> {
    /// Puts everything of a published run in place that is not there yet. All artifacts are looked at before the
    /// first is touched.
    pub(super) fn finish(self, mut journal: Journal) -> Result<Finished, JournalError> {
        let mut steps = Vec::with_capacity(journal.artifacts.len());
        for artifact in &journal.artifacts {
            self.remove_stale(&journal.run, artifact)?;
            steps.push(self.step(&journal.run, artifact)?);
        }
        if let Some(at) = steps.iter().position(|step| *step == Step::Conflict) {
            let artifact = journal.artifacts[at].name.clone();
            return match steps.contains(&Step::Done) {
                true => Err(self.conflicted(&journal, artifact)),
                false => self.discard(&journal, artifact),
            };
        }
        self.add(&journal, false)?;
        for at in 0..journal.artifacts.len() {
            self.put_in_place(&mut journal, at)?;
        }
        self.add(&journal, true)?;
        journal.state = State::Applied;
        self.publish(&journal)?;
        Ok(Finished::Applied(journal.run))
    }

    /// Texts of an earlier stage, if the run stopped while it staged anew.
    fn remove_stale(self, run: &str, artifact: &Replaced) -> Result<(), JournalError> {
        let Some(stale) = artifact.stage.checked_sub(1) else { return Ok(()) };
        let directory = self.directory(run);
        for what in TEXTS {
            self.disk.remove(&staged(&directory, &artifact.name, stale, what))?;
        }
        Ok(())
    }

    fn step(self, run: &str, artifact: &Replaced) -> Result<Step, JournalError> {
        let current = self.read_artifact(&artifact.name)?;
        let digest = sha256_hex(&current);
        if digest == artifact.after {
            return Ok(Step::Done);
        }
        let new = staged(&self.directory(run), &artifact.name, artifact.stage, "new");
        let is_there = entry(&new)? == Entry::File;
        let is_state = artifact.name == STATE;
        Ok(match is_there && sha256_hex(&disk::read(&new)?) == artifact.after {
            true if digest == artifact.before => Step::Replace,
            true if is_state && self.rebased(run, artifact, &current).is_some() => Step::Rebase,
            // It was put in place, and the harness has gone on from there.
            false if is_state && !is_there => Step::Done,
            _ => Step::Conflict,
        })
    }

    /// What the state becomes if the run is carried out on what it is now.
    fn rebased(self, run: &str, artifact: &Replaced, current: &[u8]) -> Option<String> {
        let directory = self.directory(run);
        let text = |what| {
            let bytes = disk::read(&staged(&directory, &artifact.name, artifact.stage, what)).ok()?;
            String::from_utf8(bytes).ok()
        };
        rebase(&text("orig")?, &text("new")?, std::str::from_utf8(current).ok()?).ok()
    }

    fn put_in_place(self, journal: &mut Journal, at: usize) -> Result<(), JournalError> {
        loop {
            let artifact = &journal.artifacts[at];
            match self.step(&journal.run, artifact)? {
                Step::Done => return Ok(()),
                Step::Replace => {
                    let new = staged(&self.directory(&journal.run), &artifact.name, artifact.stage, "new");
                    self.disk.set_mode(&new, artifact.mode)?;
                    return Ok(self.disk.rename(&new, &self.plan.join(&artifact.name))?);
                }
                Step::Rebase if artifact.stage < MOST_STAGES => self.restage(journal, at)?,
                Step::Rebase | Step::Conflict => {
                    let name = artifact.name.clone();
                    return Err(self.conflicted(journal, name));
                }
            }
        }
    }

    /// Stages the state anew, from what it has become.
    fn restage(self, journal: &mut Journal, at: usize) -> Result<(), JournalError> {
        let old = journal.artifacts[at].clone();
        let current = self.read_artifact(&old.name)?;
        let Some(after) = self.rebased(&journal.run, &old, &current) else {
            return Err(self.conflicted(journal, old.name));
        };
        let directory = self.directory(&journal.run);
        let new = Replaced {
            before: sha256_hex(&current),
            after: sha256_hex(after.as_bytes()),
            stage: old.stage + 1,
            ..old
        };
        // A stage that was begun and never published is in the way.
        for what in TEXTS {
            self.disk.remove(&staged(&directory, &new.name, new.stage, what))?;
        }
        self.stage(&directory, &new.name, new.stage, [&current, after.as_bytes()])?;
        self.disk.flush_dir(&directory)?;
        journal.artifacts[at] = new;
        self.publish(journal)?;
        self.remove_stale(&journal.run, &journal.artifacts[at])
    }

    /// Adds files to the harness's history, where they are not there yet.
    fn add(self, journal: &Journal, is_last: bool) -> Result<(), JournalError> {
        let directory = self.directory(&journal.run);
        for (at, added) in journal.additions.iter().enumerate().filter(|(_, added)| added.is_last == is_last)
        {
            self.add_one(&addition_file(&directory, at), added)?;
        }
        Ok(())
    }

    fn add_one(self, staged: &Path, added: &Added) -> Result<(), JournalError> {
        let path = self.plan.join(&added.path);
        let mut parent = self.plan.to_path_buf();
        let folders: Vec<&str> = added.path.split('/').collect();
        for name in &folders[..folders.len() - 1] {
            let above = parent.clone();
            parent.push(name);
            if self.disk.create_dir(&parent)? {
                self.disk.flush_dir(&above)?;
            } else if entry(&parent)? != Entry::Directory {
                return Err(JournalError::NotADirectory { path: parent });
            }
        }
        if entry(&path)? == Entry::Nothing {
            self.disk.link(staged, &path)?;
        }
        if entry(&path)? != Entry::File {
            return Err(JournalError::NotRegular { path });
        }
        if sha256_hex(&disk::read(&path)?) != added.sha256 {
            return Err(JournalError::Collision { path });
        }
        Ok(self.disk.remove(staged)?)
    }

    /// Gives a run up of which nothing is in place.
    fn discard(self, journal: &Journal, artifact: String) -> Result<Finished, JournalError> {
        let directory = self.directory(&journal.run);
        // Without its journal the run is one that was never published: whatever is left is swept away.
        self.disk.remove(&directory.join("journal"))?;
        self.disk.remove_dir(&directory)?;
        Ok(Finished::Discarded { artifact })
    }

    fn conflicted(self, journal: &Journal, artifact: String) -> JournalError {
        let directory = self.directory(&journal.run);
        JournalError::Conflicted { run: journal.run.clone(), artifact, directory }
    }
}
