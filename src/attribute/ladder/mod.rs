//! The ladder: kinds of evidence, strongest first. The first rung that is unambiguous decides.
//!
//! A rung looks at one kind of evidence and says what a task changed or ran, where that is all it can
//! mean ([`Found::decided`]), and what it may have, where it only narrows the choice ([`Found::open`]).
//! What git says of each path is asked afterwards, in one place, for all rungs alike.

mod batch_list;
mod commit_id;
mod operator;
mod review;
mod task_row;
mod unclaimed;

use std::collections::HashSet;
use std::hash::Hash;

use crate::model::{Place, Rung, Task};

use super::context::Context;

/// What a rung found: what can only be this task's, and what may be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found<T> {
    pub(super) decided: Vec<Claim<T>>,
    pub(super) open: Vec<Claim<T>>,
}

/// A file or command a rung speaks for, and where that was seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim<T> {
    pub(super) value: T,
    /// The signal's stable name.
    pub(super) signal: &'static str,
    /// Where it was seen.
    pub(super) detail: String,
}

impl<T> Found<T> {
    fn nothing() -> Self {
        Self { decided: Vec::new(), open: Vec::new() }
    }

    /// The first claim for each value, wherever it stands.
    fn once<K: Hash + Eq>(mut self, key: impl Fn(&T) -> K) -> Self {
        for list in [&mut self.decided, &mut self.open] {
            let mut seen = HashSet::new();
            list.retain(|claim| seen.insert(key(&claim.value)));
        }
        self
    }

    fn decided(decided: Vec<Claim<T>>) -> Self {
        Self { decided, ..Self::nothing() }
    }

    fn open(open: Vec<Claim<T>>) -> Self {
        Self { open, ..Self::nothing() }
    }
}

type Files = fn(&Task, &Context<'_>) -> Found<Place>;
type Commands = fn(&Task, &Context<'_>) -> Found<String>;

/// Rungs that speak of files.
pub(super) const FILES: &[(Rung, Files)] = &[
    (Rung::Operator, operator::files),
    (Rung::TaskRow, task_row::files),
    (Rung::BatchList, batch_list::files),
    (Rung::CommitId, commit_id::files),
    (Rung::Review, review::files),
    (Rung::Unclaimed, unclaimed::files),
];

/// Rungs that speak of commands.
pub(super) const COMMANDS: &[(Rung, Commands)] = &[
    (Rung::Operator, operator::commands),
    (Rung::TaskRow, task_row::commands),
    (Rung::BatchList, batch_list::commands),
];
