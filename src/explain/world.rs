//! An input in which something is otherwise; what is not stays borrowed.

use std::borrow::Cow;

use crate::attribute::Input;
use crate::config::Config;
use crate::model::{Answer, History, Plan, ProjectPaths};

/// A hypothetical input.
pub(super) struct World<'a> {
    pub(super) plan: Cow<'a, Plan>,
    pub(super) history: Cow<'a, History>,
    pub(super) answers: Cow<'a, [Answer]>,
    pub(super) config: Cow<'a, Config>,
    paths: &'a ProjectPaths,
}

impl<'a> World<'a> {
    /// The world as it is.
    pub(super) fn of(input: &Input<'a>) -> Self {
        Self {
            plan: Cow::Borrowed(input.plan),
            history: Cow::Borrowed(input.history),
            answers: Cow::Borrowed(input.answers),
            config: Cow::Borrowed(input.config),
            paths: input.paths,
        }
    }

    /// What attribution looks at in it.
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            plan: &self.plan,
            history: &self.history,
            paths: self.paths,
            answers: &self.answers,
            config: &self.config,
        }
    }
}
