//! What every analysing command starts with: load the plan and its history, and attribute.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use taskproof::attribute::{self, Input, Outcome};
use taskproof::explain;
use taskproof::gate;
use taskproof::load::{self, GitPatches, Past, Search};
use taskproof::model::{Answer, Code, Finding, Layout, Plan, Repair, WitnessLines};
use taskproof::repair::{self, ProposeError};
use taskproof::report::{HistoryFacts, PlanFacts, Report};

use crate::error::Error;
use crate::progress::during;
use crate::settings::Settings;

/// A plan, its history, and what attribution makes of them.
pub(crate) struct Analysis {
    pub(crate) plan: Plan,
    pub(crate) past: Past,
    answers: Vec<Answer>,
    pub(crate) outcome: Outcome,
    pub(crate) proposal: Result<(Repair, Vec<Finding>), ProposeError>,
    findings: Vec<Finding>,
}

/// Loads and attributes. `answers` is the text of an answers file.
pub(crate) fn analyse(settings: &Settings, answers: Option<&str>) -> Result<Analysis, Error> {
    let directory = plan_directory(settings)?;
    settings.note(&format!("reading the plan in {}", directory.display()));
    let (plan, mut findings) = load::plan(&directory, &settings.config)?;
    let names: Vec<&str> = plan.artifacts.iter().map(|artifact| artifact.name.as_str()).collect();
    settings.note(&format!("read {}", names.join(", ")));
    let answers: Vec<Answer> =
        answers.map(|text| load::answers(text, &plan)).transpose()?.unwrap_or_default();
    let past = during(settings, "reading the history", || load::history(&plan, &settings.history))?;
    settings.note(&describe(&past));
    let input = input(&plan, &past, &answers, settings);
    let outcome = during(settings, "weighing the evidence", || attribute::attribute(&input))?;
    findings.extend(past.findings.iter().cloned());
    findings.extend(outcome.findings.iter().cloned());
    findings.extend(unfinished_runs(&plan)?);
    findings.extend(gate::still_blocked(&plan, outcome.status));
    findings.extend(gate::unacknowledged(&plan));
    let proposal = propose(&plan, &outcome);
    findings.extend(proposal.as_ref().err().and_then(not_editable));
    Ok(Analysis { plan, past, answers, outcome, proposal, findings })
}

fn input<'a>(plan: &'a Plan, past: &'a Past, answers: &'a [Answer], settings: &'a Settings) -> Input<'a> {
    Input { plan, history: &past.history, paths: &past.paths, answers, config: &settings.config }
}

/// What would be changed. In a layout that the harness guards only `recover` proposes anything.
fn propose(plan: &Plan, outcome: &Outcome) -> Result<(Repair, Vec<Finding>), ProposeError> {
    match plan.layout {
        Layout::Flat => repair::propose(plan, &repair::fills(&outcome.attributions)),
        Layout::BatchDirectories | Layout::Taskmaster | Layout::SpecKit => {
            Ok((Repair::default(), Vec::new()))
        }
    }
}

/// Said also by commands that write nothing: a gap that could be filled will not be, as things are.
fn not_editable(error: &ProposeError) -> Option<Finding> {
    match error {
        ProposeError::NotEditable { artifact, line, .. } => {
            Some(Finding::new(Code::NotEditable, artifact, error.to_string()).on_line(*line))
        }
        _ => None,
    }
}

impl Analysis {
    /// Why nothing may be written: a repository is there and cannot be asked, so that what it would
    /// contradict cannot be told from what it would confirm.
    pub(crate) fn refuse_unusable_history(&self) -> Result<(), Error> {
        let reason = self.past.history.reason.as_deref().filter(|_| self.past.is_unusable);
        reason
            .map_or(Ok(()), |reason| Err(Error::Refused(format!("nothing is written unverified: {reason}"))))
    }
}

/// The plan directory the settings mean.
pub(crate) fn plan_directory(settings: &Settings) -> Result<PathBuf, Error> {
    let search = Search {
        requested: settings.plan.as_deref(),
        start: &settings.start,
        home: settings.home.as_deref(),
    };
    Ok(load::discover(&search, &settings.config)?)
}

impl Analysis {
    /// What was attributed.
    pub(crate) fn input<'a>(&'a self, settings: &'a Settings) -> Input<'a> {
        input(&self.plan, &self.past, &self.answers, settings)
    }

    /// The report of `command`, without edits.
    pub(crate) fn report(&self, command: &str, settings: &Settings) -> Report {
        Report {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            plan: PlanFacts::of(&self.plan, self.checkout_path()),
            history: HistoryFacts::from(&self.past.history),
            status: self.outcome.status,
            tasks: self.outcome.attributions.clone(),
            lines: self.lines(settings),
            repair_request: self.outcome.request.clone(),
            claims: Vec::new(),
            recovery: None,
            edits: Vec::new(),
            diff: None,
            run_id: None,
            findings: self.located(self.findings.iter().cloned()),
        }
    }

    /// The lines of the witnesses, where a format shows them.
    fn lines(&self, settings: &Settings) -> WitnessLines {
        let room = settings.room_for_lines;
        if room == 0 {
            return WitnessLines::default();
        }
        let patches = GitPatches::new(&self.plan, &settings.history);
        during(settings, "reading the lines of witnesses", || {
            explain::witnessed(&self.outcome.attributions, &self.past.history, &patches, room)
        })
    }

    /// The findings with the lines of their JSON pointers: editors and CI systems open lines.
    pub(crate) fn located(&self, findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
        let mut lines = BTreeMap::new();
        let mut located = |mut finding: Finding| {
            let place = &mut finding.location;
            if let (None, Some(pointer), Some(artifact)) =
                (place.line, &place.pointer, self.plan.artifacts.get(&place.path))
            {
                place.line = lines.entry(&artifact.name).or_insert_with(|| artifact.lines()).of(pointer);
            }
            finding
        };
        findings.into_iter().map(&mut located).collect()
    }
}

impl Analysis {
    /// Where the plan lies in the work tree of its repository.
    fn checkout_path(&self) -> Option<String> {
        let directory = std::fs::canonicalize(&self.plan.directory).ok()?;
        let mut roots = self.past.paths.repository_roots.iter();
        let below = |root: &String| directory.strip_prefix(root).ok().map(slashed);
        roots.find_map(below)
    }
}

/// `/` separated, as URLs and other programs have it.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn describe(past: &Past) -> String {
    let history = &past.history;
    let uncommitted = if history.worktree { ", and uncommitted changes" } else { "" };
    match &history.head {
        Some(head) => format!("read {} commits up to {head}{uncommitted}", history.commits.len()),
        None => format!("no history: {}", history.reason.as_deref().unwrap_or("not a repository")),
    }
}

fn unfinished_runs(plan: &Plan) -> Result<Vec<Finding>, Error> {
    let runs = repair::list_unfinished(&plan.directory).map_err(repair::WriteError::from)?;
    let finding = |run: String| {
        let message =
            format!("run {run} did not finish; the next `--write` finishes or takes back what it began");
        Finding::new(Code::UnfinishedRun, ".taskproof", message)
    };
    Ok(runs.into_iter().map(finding).collect())
}
