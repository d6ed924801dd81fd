//! What one commit changed: its trees compared, moves found, lines compared.
//!
//! Every rule here is git's own, so that what we say is what `git log -p` says: which paths differ
//! ([`tree`]), what was moved or copied ([`moves`], [`files`], [`similarity`]), and where lines differ ([`lines`]). Of the lines
//! themselves as much is kept as is asked for ([`keep`]).

mod binary;
mod files;
mod keep;
mod lines;
mod moves;
mod shared;
mod similarity;
mod tree;

#[cfg(feature = "fuzzing")]
pub(super) use lines::hunks;

use super::limits::{Limits, Room, TooMuch};
use super::objects::{Found, Kind, ObjectStore, Side, Unreadable};
use super::path::spell;
use crate::model::{Change, ChangeKind, Content, Oid};

pub(super) use keep::{Keep, KeepLines, KeepWords};

/// A path that differs. Both sides are there unless it was added or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    path: Vec<u8>,
    old: Option<Side>,
    new: Option<Side>,
}

/// What changed, and trees that could not be read.
pub(super) type Changed<Text> = (Vec<Change<Text>>, Vec<Unreadable>);

/// Tells of a path whether it is declared to be binary, or text.
pub(super) type Declared<'a> = dyn FnMut(&[u8]) -> Result<Option<bool>, TooMuch> + 'a;

/// How changes are read: from where, and what is left out.
pub(super) struct Differ<'a, K> {
    pub(super) store: &'a mut dyn ObjectStore,
    pub(super) limits: &'a Limits,
    /// Whether a path is binary whatever its content, or text.
    pub(super) declared: &'a mut Declared<'a>,
    /// What is kept of texts.
    pub(super) keep: K,
}

impl<K: Keep> Differ<'_, K> {
    /// What turned the trees of `parents` into `tree`, by path; of a merge, only what differs from every
    /// parent, compared with the first. Only paths that are wanted are looked into. Also names trees that could
    /// not be read: what is below them is left out. [`TooMuch`] if the paths take more than a commit's part of the limit.
    pub(super) fn changes(
        &mut self,
        parents: &[Oid],
        tree: Oid,
        wanted: impl Fn(&[u8]) -> bool,
    ) -> Result<Changed<K::Text>, TooMuch> {
        let mut unreadable = Vec::new();
        let mut room = Room::of(self.limits);
        let pairs = tree::compare(self.store, parents, tree, &mut room, &mut unreadable)?;
        let moves = match parents {
            [] | [_] => moves::find(self.store, &pairs, self.limits),
            _ => moves::none(&pairs),
        };
        let mut changes: Vec<Change<K::Text>> = pairs
            .iter()
            .zip(&moves)
            .filter(|(pair, _)| wanted(&pair.path))
            .filter_map(|(pair, step)| match step {
                moves::Step::Stays => Some(self.change(pair, None, kind(pair), &mut room)),
                moves::Step::Left => None,
                moves::Step::From { source, is_copy } => {
                    let kind = if *is_copy { ChangeKind::Copied } else { ChangeKind::Renamed };
                    Some(self.change(pair, Some(&pairs[*source]), kind, &mut room))
                }
            })
            .collect::<Result<_, TooMuch>>()?;
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        // Most commits change a file or two, and room is made for four.
        changes.shrink_to_fit();
        Ok((changes, unreadable))
    }

    fn change(
        &mut self,
        pair: &Pair,
        source: Option<&Pair>,
        kind: ChangeKind,
        room: &mut Room,
    ) -> Result<Change<K::Text>, TooMuch> {
        let old = source.unwrap_or(pair).old;
        Ok(Change {
            path: spell(&pair.path),
            old_path: source.map(|source| spell(&source.path)),
            kind,
            blob: pair.new.map(|side| side.id),
            content: self.content(&pair.path, old, pair.new, room)?,
        })
    }

    fn content(
        &mut self,
        path: &[u8],
        old: Option<Side>,
        new: Option<Side>,
        room: &mut Room,
    ) -> Result<Content<K::Text>, TooMuch> {
        let (old_id, new_id) = (old.map(|side| side.id), new.map(|side| side.id));
        if old_id == new_id || [old, new].into_iter().flatten().any(Side::is_gitlink) {
            return Ok(Content::None);
        }
        let mut read = |id: Option<Oid>| match id {
            Some(id) => self.store.read(id, self.limits.blob_bytes),
            None => Found::Object(Kind::Blob, std::sync::Arc::default()),
        };
        Ok(match (read(old_id), read(new_id)) {
            (Found::Object(Kind::Blob, old), Found::Object(Kind::Blob, new)) => {
                let looks_binary = || binary::looks_binary(&old) || binary::looks_binary(&new);
                if (self.declared)(path)?.unwrap_or_else(looks_binary) {
                    Content::Binary
                } else {
                    room.texts(&old, &new)?;
                    let text = self.keep.keep(&old, &new);
                    room.hunks(K::hunks(&text))?;
                    Content::Text(text)
                }
            }
            (Found::TooLarge, _) | (_, Found::TooLarge) => Content::TooLarge,
            _ => Content::Missing,
        })
    }
}

fn kind(pair: &Pair) -> ChangeKind {
    match (pair.old, pair.new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Deleted,
        (Some(old), Some(new)) if old.is_same_type(new) => ChangeKind::Modified,
        _ => ChangeKind::TypeChanged,
    }
}
