//! Claims and files as literals, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sources::{Content, Entry, Sources, Version};
use crate::model::{Claim, ClaimOrigin, Listing, NameFilter, Oid};

/// A claim that nothing is known about but its text.
pub(crate) fn claim(text: &str) -> Claim {
    Claim {
        id: "c".into(),
        text: text.into(),
        origin: ClaimOrigin { artifact: "claims.jsonl".into(), pointer: "/0".into() },
        task_ids: Vec::new(),
        evidence_file: None,
        made_at: None,
        stance: None,
        is_blocker: false,
    }
}

/// A claim made at the commit with this number, see [`Files::commit`].
pub(crate) fn claim_at(commit: usize, text: &str) -> Claim {
    Claim { made_at: Some(Files::id(commit)), ..claim(text) }
}

/// A line of commits, the last of which is head.
#[derive(Default)]
pub(crate) struct Files {
    commits: Vec<BTreeMap<String, String>>,
    is_work_tree: bool,
}

impl Files {
    /// Adds a commit that has exactly these files.
    pub(crate) fn commit(mut self, files: &[(&str, &str)]) -> Self {
        self.commits.push(files.iter().map(|&(path, text)| (path.into(), text.into())).collect());
        self
    }

    /// The files of the last commit lie in a work tree.
    pub(crate) fn in_work_tree(self, is_work_tree: bool) -> Self {
        Self { is_work_tree, ..self }
    }

    /// The id of a commit, by its number.
    pub(crate) fn id(commit: usize) -> Oid {
        Oid::from_hex(format!("{:040x}", commit + 1)).expect("an id")
    }

    fn at(&self, version: Version<'_>) -> Option<&BTreeMap<String, String>> {
        match version {
            Version::Now => self.commits.last(),
            Version::At(id) => {
                (0..self.commits.len()).find(|&at| Self::id(at) == *id).map(|at| &self.commits[at])
            }
        }
    }

    fn blob(text: &str) -> Oid {
        crate::model::testing::oid(text)
    }
}

impl Sources for Files {
    fn head(&self) -> Option<Oid> {
        self.commits.len().checked_sub(1).map(Self::id)
    }

    fn is_work_tree(&self) -> bool {
        self.is_work_tree
    }

    fn has(&self, commit: &Oid) -> bool {
        self.at(Version::At(commit)).is_some()
    }

    fn entry(&self, version: Version<'_>, path: &str) -> Entry {
        let Some(files) = self.at(version) else { return Entry::Unknown };
        files.get(path).map_or(Entry::Absent, |text| Entry::File(Some(Self::blob(text))))
    }

    fn text(&self, version: Version<'_>, path: &str) -> Content {
        let Some(files) = self.at(version) else { return Content::Unknown };
        files.get(path).map_or(Content::Absent, |text| Content::Text(text.as_str().into()))
    }

    fn files(&self, version: Version<'_>) -> Option<Arc<Listing>> {
        let files = self.at(version)?;
        Some(Arc::new(Listing::new(files.iter().map(|(path, text)| (path, Self::blob(text))))))
    }

    fn files_called(&self, is_wanted: NameFilter<'_>) -> Option<Arc<Listing>> {
        let files = self.files(Version::Now)?;
        let name = |path: &str| path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned();
        let wanted = files.paths().filter(|path| is_wanted(name(path).as_bytes()));
        Some(Arc::new(Listing::new(wanted.map(|path| (path, Self::blob(path))))))
    }

    fn line(&self, since: Option<&Oid>) -> Arc<[Oid]> {
        let ids = (0..self.commits.len()).rev().map(Self::id);
        let mut line = Vec::new();
        for id in ids {
            let is_end = Some(&id) == since;
            line.push(id);
            if is_end {
                break;
            }
        }
        line.into()
    }
}
