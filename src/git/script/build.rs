//! The steps from a script to a repository.

use std::collections::BTreeMap;
use std::path::Path;

use git2::build::CheckoutBuilder;
use git2::{FileMode, Index, IndexEntry, IndexTime, Oid, RepositoryInitOptions, Signature, Time};

use super::super::error::GitError;
use super::files::{self, Step, fault};
use super::{CommitScript, HistoryScript, WorktreeScript};

/// Who commits, if the script does not say.
const AUTHOR: &str = "Ada Example <ada@example.org>";

/// A repository while its history is being told.
struct Story {
    repo: git2::Repository,
    /// The branch that the next commit is made on.
    branch: String,
    /// The last commit of every branch.
    tips: BTreeMap<String, Oid>,
}

/// Builds one repository, without those nested in it.
pub(super) fn repository(script: &HistoryScript, root: &Path) -> Result<(), GitError> {
    let root = files::inside(root, &script.directory)?;
    let mut options = RepositoryInitOptions::new();
    options.initial_head(&script.branch).external_template(false).mkpath(true);
    let repo = git2::Repository::init_opts(&root, &options)
        .step(|| format!("no repository at {}", root.display()))?;
    let mut story = Story { repo, branch: script.branch.clone(), tips: BTreeMap::new() };
    for commit in &script.commits {
        story.tell(commit)?;
    }
    story.check_out()?;
    for (name, target) in &script.refs {
        story.refer(name, target)?;
    }
    story.leave_uncommitted(&script.worktree, &root)
}

impl Story {
    fn tell(&mut self, script: &CommitScript) -> Result<(), GitError> {
        self.switch(script)?;
        let merged: Vec<Oid> =
            script.merge.iter().map(|name| self.revision(name)).collect::<Result<_, _>>()?;
        let mut index = self.tree_of_tip()?;
        for other in &merged {
            index = self.merge(&mut index, *other)?;
            settle(&mut index, script)?;
        }
        self.edit(&mut index, script)?;
        let parents: Vec<Oid> = self.tips.get(&self.branch).copied().into_iter().chain(merged).collect();
        let id = self.commit(&mut index, script, &parents)?;
        self.tips.insert(self.branch.clone(), id);
        let reference = format!("refs/heads/{}", self.branch);
        self.repo
            .reference(&reference, id, true, "script")
            .step(|| format!("cannot set branch `{}`", self.branch))?;
        Ok(())
    }

    fn switch(&mut self, script: &CommitScript) -> Result<(), GitError> {
        let Some(branch) = &script.branch else { return Ok(()) };
        if !self.tips.contains_key(branch) {
            let start = match &script.from {
                Some(from) => Some(self.revision(from)?),
                None => self.tips.get(&self.branch).copied(),
            };
            self.tips.extend(start.map(|start| (branch.clone(), start)));
        }
        self.branch.clone_from(branch);
        Ok(())
    }

    fn revision(&self, name: &str) -> Result<Oid, GitError> {
        if let Some(tip) = self.tips.get(name) {
            return Ok(*tip);
        }
        let commit = self.repo.revparse_single(name).and_then(|object| object.peel_to_commit());
        Ok(commit.step(|| format!("`{name}` names no commit made so far"))?.id())
    }

    fn tree_of_tip(&self) -> Result<Index, GitError> {
        let build = || -> Result<Index, git2::Error> {
            let mut index = Index::new()?;
            if let Some(tip) = self.tips.get(&self.branch) {
                index.read_tree(&self.repo.find_commit(*tip)?.tree()?)?;
            }
            Ok(index)
        };
        build().step(|| format!("cannot read the files of branch `{}`", self.branch))
    }

    fn merge(&self, ours: &mut Index, other: Oid) -> Result<Index, GitError> {
        let build = |ours: &mut Index| -> Result<Index, git2::Error> {
            let repo = &self.repo;
            let base = self.tips.get(&self.branch).and_then(|tip| repo.merge_base(*tip, other).ok());
            let base = match base {
                Some(base) => repo.find_commit(base)?.tree()?,
                None => repo.find_tree(repo.treebuilder(None)?.write()?)?,
            };
            let ours = repo.find_tree(ours.write_tree_to(repo)?)?;
            repo.merge_trees(&base, &ours, &repo.find_commit(other)?.tree()?, None)
        };
        build(ours).step(|| format!("cannot merge {other} into branch `{}`", self.branch))
    }

    fn edit(&self, index: &mut Index, script: &CommitScript) -> Result<(), GitError> {
        let missing = |path: &str| fault(format!("`{path}` is not a file of branch `{}`", self.branch));
        for path in &script.remove {
            let path = checked(path)?;
            index.get_path(Path::new(path), 0).ok_or_else(|| missing(path))?;
            index.remove_path(Path::new(path)).step(|| format!("cannot remove `{path}`"))?;
        }
        for (old, new) in &script.rename {
            let mut entry = index.get_path(Path::new(old), 0).ok_or_else(|| missing(old))?;
            index.remove_path(Path::new(old)).step(|| format!("cannot rename `{old}`"))?;
            entry.path = checked(new)?.as_bytes().to_vec();
            index.add(&entry).step(|| format!("cannot rename `{old}` to `{new}`"))?;
        }
        for (path, content) in &script.write {
            self.add(index, path, content.as_bytes(), FileMode::Blob)?;
        }
        for (path, target) in &script.symlink {
            self.add(index, path, target.as_bytes(), FileMode::Link)?;
        }
        Ok(())
    }

    fn add(&self, index: &mut Index, path: &str, content: &[u8], mode: FileMode) -> Result<(), GitError> {
        let id = self.repo.blob(content).step(|| format!("cannot store `{path}`"))?;
        index.add(&entry(checked(path)?, id, mode)).step(|| format!("cannot add `{path}`"))
    }

    fn commit(&self, index: &mut Index, script: &CommitScript, parents: &[Oid]) -> Result<Oid, GitError> {
        let signature = signature(script)?;
        let build = |index: &mut Index| -> Result<Oid, git2::Error> {
            let tree = self.repo.find_tree(index.write_tree_to(&self.repo)?)?;
            let parents: Vec<git2::Commit<'_>> =
                parents.iter().map(|id| self.repo.find_commit(*id)).collect::<Result<_, _>>()?;
            let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
            self.repo.commit(None, &signature, &signature, &script.message, &tree, &parents)
        };
        build(index).step(|| format!("cannot commit `{}`", script.message))
    }

    fn check_out(&self) -> Result<(), GitError> {
        let what = || format!("cannot check out branch `{}`", self.branch);
        self.repo.set_head(&format!("refs/heads/{}", self.branch)).step(what)?;
        if !self.tips.contains_key(&self.branch) {
            return Ok(());
        }
        // Without filters, so that no configuration changes line ends.
        let mut checkout = CheckoutBuilder::new();
        self.repo.checkout_head(Some(checkout.force().disable_filters(true))).step(what)
    }

    fn refer(&self, name: &str, target: &str) -> Result<(), GitError> {
        let what = || format!("cannot point `{name}` at `{target}`");
        match target.strip_prefix("ref: ") {
            Some(other) => self.repo.reference_symbolic(name, other, true, "script").step(what)?,
            None => self.repo.reference(name, self.revision(target)?, true, "script").step(what)?,
        };
        Ok(())
    }

    fn leave_uncommitted(&self, script: &WorktreeScript, root: &Path) -> Result<(), GitError> {
        for (path, content) in &script.write {
            files::write(root, path, content)?;
        }
        for path in &script.remove {
            files::remove(root, path)?;
        }
        if script.stage.is_empty() {
            return Ok(());
        }
        let mut index = self.repo.index().step(|| "cannot open the index".to_owned())?;
        for path in &script.stage {
            match files::read(root, path)? {
                Some(content) => self.add(&mut index, path, &content, FileMode::Blob)?,
                None => index.remove_path(Path::new(path)).step(|| format!("cannot stage `{path}`"))?,
            }
        }
        index.write().step(|| "cannot write the index".to_owned())
    }
}

/// Conflicts must be settled by the commit that merges.
fn settle(index: &mut Index, script: &CommitScript) -> Result<(), GitError> {
    let settled = script.write.keys().chain(script.symlink.keys()).chain(&script.remove);
    for path in settled.filter(|_| index.has_conflicts()).cloned().collect::<Vec<_>>() {
        let ours = index.get_path(Path::new(&path), 2);
        let _ = index.conflict_remove(Path::new(&path)); // Most of them are in no conflict.
        if let Some(mut ours) = ours {
            ours.flags = 0;
            index.add(&ours).step(|| format!("cannot settle `{path}`"))?;
        }
    }
    if index.has_conflicts() {
        return Err(fault(format!(
            "`{}` merges with conflicts; write the files that conflict",
            script.message
        )));
    }
    Ok(())
}

fn signature(script: &CommitScript) -> Result<Signature<'static>, GitError> {
    let time: jiff::Timestamp = script.time.parse().map_err(|error| {
        fault(format!("time `{}` is not like 2026-05-21T09:00:00Z: {error}", script.time))
    })?;
    let author = script.author.as_deref().unwrap_or(AUTHOR);
    let parts = author.strip_suffix('>').and_then(|author| author.split_once(" <"));
    let (name, mail) = parts.ok_or_else(|| fault(format!("author `{author}` is not like `{AUTHOR}`")))?;
    Signature::new(name, mail, &Time::new(time.as_second(), 0)).step(|| format!("cannot sign as `{author}`"))
}

fn checked(path: &str) -> Result<&str, GitError> {
    files::inside(Path::new(""), path).map(|_| path)
}

fn entry(path: &str, id: Oid, mode: FileMode) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: u32::from(mode),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}
