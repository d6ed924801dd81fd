//! What the executors of a plan repeat in their rows: some list every look at a file, some only tests.

use std::collections::{HashMap, HashSet};

use super::command_line::{CommandLine, Sort};
use super::evidence::{List, Listed, Place};
use super::task::TaskEvidence;
use crate::attribute::engine::count;

/// What is known of a plan's rows, where they are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Habits {
    /// Commands of batches of which every task is known, by sort: whether any row repeats them.
    sorts: HashMap<Sort, Seen>,
    /// The same for those that name several files.
    wide: Seen,
    /// By sort, how many members repeat what any of them repeats.
    shared: HashMap<Sort, Seen>,
    /// Tasks and commands so related: whether the task's row repeats the command.
    related: HashMap<(Group, Relation), Seen>,
    /// By sort, commands of rows: whether the batch's list has them in other words only.
    respelled: HashMap<Sort, Seen>,
}

/// How often something was so.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    so: f64,
    of: f64,
}

impl Seen {
    /// The share less one half, drawn towards 0 by little data: 0 when nothing was seen.
    fn lean(self) -> f64 {
        /// So many that are neither so nor otherwise are added.
        const UNSEEN: f64 = 2.0;
        (self.so - self.of / 2.0) / (self.of + UNSEEN)
    }

    fn add(&mut self, is_so: bool) {
        self.so += f64::from(u8::from(is_so));
        self.of += 1.0;
    }
}

/// Sorts of commands that rows treat alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Group {
    Tests,
    Checks,
    Looks,
    Others,
}

/// How a task and a command are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Relation {
    /// It names files of this task alone.
    Alone,
    /// It names files of this task and of others.
    Shared,
    /// It checks everything, and the notes speak of such a command.
    Told,
    /// It checks everything, and the notes do not.
    Untold,
}

fn group(sort: Sort) -> Group {
    match sort {
        Sort::Test => Group::Tests,
        Sort::Types | Sort::Lint | Sort::Format | Sort::Syntax | Sort::Build => Group::Checks,
        Sort::Search | Sort::Read | Sort::Version => Group::Looks,
        Sort::Script | Sort::Prose | Sort::Other => Group::Others,
    }
}

fn relation(command: &Listed, task: usize, evidence: &TaskEvidence) -> Option<Relation> {
    let link = command.link(task);
    match () {
        () if link.only > 0.5 => Some(Relation::Alone),
        () if link.best > 0.5 => Some(Relation::Shared),
        () if !command.is_whole() => None,
        () if evidence.noted[command.line.sort as usize] => Some(Relation::Told),
        () => Some(Relation::Untold),
    }
}

impl Habits {
    /// Batches of one are left out: there the list is all the task's, whatever its row repeats.
    pub(super) fn new(lists: &[List], tasks: &[TaskEvidence], recorded: &[HashSet<&str>]) -> Self {
        let mut habits = Self::default();
        for list in lists.iter().filter(|list| list.members.len() > 1 && list.is_of_batch()) {
            let is_known = list.members.iter().all(|task| tasks[*task].is_known);
            let listed = list.commands.iter().filter(|command| command.place == Place::List);
            for command in listed.filter(|command| !command.is_bookkeeping) {
                if is_known {
                    habits.add_command(command, list.members.len());
                }
                for task in list.members.iter().filter(|task| tasks[**task].is_known) {
                    if let Some(relation) = relation(command, *task, &tasks[*task]) {
                        let seen = habits.related.entry((group(command.line.sort), relation)).or_default();
                        seen.add(command.claimants.contains(task));
                    }
                }
            }
            habits.add_spellings(list, recorded);
        }
        habits
    }

    fn add_command(&mut self, command: &Listed, members: usize) {
        let sort = command.line.sort;
        let is_repeated = !command.claimants.is_empty();
        self.sorts.entry(sort).or_default().add(is_repeated);
        if command.paths > 1 {
            self.wide.add(is_repeated);
        }
        if is_repeated {
            let seen = self.shared.entry(sort).or_default();
            seen.so += count(command.claimants.len()) / count(members);
            seen.of += 1.0;
        }
    }

    fn add_spellings(&mut self, list: &List, recorded: &[HashSet<&str>]) {
        let listed = list.commands.iter().filter(|command| command.place == Place::List);
        let listed: HashSet<&str> = listed.map(|command| command.text.trim()).collect();
        for command in list.members.iter().flat_map(|task| &recorded[*task]) {
            self.respelled
                .entry(CommandLine::parse(command).sort)
                .or_default()
                .add(!listed.contains(command));
        }
    }

    /// How likely a listed command of that sort is to be repeated in any row, less one half.
    pub(super) fn repeats(&self, sort: Sort) -> f64 {
        self.sorts.get(&sort).map_or(0.0, |seen| seen.lean())
    }

    /// The same for a command that names several files.
    pub(super) fn repeats_wide(&self) -> f64 {
        self.wide.lean()
    }

    /// The same for how many members repeat one that any repeats.
    pub(super) fn shared(&self, sort: Sort) -> f64 {
        self.shared.get(&sort).map_or(0.0, |seen| seen.lean())
    }

    /// How likely a task that is so related to such a command is to repeat it, less one half.
    pub(super) fn related(&self, command: &Listed, task: usize, evidence: &TaskEvidence) -> f64 {
        let relation = relation(command, task, evidence);
        let seen = relation.and_then(|relation| self.related.get(&(group(command.line.sort), relation)));
        seen.map_or(0.0, |seen| seen.lean())
    }

    /// How likely rows tell commands of that sort in other words than the list, 0 to 1.
    pub(super) fn respelled(&self, sort: Sort) -> f64 {
        self.respelled.get(&sort).map_or(0.0, |seen| seen.so / (seen.of + 1.0))
    }
}
