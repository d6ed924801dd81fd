//! What the executors of a plan repeat in their rows: some list every look at a file, some only tests.

use super::command_line::Sort;
use super::evidence::List;
use super::tasks::TaskEvidence;
use crate::attribute::engine::count;

/// By sort of command, in batches of which every task's commands are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Habits {
    listed: [usize; Sort::ALL.len()],
    claimed: [usize; Sort::ALL.len()],
    /// The same for commands that name several files, whatever they do.
    listed_wide: usize,
    claimed_wide: usize,
    /// Sum over claimed commands of the share of members that claim it.
    shares: [f64; Sort::ALL.len()],
}

/// So many commands of unknown habit are added to those that were seen.
const UNSEEN: f64 = 2.0;

impl Habits {
    pub(super) fn new(lists: &[List], tasks: &[TaskEvidence]) -> Self {
        let mut habits = Self::default();
        let is_known =
            |list: &&List| list.members.len() > 1 && list.members.iter().all(|task| tasks[*task].is_known);
        for list in lists.iter().filter(is_known) {
            for command in list.commands.iter().filter(|command| !command.is_bookkeeping) {
                let at = command.line.sort as usize;
                habits.listed[at] += 1;
                habits.claimed[at] += usize::from(!command.claimants.is_empty());
                let is_wide = command.paths > 1;
                habits.listed_wide += usize::from(is_wide);
                habits.claimed_wide += usize::from(is_wide && !command.claimants.is_empty());
                habits.shares[at] += count(command.claimants.len()) / count(list.members.len().max(1));
            }
        }
        habits
    }

    /// How likely a listed command of that sort is to be repeated in any row, less one half: 0 when unknown.
    pub(super) fn repeats(&self, sort: Sort) -> f64 {
        let at = sort as usize;
        (count(self.claimed[at]) - count(self.listed[at]) / 2.0) / (count(self.listed[at]) + UNSEEN)
    }

    /// The same for a command that names several files.
    pub(super) fn repeats_wide(&self) -> f64 {
        (count(self.claimed_wide) - count(self.listed_wide) / 2.0) / (count(self.listed_wide) + UNSEEN)
    }

    /// The same for how many members repeat one that any repeats.
    pub(super) fn shared(&self, sort: Sort) -> f64 {
        let at = sort as usize;
        (self.shares[at] - count(self.claimed[at]) / 2.0) / (count(self.claimed[at]) + UNSEEN)
    }
}
