//! `taskproof evaluate`: hide evidence that is known, recover it, and say how well that went.

use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use taskproof::config::Config;
use taskproof::evaluate::{self, Evaluation, Scores, Subject, Threshold, Verdict};
use taskproof::load::{self, CaseLine, CaseReadError, LoadError};
use taskproof::report::evaluation::{EvaluationReport, LeftOut, Thresholds, Written, render_evaluation};
use taskproof::report::plain;

use crate::analysis::plan_directory;
use crate::args::{self, Evaluate};
use crate::config_file;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{deliver_with, refuse_finding_formats};
use crate::progress::Steps;
use crate::settings::Settings;
use crate::text_file::read_text;

/// The precision asked for unless the user says otherwise.
const PRECISION: f64 = 0.97;

/// Bytes of a cases file.
const MOST_CASES: u64 = 64 << 20;

/// Where a threshold is written unless `--config` says otherwise.
const CONFIG_FILE: &str = "taskproof.toml";

pub(crate) fn run(arguments: &Evaluate) -> Result<Exit, Error> {
    refuse_finding_formats("evaluate", &arguments.analysis)?;
    let wanted = precisions(arguments)?;
    let settings = Settings::new(&with_known_config(arguments))?;
    let lines = lines(arguments, &settings)?;
    let (scores, left_out) = run_all(&lines, &settings, &settings.config, arguments)?;
    let evaluation = evaluate::measure(&scores);
    let thresholds: Vec<Thresholds> = wanted.iter().map(|&wanted| thresholds(&scores, wanted)).collect();
    let written = thresholds
        .first()
        .filter(|_| arguments.write_config)
        .map(|thresholds| write_config(thresholds, &scores, &lines, &settings, arguments))
        .transpose();
    let (written, refusal) = match written {
        // The figures are what shows why.
        Err(refusal @ Error::Refused(_)) => (None, Some(refusal)),
        written => (written?, None),
    };
    let plans = lines.len() - left_out.len();
    let report = report(plans, left_out, evaluation, thresholds, written, &settings);
    deliver_with(&settings, &|format, look, out| render_evaluation(&report, format, look, out))?;
    refusal.map_or(Ok(Exit::Complete), Err)
}

fn report(
    plans: usize,
    left_out: Vec<LeftOut>,
    evaluation: Evaluation,
    thresholds: Vec<Thresholds>,
    written: Option<Written>,
    settings: &Settings,
) -> EvaluationReport {
    EvaluationReport {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        min_confidence: settings.config.min_confidence,
        plans,
        left_out,
        evaluation,
        thresholds,
        written,
    }
}

fn precisions(arguments: &Evaluate) -> Result<Vec<f64>, Error> {
    let wanted = if arguments.precision.is_empty() { vec![PRECISION] } else { arguments.precision.clone() };
    if let Some(wrong) = wanted.iter().find(|wanted| !(0.0..=1.0).contains(*wanted)) {
        return Err(Error::Usage(format!("a precision is a number from 0 to 1, not {wrong}")));
    }
    if arguments.write_config && wanted.len() > 1 {
        return Err(Error::Usage("`--write-config` takes one `--precision`".to_owned()));
    }
    Ok(wanted)
}

/// A configuration file that is to be written need not exist.
fn with_known_config(arguments: &Evaluate) -> args::Analysis {
    let mut analysis = arguments.analysis.clone();
    if arguments.write_config {
        analysis.config = analysis.config.filter(|path| path.exists());
    }
    analysis
}

/// The plans to measure on: those of a cases file, those below directories, or the one that is meant.
fn lines(arguments: &Evaluate, settings: &Settings) -> Result<Vec<CaseLine>, Error> {
    if let Some(path) = &arguments.cases {
        let text = read_text(path, "a cases file", MOST_CASES)?;
        let lines = load::cases(&text, path.parent().unwrap_or(Path::new("")))?;
        return if lines.is_empty() {
            Err(Error::Usage("the cases file is empty".to_owned()))
        } else {
            Ok(lines)
        };
    }
    if arguments.directories.is_empty() {
        return Ok(vec![CaseLine::unmasked(plan_directory(settings)?)]);
    }
    let mut plans: Vec<PathBuf> = Vec::new();
    for directory in &arguments.directories {
        plans.extend(load::plans_below(directory)?);
    }
    // Directories may overlap, and be spelled in many ways.
    let identity = |plan: &PathBuf| std::fs::canonicalize(plan).unwrap_or_else(|_| plan.clone());
    plans.sort_by_cached_key(identity);
    plans.dedup_by_key(|plan| identity(plan));
    if plans.is_empty() {
        return Err(LoadError::NoPlanBelow { directories: arguments.directories.clone() }.into());
    }
    Ok(plans.into_iter().map(CaseLine::unmasked).collect())
}

/// Reads, masks and scores plan by plan, in parallel and in order. A plan that cannot be measured is left
/// out, unless none is left.
fn run_all(
    lines: &[CaseLine],
    settings: &Settings,
    config: &Config,
    arguments: &Evaluate,
) -> Result<(Vec<Scores>, Vec<LeftOut>), Error> {
    let progress = Steps::new(lines.len(), &arguments.analysis);
    let run = |line| {
        let scores = run_one(line, settings, config);
        progress.step();
        scores
    };
    let results: Vec<Result<Vec<Scores>, Error>> = lines.par_iter().map(run).collect();
    progress.finish();
    let (mut scores, mut left_out, mut first) = (Vec::new(), Vec::new(), None);
    for (line, result) in lines.iter().zip(results) {
        match result {
            Ok(found) => scores.extend(found),
            Err(error) => {
                let plan = line.plan.display().to_string();
                left_out.push(LeftOut { plan, reason: error.chain() });
                first = first.or(Some(error));
            }
        }
    }
    match first.filter(|_| left_out.len() == lines.len()) {
        Some(error) => Err(error),
        None => {
            tell(&left_out, &arguments.analysis);
            Ok((scores, left_out))
        }
    }
}

fn run_one(line: &CaseLine, settings: &Settings, config: &Config) -> Result<Vec<Scores>, Error> {
    let (plan, past, _) = line.read(&settings.history, config)?;
    let subject = Subject::new(line.group.clone().unwrap_or_default(), plan, past.history, past.paths);
    let scores = match &line.hidden {
        Some(labels) => {
            let scenario = line.scenario.as_deref().unwrap_or("labelled");
            vec![evaluate::score(&evaluate::labelled(subject, scenario, labels), config)?]
        }
        None => {
            evaluate::masked(&subject).map(|case| evaluate::score(&case, config)).collect::<Result<_, _>>()?
        }
    };
    if scores.is_empty() {
        let message = "no done task has files whose loss the harness would notice";
        return Err(Error::NothingToMask(message));
    }
    Ok(scores)
}

fn tell(left_out: &[LeftOut], arguments: &args::Analysis) {
    for plan in left_out.iter().filter(|_| !arguments.quiet) {
        let line = format!("left out {}: {}", plain(&plan.plan), plain(&plan.reason));
        // It stands in the report as well.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

fn thresholds(scores: &[Scores], wanted: f64) -> Thresholds {
    let has_commands = |scores: &Scores| scores.tasks.iter().any(|task| task.commands.is_some());
    Thresholds {
        files: evaluate::threshold(scores, |task| Some(&task.files), wanted),
        commands: scores
            .iter()
            .any(has_commands)
            .then(|| evaluate::threshold(scores, |task| task.commands.as_ref(), wanted)),
    }
}

/// Writes the threshold, if a second run with it keeps what the first one promised.
fn write_config(
    thresholds: &Thresholds,
    scores: &[Scores],
    lines: &[CaseLine],
    settings: &Settings,
    arguments: &Evaluate,
) -> Result<Written, Error> {
    let min_confidence = chosen(thresholds, scores).map_err(Error::Refused)?;
    let config = Config { min_confidence, ..settings.config.clone() };
    let (again, _) = run_all(lines, settings, &config, &silent(arguments))?;
    let files = evaluate::measure(&again).pooled.files;
    let wanted = thresholds.files.wanted;
    if files.precision.is_none_or(|precision| precision < wanted) {
        let got = files.precision.map_or_else(|| "nothing is filled".to_owned(), |p| format!("it is {p:.3}"));
        return Err(Error::Refused(format!(
            "a precision of {wanted} was counted among what is listed from {min_confidence} upwards, but with \
             that threshold {got}: nothing was written"
        )));
    }
    let path = arguments.analysis.config.clone().unwrap_or_else(|| PathBuf::from(CONFIG_FILE));
    let before = config_file::set_min_confidence(&path, min_confidence)?;
    Ok(Written {
        path: path.display().to_string(),
        min_confidence,
        before,
        precision: files.precision,
        coverage: files.coverage,
    })
}

/// One threshold serves files and commands: the one for files, or the higher one for commands if that of
/// files would let too many wrong ones in. Or why there is none.
fn chosen(thresholds: &Thresholds, scores: &[Scores]) -> Result<f64, String> {
    let wanted = thresholds.files.wanted;
    let files = judge("file", &thresholds.files)?;
    let listed = evaluate::listed_from(scores, |task| task.commands.as_ref(), wanted, files);
    match (&thresholds.commands, listed) {
        (Some(commands), Some(listed)) if listed.precision < wanted => {
            Ok(files.max(judge("command", commands)?))
        }
        _ => Ok(files),
    }
}

/// The threshold of one field, if it can be relied on.
fn judge(what: &str, threshold: &Threshold) -> Result<f64, String> {
    let wanted = threshold.wanted;
    match (threshold.verdict, threshold.confidence) {
        (Verdict::Met, Some(confidence)) => Ok(confidence),
        (Verdict::TooFew, _) => Err(format!(
            "{} different pairs of task and {what} are too few to show a precision of {wanted} (at least {:.3} \
             with 95 % confidence): measure on more plans or ask for less, nothing was written",
            threshold.items, threshold.lower_bound
        )),
        _ => Err(format!("no threshold gives {what}s a precision of {wanted}: nothing was written")),
    }
}

/// What was left out was said by the first run.
fn silent(arguments: &Evaluate) -> Evaluate {
    let analysis = args::Analysis { quiet: true, ..arguments.analysis.clone() };
    Evaluate { analysis, ..arguments.clone() }
}

impl From<CaseReadError> for Error {
    fn from(error: CaseReadError) -> Self {
        match error {
            CaseReadError::Plan(error) => error.into(),
            CaseReadError::History(error) => error.into(),
        }
    }
}
