//! Puts a published run in place, whatever has happened since it was published.

use std::path::{Path, PathBuf};

use super::record::{Added, Journal, Replaced, State};
use super::{JournalError, Runs, addition_file, damaged, staged};
use crate::digest::sha256_hex;
use crate::repair::disk::{Entry, MOST_TEXT};
use crate::repair::state::{STATE, is_in, rebase, rejoin};

/// How often the state may move on while we look at it.
const MOST_TRIES: u32 = 16;
/// What a run keeps of an artifact: its text before, the text that goes in (and then what it displaced), that text once
/// more, and the text it is to replace if that is not the one before.
const TEXTS: [&str; 4] = ["orig", "new", "after", "base"];

/// How a published run ended.
pub(super) enum Finished {
    /// Everything is in place.
    Applied(String),
    /// Somebody else changed an artifact before anything was put in place, so the run was given up.
    Discarded { artifact: String },
}

/// What there is to do about an artifact.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// It is in place, and what it displaced is known to be what it was to replace.
    Done,
    /// It is to change places with the file that it was made for.
    Replace,
    /// The state has moved on before it went in.
    Rebase { current: String },
    /// It is in place. What it displaced is the text that it was to replace, ...
    Confirm,
    /// ... or somebody wrote the state at that very moment, ...
    Recall { displaced: String },
    /// ... and somebody who had read it before has saved it since, without either, ...
    Rejoin { joined: String, current: String },
    /// ... or it belongs to somebody else and goes back.
    PutBack,
    /// Somebody else has changed the artifact, after ours went in or before.
    Conflict { is_begun: bool },
}

impl Step {
    fn stops(&self) -> bool {
        matches!(self, Self::PutBack | Self::Conflict { .. })
    }

    /// Whether something of the run is in place.
    fn is_begun(&self) -> bool {
        !matches!(self, Self::Replace | Self::Rebase { .. } | Self::Conflict { is_begun: false })
    }
}

/// Where a run keeps the texts of an artifact.
struct Texts<'a> {
    directory: PathBuf,
    artifact: &'a Replaced,
}

impl Texts<'_> {
    fn path(&self, what: &str) -> PathBuf {
        staged(&self.directory, &self.artifact.name, self.artifact.stage, what)
    }
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
        if let Some(at) = steps.iter().position(Step::stops) {
            return self.give_up(&journal, at);
        }
        self.add(&journal, false)?;
        for at in 0..journal.artifacts.len() {
            if !self.put_in_place(&mut journal, at)? {
                return self.give_up(&journal, at);
            }
        }
        self.add(&journal, true)?;
        journal.state = State::Applied;
        self.publish(&journal)?;
        Ok(Finished::Applied(journal.run))
    }

    fn texts<'a>(self, run: &str, artifact: &'a Replaced) -> Texts<'a> {
        Texts { directory: self.directory(run), artifact }
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
        let texts = self.texts(run, artifact);
        let new = texts.path("new");
        let is_state = artifact.name == STATE;
        match self.disk.entry(&new)? {
            Entry::File => {}
            // It was put in place, and the harness has gone on from there.
            Entry::Nothing if is_state || digest == artifact.after => return Ok(Step::Done),
            Entry::Nothing => return Ok(Step::Conflict { is_begun: true }),
            Entry::Directory | Entry::Other => return Ok(Step::PutBack),
        }
        let staged = self.disk.read(&new, MOST_TEXT)?;
        let staged_digest = sha256_hex(&staged);
        if staged_digest != artifact.after {
            return self.look_at_displaced(&texts, &staged, &current);
        }
        Ok(match digest {
            digest if digest == artifact.after => Step::Confirm,
            digest if digest == artifact.expected() => Step::Replace,
            _ if is_state && self.rebased(&texts, &current)?.is_some() => {
                Step::Rebase { current: text(&current) }
            }
            _ => Step::Conflict { is_begun: false },
        })
    }

    /// What to do about a text that has changed places with ours.
    fn look_at_displaced(
        self,
        texts: &Texts<'_>,
        displaced: &[u8],
        current: &[u8],
    ) -> Result<Step, JournalError> {
        if sha256_hex(displaced) == texts.artifact.expected() {
            return Ok(Step::Confirm);
        }
        if texts.artifact.name != STATE || self.rebased(texts, displaced)?.is_none() {
            let is_ours = sha256_hex(current) == texts.artifact.after;
            return Ok(if is_ours { Step::PutBack } else { Step::Conflict { is_begun: true } });
        }
        // The harness may have gone on from ours, but it must be ours that it has gone on from.
        let (orig, after) = (self.text(texts, "orig")?, self.text(texts, "after")?);
        let is_ours = std::str::from_utf8(current).is_ok_and(|current| is_in(&orig, &after, current));
        if is_ours {
            return Ok(Step::Recall { displaced: text(displaced) });
        }
        let expected = self.base(texts)?;
        let joined = std::str::from_utf8(current).ok().and_then(|current| {
            // Others did both, one after the other.
            rejoin(&expected, &text(displaced), current).ok()
        });
        Ok(match joined {
            Some(joined) if self.rebased(texts, joined.as_bytes())?.is_some() => {
                Step::Rejoin { joined, current: text(current) }
            }
            _ => Step::Conflict { is_begun: true },
        })
    }

    /// What the state becomes if the run is carried out on another text; `None` if that cannot be done.
    fn rebased(self, texts: &Texts<'_>, onto: &[u8]) -> Result<Option<String>, JournalError> {
        let (base, after) = (self.base(texts)?, self.text(texts, "after")?);
        let Ok(onto) = std::str::from_utf8(onto) else { return Ok(None) };
        if texts.artifact.base.is_none() {
            return Ok(rebase(&base, &after, onto).ok());
        }
        // Ours is in the base: what is carried out is what others did, and ours where somebody took it out again.
        let ours = rebase(&self.text(texts, "orig")?, &after, onto);
        Ok(rejoin(&base, &after, ours.as_deref().unwrap_or(onto)).ok())
    }

    /// What the state is, if somebody has saved it without what others wrote while ours went in: until both were joined
    /// that was out of sight, and who read the state then has not seen it.
    fn dropped(self, texts: &Texts<'_>) -> Result<Option<String>, JournalError> {
        if texts.artifact.base.is_none() {
            return Ok(None);
        }
        self.disk.wait_for_others(&self.plan.join(STATE))?;
        let current = text(&self.read_artifact(STATE)?);
        let joined = rejoin(&self.base(texts)?, &self.text(texts, "after")?, &current);
        Ok(joined.is_ok_and(|joined| joined != current).then_some(current))
    }

    /// The text that an artifact is to replace.
    fn base(self, texts: &Texts<'_>) -> Result<String, JournalError> {
        self.text(texts, if texts.artifact.base.is_some() { "base" } else { "orig" })
    }

    fn text(self, texts: &Texts<'_>, what: &str) -> Result<String, JournalError> {
        let path = texts.path(what);
        if self.disk.entry(&path)? != Entry::File {
            return Err(JournalError::NotRegular { path });
        }
        String::from_utf8(self.disk.read(&path, MOST_TEXT)?).map_err(|error| damaged(&path, &error))
    }

    /// Puts one artifact in place; `false` if it is somebody else's by now.
    fn put_in_place(self, journal: &mut Journal, at: usize) -> Result<bool, JournalError> {
        for _ in 0..MOST_TRIES {
            let artifact = &journal.artifacts[at];
            let new = self.texts(&journal.run, artifact).path("new");
            match self.step(&journal.run, artifact)? {
                Step::Done => return Ok(true),
                Step::Confirm => match self.dropped(&self.texts(&journal.run, artifact))? {
                    Some(current) => self.restage(journal, at, &current, &current)?,
                    None => {
                        self.disk.remove(&new)?;
                        return Ok(true);
                    }
                },
                Step::Replace => {
                    self.disk.set_mode(&new, artifact.mode)?;
                    self.disk.exchange(&new, &self.plan.join(&artifact.name))?;
                }
                Step::Rebase { current } => self.restage(journal, at, &current, &current)?,
                Step::Recall { displaced } => {
                    // What is replaced is ours of the last stage.
                    let ours = self.text(&self.texts(&journal.run, artifact), "after")?;
                    self.restage(journal, at, &displaced, &ours)?;
                }
                Step::Rejoin { joined, current } => self.restage(journal, at, &joined, &current)?,
                Step::PutBack | Step::Conflict { .. } => return Ok(false),
            }
        }
        Err(self.conflicted(journal, journal.artifacts[at].name.clone()))
    }

    /// Gives an artifact back to whoever wrote it at the moment when ours displaced it, and with it the run: for good if
    /// nothing of it is in place, and else to a person.
    fn give_up(self, journal: &Journal, at: usize) -> Result<Finished, JournalError> {
        let artifact = &journal.artifacts[at];
        if self.step(&journal.run, artifact)? == Step::PutBack {
            let new = self.texts(&journal.run, artifact).path("new");
            self.disk.exchange(&new, &self.plan.join(&artifact.name))?;
        }
        for other in &journal.artifacts {
            if self.step(&journal.run, other)?.is_begun() {
                return Err(self.conflicted(journal, artifact.name.clone()));
            }
        }
        self.discard(journal, artifact.name.clone())
    }

    /// Stages the state anew: what the run does, done on another text, and to go in where `replaced` is.
    fn restage(
        self,
        journal: &mut Journal,
        at: usize,
        onto: &str,
        replaced: &str,
    ) -> Result<(), JournalError> {
        let old = journal.artifacts[at].clone();
        let texts = self.texts(&journal.run, &old);
        let target = self.text(&texts, "after")?;
        let conflicted = || self.conflicted(journal, old.name.clone());
        let after = self.rebased(&texts, onto.as_bytes())?.ok_or_else(conflicted)?;
        // Without a base, the text before is the very text that ours is carried out on.
        let before = match old.base {
            None => onto.to_owned(),
            Some(_) => rebase(&target, &self.text(&texts, "orig")?, &after).map_err(|_| conflicted())?,
        };
        let new = Replaced {
            before: sha256_hex(before.as_bytes()),
            after: sha256_hex(after.as_bytes()),
            base: (replaced != before).then(|| sha256_hex(replaced.as_bytes())),
            stage: old.stage + 1,
            ..old.clone()
        };
        let directory = self.directory(&journal.run);
        // A stage that was begun and never published is in the way.
        for what in TEXTS {
            self.disk.remove(&staged(&directory, &new.name, new.stage, what))?;
        }
        self.stage(&directory, &new.name, new.stage, [before.as_bytes(), after.as_bytes()])?;
        if new.base.is_some() {
            self.disk.create(&staged(&directory, &new.name, new.stage, "base"), replaced.as_bytes())?;
        }
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
            } else if self.disk.entry(&parent)? != Entry::Directory {
                return Err(JournalError::NotADirectory { path: parent });
            }
        }
        if self.disk.entry(&path)? == Entry::Nothing {
            self.disk.link(staged, &path)?;
        }
        if self.disk.entry(&path)? != Entry::File {
            return Err(JournalError::NotRegular { path });
        }
        if sha256_hex(&self.disk.read(&path, MOST_TEXT)?) != added.sha256 {
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

/// Texts of the state that were carried over are texts.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
