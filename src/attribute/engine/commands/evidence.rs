//! Lists of commands, who may have run them, and what links the two: gathered once and read-only from then on.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::command_line::{CommandLine, Sort, clip};
use super::habits::Habits;
use super::links::{Link, Strengths, link_list, path_words};
use super::task::{TaskEvidence, read_task};
use super::told::commands_in;
use super::words::Words;
use crate::attribute::context::Context;
use crate::model::{Status, TaskId};

/// Everything signals look at. Tasks are known by their place in the plan.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) tasks: Vec<TaskEvidence>,
    /// One per batch artifact that lists commands; none if no task is open.
    pub(super) lists: Vec<List>,
    pub(super) habits: Habits,
}

/// The commands of one batch artifact.
#[derive(Debug)]
pub(super) struct List {
    /// The artifact it stands in.
    pub(super) artifact: String,
    /// Tasks of the batch, in plan order.
    pub(super) members: Vec<usize>,
    /// Those of them whose commands are looked for.
    pub(super) open: Vec<usize>,
    /// Whether the list is the batch's own.
    pub(super) is_faithful: bool,
    /// In the order of the list, each once; then those that are told of elsewhere.
    pub(super) commands: Vec<Listed>,
}

/// Where a command stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the list of commands.
    List,
    /// Elsewhere in the artifact of the batch, at this JSON pointer.
    Told(String),
    /// In a transcript of the whole run, at this line.
    Transcript(String),
}

/// One recorded command.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) line: CommandLine,
    /// Members whose records repeat it.
    pub(super) claimants: Vec<usize>,
    /// Members whose ids it names.
    pub(super) names: Vec<usize>,
    /// How many words of it can only be paths of files.
    pub(super) paths: usize,
    /// How many files and directories it names that are known.
    pub(super) named: f64,
    /// It is about the harness's own files.
    pub(super) is_bookkeeping: bool,
    /// How well what it names is linked to whoever it is linked to best.
    pub(super) strongest: f64,
    /// The two members whose texts use most of its words, and what share of them.
    pub(super) words_best: [(usize, f64); 2],
    /// What links it to members; those without a link are left out.
    pub(super) links: HashMap<usize, Link>,
    /// The member that surely ran the nearest command before, and after, of which that is known.
    pub(super) beside: [Option<usize>; 2],
}

impl List {
    /// How many commands are listed; the rest is told of elsewhere.
    pub(super) fn listed(&self) -> usize {
        self.commands.iter().filter(|command| command.place == Place::List).count()
    }

    /// Whether it is of a batch, and no transcript of the whole run.
    pub(super) fn is_of_batch(&self) -> bool {
        !self.commands.iter().any(|command| matches!(command.place, Place::Transcript(_)))
    }
}

impl Listed {
    /// Whether it checks the project as a whole.
    pub(super) fn is_whole(&self) -> bool {
        self.line.sort.is_check()
            && self.named == 0.0
            && !self.line.has_filter
            && self.line.packages.is_empty()
    }

    pub(super) fn link(&self, task: usize) -> Link {
        self.links.get(&task).copied().unwrap_or_default()
    }
}

impl Evidence {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let plan = context.input.plan;
        let mut words = Words::default();
        let mut tasks: Vec<TaskEvidence> =
            plan.tasks.iter().map(|task| read_task(task, &mut words, context)).collect();
        words.weigh();
        let recorded = recorded(context);
        for (task, commands) in tasks.iter_mut().zip(&recorded) {
            task.is_known = !commands.is_empty();
            task.is_open &= !task.is_known;
        }
        let mut lists = read_lists(&tasks, &recorded, context);
        lists.extend(read_transcripts(&tasks, &recorded, context));
        if lists.iter().all(|list| list.open.is_empty()) {
            lists.clear();
        }
        if !lists.is_empty() {
            let strengths = Strengths::new(&lists, context);
            for list in &mut lists {
                link_list(list, &tasks, &strengths, &words);
                find_neighbours(list);
            }
        }
        let habits = Habits::new(&lists, &tasks, &recorded);
        Self { tasks, lists, habits }
    }
}

/// The commands that records give each task, by their exact text.
fn recorded<'a>(context: &'a Context<'_>) -> Vec<HashSet<&'a str>> {
    let plan = context.input.plan;
    plan.tasks
        .iter()
        .map(|task| {
            // What an earlier run inferred proves nothing.
            let own = task.commands_run.iter().filter(|_| !task.inferred_commands);
            let rows = context.rows_of(task).iter().filter(|row| !row.inferred_commands);
            let rows = rows.flat_map(|row| &row.commands);
            let all = own.chain(rows).chain(context.decided_commands(&task.id));
            all.map(|command| command.trim()).collect()
        })
        .collect()
}

fn read_lists(tasks: &[TaskEvidence], recorded: &[HashSet<&str>], context: &Context<'_>) -> Vec<List> {
    let plan = context.input.plan;
    let index: HashMap<&TaskId, usize> =
        plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
    let mut views = BTreeMap::new();
    for view in plan.tasks.iter().flat_map(|task| context.batches_of(task)) {
        views.insert((view.batch.number, view.batch.artifact.as_str()), view);
    }
    let lists = views.into_values().map(|view| {
        let members: BTreeSet<usize> = view.members.iter().filter_map(|id| index.get(id)).copied().collect();
        let members: Vec<usize> = members.into_iter().collect();
        let mut seen = HashSet::new();
        let listed = view.batch.commands.iter().flatten().map(|command| (command.clone(), Place::List));
        let told = plan.told.iter().filter(|told| told.batch == Some(view.batch.number));
        let told = told.flat_map(|told| {
            commands_in(told).into_iter().map(|command| (command, Place::Told(told.place.clone())))
        });
        let commands = listed.chain(told).filter(|(command, _)| seen.insert(command.trim().to_owned()));
        let commands =
            commands.map(|(command, place)| read_command(&command, place, &members, recorded, &index));
        List {
            artifact: view.batch.artifact.clone(),
            open: members.iter().filter(|task| tasks[**task].is_open).copied().collect(),
            is_faithful: view.is_faithful,
            commands: commands.collect(),
            members,
        }
    });
    lists.filter(|list| !list.commands.is_empty()).collect()
}

/// Transcripts as lists of everybody's: what ran for whom is not said there.
fn read_transcripts(tasks: &[TaskEvidence], recorded: &[HashSet<&str>], context: &Context<'_>) -> Vec<List> {
    let plan = context.input.plan;
    let index: HashMap<&TaskId, usize> =
        plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
    let done = |at: &usize| plan.tasks[*at].status == Status::Done;
    let members: Vec<usize> = (0..tasks.len()).filter(done).collect();
    let open: Vec<usize> = members.iter().filter(|task| tasks[**task].is_open).copied().collect();
    let mut by_artifact: BTreeMap<&str, Vec<Listed>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for told in plan.told.iter().filter(|told| told.is_command && !open.is_empty()) {
        for command in commands_in(told) {
            if seen.insert(command.clone()) {
                let place = Place::Transcript(told.place.clone());
                let read = read_command(&command, place, &members, recorded, &index);
                by_artifact.entry(&told.artifact).or_default().push(read);
            }
        }
    }
    let list = |(artifact, commands): (&str, Vec<Listed>)| List {
        artifact: artifact.to_owned(),
        members: members.clone(),
        open: open.clone(),
        is_faithful: false,
        commands,
    };
    by_artifact.into_iter().map(list).collect()
}

fn read_command(
    text: &str,
    place: Place,
    members: &[usize],
    recorded: &[HashSet<&str>],
    index: &HashMap<&TaskId, usize>,
) -> Listed {
    let line = CommandLine::parse(text);
    let claims = |task: &&usize| recorded[**task].contains(text.trim());
    Listed {
        claimants: members.iter().filter(claims).copied().collect(),
        names: named_tasks(text, index)
            .into_iter()
            .filter(|task| members.binary_search(task).is_ok())
            .collect(),
        paths: path_words(clip(text, 64 << 10)).count(),
        named: 0.0,
        strongest: 0.0,
        words_best: [(usize::MAX, 0.0); 2],
        is_bookkeeping: is_bookkeeping(text),
        links: HashMap::new(),
        beside: [None; 2],
        text: text.to_owned(),
        place,
        line,
    }
}

/// Tasks whose ids stand in a text as words of their own.
fn named_tasks(text: &str, index: &HashMap<&TaskId, usize>) -> BTreeSet<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let words = text.split(|c| !is_part(c)).filter(|word| !word.is_empty() && word.len() <= 64);
    words.filter_map(|word| index.get(&TaskId::from(word))).copied().collect()
}

/// Whether a command is about the harness's own files, which are nobody's work.
fn is_bookkeeping(text: &str) -> bool {
    const NAMES: [&str; 5] =
        [".megaplan", "execution_batch_", "execution_checkpoint", "finalize.json", "execution.json"];
    NAMES.iter().any(|name| text.contains(name))
}

/// Finds for every command the nearest ones, before and after, that one member alone ran.
fn find_neighbours(list: &mut List) {
    // What is told elsewhere has no place in the order.
    let listed = list.commands.iter().filter(|command| command.place == Place::List);
    let owners: Vec<Option<usize>> = listed.map(sole_owner).collect();
    let mut before = None;
    let commands = &mut list.commands[..owners.len()];
    for (command, owner) in commands.iter_mut().zip(&owners) {
        command.beside[0] = before;
        before = owner.or(before);
    }
    let mut after = None;
    for (command, owner) in commands.iter_mut().zip(&owners).rev() {
        command.beside[1] = after;
        after = owner.or(after);
    }
}

/// The one member that records or names give a command to.
fn sole_owner(command: &Listed) -> Option<usize> {
    /// More than this share of what it names is the member's and nobody else's.
    const MOST: f64 = 0.5;
    match command.claimants.as_slice() {
        [owner] => Some(*owner),
        [] if command.line.sort != Sort::Version => {
            command.links.iter().find(|(_, link)| link.only > MOST).map(|(task, _)| *task)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_whole_words() {
        let (one, ten) = (TaskId::from("T1"), TaskId::from("T10"));
        let index = HashMap::from([(&one, 0), (&ten, 1)]);
        assert_eq!(named_tasks("python - <<'PY' # T10 check", &index), BTreeSet::from([1]));
        assert_eq!(named_tasks("T1/T10 and XT1", &index), BTreeSet::from([0, 1]));
    }
}
