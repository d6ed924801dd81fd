//! Labelled cases, read once, and how they are divided.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use taskproof::attribute::Input;
use taskproof::config::Config;
use taskproof::evaluate::{self, Subject, labelled};
use taskproof::git::{Extraction, WorktreeMode};
use taskproof::load::{self, CaseLine, HistoryOptions};

pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// What an engine learns from, or is measured on.
pub(crate) struct Case<T> {
    pub(crate) plan: String,
    pub(crate) group: String,
    pub(crate) scenario: String,
    /// How many files, or commands, are to be found.
    pub(crate) pairs: usize,
    /// What the engine makes of it.
    pub(crate) content: T,
}

impl<T> Case<T> {
    pub(crate) fn new(case: &evaluate::Case, pairs: usize, content: T) -> Self {
        Self {
            plan: case.name.clone(),
            group: case.group.clone(),
            scenario: case.scenario.clone(),
            pairs,
            content,
        }
    }
}

/// Reads those lines of a file that are wanted, in parallel, and makes cases of them.
pub(crate) fn load<T: Send>(
    path: &Path,
    is_wanted: fn(&CaseLine) -> bool,
    make: fn(&CaseLine, Subject) -> Vec<Case<T>>,
) -> Result<Vec<Case<T>>, Error> {
    #[expect(clippy::disallowed_methods, reason = "a program of its own, and not part of the library")]
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = load::cases(&text, path.parent().unwrap_or(Path::new("")))?;
    let wanted = lines.par_iter().filter(|line| is_wanted(line));
    let cases: Result<Vec<_>, Error> = wanted.map(|line| Ok(make(line, subject(line)?))).collect();
    Ok(cases?.into_iter().flatten().collect())
}

fn subject(line: &CaseLine) -> Result<Subject, Error> {
    let options = HistoryOptions {
        repo: None,
        base: None,
        head: None,
        worktree: WorktreeMode::Exclude,
        extraction: Extraction::default(),
        start: line.plan.clone(),
    };
    let (plan, past, _) = line
        .read(&options, &Config::default())
        .map_err(|error| format!("{}: {}", line.plan.display(), crate::sentence(&error)))?;
    let group = line.group.clone().unwrap_or_else(|| plan.name.clone());
    Ok(Subject::new(group, plan, past.history, past.paths))
}

/// The case of a line with `hidden`.
pub(crate) fn labelled_case(line: &CaseLine, subject: Subject) -> evaluate::Case {
    let scenario = line.scenario.as_deref().unwrap_or("labelled");
    labelled(subject, scenario, line.hidden.as_ref().unwrap_or(&BTreeMap::new()))
}

/// The question that a case puts to attribution.
pub(crate) fn input<'a>(case: &'a evaluate::Case, config: &'a Config) -> Input<'a> {
    Input { plan: &case.plan, history: &case.history, paths: &case.paths, answers: &[], config }
}

/// Cases in parts that are left out of learning one after the other.
pub(crate) struct Parts {
    pub(crate) number: usize,
    /// The part of each case.
    pub(crate) of: Vec<usize>,
}

impl Parts {
    /// At most so many parts of about equal size, cases of one plan in one part.
    pub(crate) fn by_plan<T>(cases: &[(usize, &Case<T>)], most: usize) -> Self {
        let Self { number, of } = Self::by(cases, |case| &case.plan);
        Self { number: number.min(most), of: of.into_iter().map(|part| part % most).collect() }
    }

    /// A part per group, such as a repository.
    pub(crate) fn by_group<T>(cases: &[(usize, &Case<T>)]) -> Self {
        Self::by(cases, |case| &case.group)
    }

    fn by<T>(cases: &[(usize, &Case<T>)], name: fn(&Case<T>) -> &String) -> Self {
        let names = cases.iter().map(|(_, case)| name(case).as_str());
        let mut numbers: BTreeMap<&str, usize> = names.clone().map(|name| (name, 0)).collect();
        numbers.values_mut().enumerate().for_each(|(at, number)| *number = at);
        Self { number: numbers.len(), of: names.map(|name| numbers[name]).collect() }
    }
}
