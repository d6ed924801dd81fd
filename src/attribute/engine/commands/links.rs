//! Which member of a batch a command is linked to: by the files it names, by words, by quotes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::command_line::clip;
use super::evidence::{List, Listed};
use super::task::TaskEvidence;
use super::words::Words;
use crate::attribute::context::Context;
use crate::attribute::engine::count;
use crate::attribute::engine::evidence::{Paired, pairs};
use crate::attribute::engine::mentions::{Exactness, Mention, PathIndex};
use crate::attribute::engine::reading::notes;

/// What links a command to one member. Shares are over the files it names, 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Link {
    /// Share of files that records or what was decided give to the task.
    pub(super) owned: f64,
    /// Share of files its description names.
    pub(super) described: f64,
    /// Share of files its notes name.
    pub(super) noted: f64,
    /// Share of files that are tests of its files, or tested by them.
    pub(super) paired: f64,
    /// How well its best-linked file is linked.
    pub(super) best: f64,
    /// How well all of them are linked.
    pub(super) fits: f64,
    /// Share of files that are rather its than any other member's.
    pub(super) only: f64,
    /// Share of files that nobody has to do with, but that lie beside files of the task.
    pub(super) near: f64,
    /// Share of the task's own files that it names.
    pub(super) covers: f64,
    /// Share of the words that its texts use.
    pub(super) words: f64,
    /// Its texts quote the command.
    pub(super) is_quoted: bool,
}

/// How one task is linked to one path.
#[derive(Debug, Clone, Copy, Default)]
struct Strength {
    owned: f64,
    described: f64,
    noted: f64,
    paired: f64,
}

impl Strength {
    /// All of it together.
    fn all(self) -> f64 {
        1.0 - (1.0 - self.owned)
            * (1.0 - 0.8 * self.described)
            * (1.0 - 0.8 * self.noted)
            * (1.0 - 0.5 * self.paired)
    }
}

/// Who is linked to which path, and how paths are named.
#[derive(Debug)]
pub(super) struct Strengths {
    index: PathIndex,
    /// By path, then by task.
    of_path: Vec<BTreeMap<usize, Strength>>,
    /// By directory, how well the best-linked file in it is linked to each task.
    of_directory: HashMap<String, BTreeMap<usize, f64>>,
    directories: Vec<String>,
    /// How well all files are linked to each task, together.
    of_task: HashMap<usize, f64>,
    /// Paths by the names of their directories and of the files without extension.
    by_part: HashMap<String, Vec<usize>>,
}

/// A package of more files than this stands for nothing in particular.
const LARGEST_PACKAGE: usize = 60;
/// A command that names more files than this is read no further.
const MOST_FILES: usize = 400;
/// So much of a text is searched for files.
const LONGEST: usize = 64 << 10;
/// A longer path is no file's: systems allow 4096 bytes.
const LONGEST_PATH: usize = 4096;

impl Strengths {
    pub(super) fn new(lists: &[List], context: &Context<'_>) -> Self {
        let plan = context.input.plan;
        let paths = known_paths(lists, context);
        let aliases: Vec<(String, usize)> =
            paths.iter().enumerate().map(|(at, path)| (context.changed_place(path).written, at)).collect();
        let mut of_path: Vec<BTreeMap<usize, Strength>> = vec![BTreeMap::new(); paths.len()];
        let index = PathIndex::new(paths.clone(), &aliases);
        for (at, task) in plan.tasks.iter().enumerate() {
            for mention in index.mentions(clip(&task.description, LONGEST)) {
                let strength = of_path[mention.path].entry(at).or_default();
                strength.described = strength.described.max(weight(mention));
            }
            for mention in
                index.mentions(clip(&notes(task, context.rows_of(task), context.checks_of(task)), LONGEST))
            {
                let strength = of_path[mention.path].entry(at).or_default();
                strength.noted = strength.noted.max(weight(mention));
            }
        }
        let tasks: HashMap<_, _> = plan.tasks.iter().enumerate().map(|(at, task)| (&task.id, at)).collect();
        for (path, at) in paths.iter().zip(0..) {
            for task in context.claims.get(path).into_iter().flatten().filter_map(|id| tasks.get(*id)) {
                of_path[at].entry(*task).or_default().owned = 1.0;
            }
        }
        pair(&paths, &mut of_path);
        let directories: Vec<String> = paths.iter().map(|path| directory(path).to_owned()).collect();
        let mut of_directory: HashMap<String, BTreeMap<usize, f64>> = HashMap::new();
        let mut of_task: HashMap<usize, f64> = HashMap::new();
        for (directory, linked) in directories.iter().zip(&of_path) {
            for (task, strength) in linked {
                let best = of_directory.entry(directory.clone()).or_default().entry(*task).or_default();
                *best = best.max(strength.all());
                *of_task.entry(*task).or_default() += strength.all();
            }
        }
        Self { index, of_path, of_directory, directories, of_task, by_part: by_part(&paths) }
    }

    /// The files a command names, each with the share of its word: a directory's files share one.
    fn named(&self, command: &Listed) -> BTreeMap<usize, f64> {
        let mut words: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let mentions = self.index.mentions(clip(&command.text, LONGEST));
        for mention in
            mentions.into_iter().filter(|mention| mention.exactness != Exactness::Stem).take(MOST_FILES)
        {
            words.entry(mention.position.to_bits()).or_default().push(mention.path);
        }
        let packages =
            command.line.packages.iter().filter_map(|package| self.by_part.get(&package_name(package)));
        let packages = packages.filter(|paths| paths.len() <= LARGEST_PACKAGE);
        let mut named: BTreeMap<usize, f64> = BTreeMap::new();
        for paths in words.values().chain(packages) {
            for path in paths {
                let share = named.entry(*path).or_default();
                *share = share.max(1.0 / count(paths.len()));
            }
        }
        named
    }
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn weight(mention: Mention) -> f64 {
    match mention.exactness {
        Exactness::Path | Exactness::Name => 1.0,
        Exactness::Stem => 0.6,
        Exactness::SharedName => 0.5,
        Exactness::Directory => 0.3,
    }
}

/// Everything that changed, is claimed, or is named in a command with a directory and an extension.
fn known_paths(lists: &[List], context: &Context<'_>) -> Vec<String> {
    let changed = context.changed.keys().map(|path| (*path).to_owned());
    let mut paths: BTreeSet<String> = changed.chain(context.claims.keys().cloned()).collect();
    paths.retain(|path| path.len() <= LONGEST_PATH);
    let known: Vec<String> = paths.iter().cloned().collect();
    let aliases: Vec<(String, usize)> =
        known.iter().enumerate().map(|(at, path)| (context.changed_place(path).written, at)).collect();
    let index = PathIndex::new(known, &aliases);
    let commands = lists.iter().flat_map(|list| &list.commands);
    for word in commands.flat_map(|command| path_words(clip(&command.text, LONGEST))) {
        let word = word.trim_start_matches("./");
        let is_known = paths.contains(word)
            || index.mentions(word).iter().any(|found| found.exactness >= Exactness::Name);
        if !is_known {
            paths.insert(word.to_owned());
        }
    }
    paths.into_iter().collect()
}

/// The words of a command that can only be paths of files.
pub(super) fn path_words(text: &str) -> impl Iterator<Item = &str> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '(' | ')' | ',' | ':' | ';' | '=');
    text.split(is_end).filter(|word| is_path(word))
}

/// Whether a word can only be the path of a file.
fn is_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    word.contains('/')
        && word.len() <= 256
        && !word.starts_with(['-', '/', '~', '$', '!'])
        && (1..=5).contains(&extension.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/@[]+".contains(&byte))
}

/// Links the test of a task's file, or the file its test is about, to the task.
fn pair(paths: &[String], of_path: &mut [BTreeMap<usize, Strength>]) {
    let pairs = pairs(paths.iter().map(String::as_str)).into_iter();
    let paired: Vec<(usize, usize, f64)> = pairs
        .flat_map(|Paired { path, partner }| {
            of_path[partner].iter().map(move |(task, strength)| (path, *task, strength.all()))
        })
        .collect();
    for (path, task, strength) in paired {
        let known = of_path[path].entry(task).or_default();
        known.paired = known.paired.max(strength);
    }
}

fn package_name(name: &str) -> String {
    name.rsplit(['/', '.']).next().unwrap_or(name).replace('-', "_").to_lowercase()
}

fn by_part(paths: &[String]) -> HashMap<String, Vec<usize>> {
    let mut parts: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, path) in paths.iter().enumerate() {
        for part in path.split('/').map(|part| part.split('.').next().unwrap_or(part)) {
            let known = parts.entry(package_name(part)).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    parts
}

/// Works out the links of every command of a list.
pub(super) fn link_list(list: &mut List, tasks: &[TaskEvidence], strengths: &Strengths, words: &Words) {
    let members: BTreeSet<usize> = list.members.iter().copied().collect();
    for command in &mut list.commands {
        let named = strengths.named(command);
        command.named = named.values().sum();
        for (path, share) in &named {
            let linked = strengths.of_path[*path].iter().filter(|(task, _)| members.contains(task));
            let linked: Vec<(usize, Strength)> = linked.map(|(task, strength)| (*task, *strength)).collect();
            add_file(command, &linked, share / command.named);
            for (task, strength) in &linked {
                let all = strengths.of_task.get(task).copied().unwrap_or(1.0).max(0.5);
                command.links.entry(*task).or_default().covers += strength.all() / all;
            }
            if linked.is_empty() {
                let beside = strengths.of_directory.get(&strengths.directories[*path]);
                for (task, strength) in
                    beside.into_iter().flatten().filter(|(task, _)| members.contains(task))
                {
                    command.links.entry(*task).or_default().near += share / command.named * strength;
                }
            }
        }
        let shares = words.shares(&command.text);
        for (task, share) in shares.into_iter().filter(|(task, _)| members.contains(task)) {
            command.links.entry(task).or_default().words = share;
        }
        command.words_best = two_best(command.links.iter().map(|(task, link)| (*task, link.words)));
        for task in members.iter().filter(|task| tasks[**task].quoted.contains(&command.line.core)) {
            command.links.entry(*task).or_default().is_quoted = true;
        }
    }
}

/// Adds one named file, with its share of all that is named, to every member it is linked to.
fn add_file(command: &mut Listed, linked: &[(usize, Strength)], share: f64) {
    let best = two_best(linked.iter().map(|(task, strength)| (*task, strength.all())));
    command.strongest += share * best[0].1;
    for (task, strength) in linked {
        let all = strength.all();
        let other = if best[0].0 == *task { best[1].1 } else { best[0].1 };
        let link = command.links.entry(*task).or_default();
        link.owned += share * strength.owned;
        link.described += share * strength.described;
        link.noted += share * strength.noted;
        link.paired += share * strength.paired;
        link.fits += share * all;
        link.best = link.best.max(all);
        link.only += share * (all - other).max(0.0);
    }
}

/// The two highest values and whose they are.
fn two_best(values: impl Iterator<Item = (usize, f64)>) -> [(usize, f64); 2] {
    let mut best = [(usize::MAX, 0.0); 2];
    for (task, value) in values {
        if (value, best[0].0) > (best[0].1, task) {
            best = [(task, value), best[0]];
        } else if value > best[1].1 {
            best[1] = (task, value);
        }
    }
    best
}
