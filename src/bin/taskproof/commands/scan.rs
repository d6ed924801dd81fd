//! `taskproof scan`: every plan below a repository, of a list of directories, or of a manifest, over one shared
//! extraction of their histories; or the joined results of several scans.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use taskproof::git::CacheOptions;
use taskproof::load::{self, LoadError, Member};
use taskproof::report::{Format, Look, RenderError, Report, Scan, Scanned, join, render, render_scan};
use tempfile::TempDir;

use crate::analysis::{analyse, plan_directory};
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver_with;
use crate::progress::Steps;
use crate::put::{put, refuse_planted};
use crate::settings::Settings;
use crate::text_file::read_text;

/// Bytes of a manifest: a million plans.
const MOST_MANIFEST: u64 = 256 << 20;
/// Bytes of the reports of one part.
const MOST_REPORTS: u64 = 1 << 30;

pub(crate) fn run(arguments: &args::Scan) -> Result<Exit, Error> {
    let mut settings = Settings::new(&arguments.analysis)?;
    if !arguments.merge.is_empty() {
        return merge(&arguments.merge, &settings);
    }
    // Without a cache of its own the scan keeps one as long as it runs: that is what makes extraction shared.
    let scratch = scratch_cache(&mut settings)?;
    let plans = shard(plans(arguments, &settings)?, arguments.shard.as_deref())?;
    prefetch(&plans, arguments);
    let scanned: Vec<(Scanned, Option<Exit>)> = plans.par_iter().map(scan).collect();
    drop(scratch);
    let failed = scanned.iter().any(|(plan, _)| plan.report.is_err());
    let worst = scanned.iter().filter_map(|(_, exit)| *exit).max().unwrap_or(Exit::Complete);
    let scan = Scan { plans: scanned.into_iter().map(|(plan, _)| plan).collect() };
    tell_failures(&scan, &settings);
    deliver_with(&settings, &|format, look, out| render_scan(&scan, format, look, out))?;
    if let Some(directory) = &arguments.reports {
        write_reports(&scan, directory)?;
    }
    Ok(exit(failed, worst, &settings))
}

/// A plan that could not be read is worse than anything that is known of the others.
fn exit(failed: bool, worst: Exit, settings: &Settings) -> Exit {
    match (failed, settings.exit_zero) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Complete,
        (false, false) => worst,
    }
}

/// A plan that is to be looked at, with settings of its own; or why there is none where one was named.
struct Target {
    directory: PathBuf,
    settings: Result<Settings, String>,
}

/// What the arguments name, by directory and each once.
fn plans(arguments: &args::Scan, settings: &Settings) -> Result<Vec<Target>, Error> {
    let mut found: BTreeMap<PathBuf, Target> = BTreeMap::new();
    for member in members(arguments, settings)? {
        for (directory, problem) in expand(&member)? {
            let settings = match problem {
                None => Ok(of_member(&member, &directory, settings)),
                Some(problem) => Err(problem),
            };
            let identity = fs::canonicalize(&directory).unwrap_or_else(|_| directory.clone());
            found.entry(identity).or_insert(Target { directory, settings });
        }
    }
    if found.is_empty() {
        let directories = match arguments.directories.is_empty() {
            true => vec![load::root(&settings.history)],
            false => arguments.directories.clone(),
        };
        return Err(LoadError::NoPlanBelow { directories }.into());
    }
    let share = found.len();
    let shared = |target: Target| Target {
        settings: target.settings.map(|settings| settings.shared_by(share)),
        ..target
    };
    Ok(found.into_values().map(shared).collect())
}

fn of_member(member: &Member, directory: &Path, settings: &Settings) -> Settings {
    let mut own = settings.clone();
    own.plan = Some(directory.to_path_buf());
    // Plans are looked at side by side, and one sign of life is enough.
    own.shows_progress = false;
    own.history.repo = member.repo.clone().or(own.history.repo);
    own.history.base = member.base.clone().or(own.history.base);
    own.history.head = member.head.clone().or(own.history.head);
    own
}

/// Lines of the manifest, or what stands for the arguments.
fn members(arguments: &args::Scan, settings: &Settings) -> Result<Vec<Member>, Error> {
    let nothing = Member { plan: None, repo: None, base: None, head: None };
    if let Some(path) = &arguments.manifest {
        let text = read_text(path, "a manifest", MOST_MANIFEST)?;
        return Ok(load::manifest(&text, path.parent().unwrap_or(Path::new("")))?);
    }
    if settings.plan.is_some() {
        return Ok(vec![Member { plan: Some(plan_directory(settings)?), ..nothing }]);
    }
    let below = |directory: &PathBuf| Member { repo: Some(directory.clone()), ..nothing.clone() };
    if arguments.directories.is_empty() {
        return Ok(vec![below(&load::root(&settings.history))]);
    }
    // Directories of plans, wherever their repositories are.
    let mut members = Vec::new();
    for directory in &arguments.directories {
        let plans = load::plans_below(directory)?;
        members.extend(plans.into_iter().map(|plan| Member { plan: Some(plan), ..nothing.clone() }));
    }
    Ok(members)
}

/// The plans of a member. A repository of a manifest that has none, or that is not there, is told of in its place.
fn expand(member: &Member) -> Result<Vec<(PathBuf, Option<String>)>, Error> {
    match (&member.plan, &member.repo) {
        (Some(plan), _) => Ok(vec![(plan.clone(), None)]),
        (None, Some(repo)) => match load::plans_below(repo) {
            Ok(plans) => Ok(plans.into_iter().map(|plan| (plan, None)).collect()),
            Err(error) => Ok(vec![(repo.clone(), Some(Error::from(error).chain()))]),
        },
        (None, None) => Err(Error::Usage("nothing to scan".to_owned())),
    }
}

/// Every N-th plan from the I-th on.
fn shard(plans: Vec<Target>, wanted: Option<&str>) -> Result<Vec<Target>, Error> {
    let Some(wanted) = wanted else { return Ok(plans) };
    let number = |text: &str| text.parse::<usize>().ok();
    let part = wanted.split_once('/').and_then(|(part, parts)| Some((number(part)?, number(parts)?)));
    let Some((part, parts)) = part.filter(|(part, parts)| (1..=*parts).contains(part)) else {
        return Err(Error::Usage(format!("`--shard {wanted}` is not I/N with I from 1 to N")));
    };
    Ok(plans.into_iter().skip(part - 1).step_by(parts).collect())
}

fn scratch_cache(settings: &mut Settings) -> Result<Option<TempDir>, Error> {
    if settings.history.extraction.cache.is_some() {
        return Ok(None);
    }
    let failed = |source| Error::WriteFile { path: std::env::temp_dir(), source };
    let scratch = tempfile::Builder::new().prefix("taskproof-scan-").tempdir().map_err(failed)?;
    settings.history.extraction.cache = Some(CacheOptions::new(scratch.path().to_path_buf()));
    Ok(Some(scratch))
}

/// Reads the histories of all plans, each commit once.
fn prefetch(plans: &[Target], arguments: &args::Scan) {
    let targets: Vec<&Settings> = plans.iter().filter_map(|target| target.settings.as_ref().ok()).collect();
    // What cannot be loaded is told of when its turn comes. A plan may be large, and is loaded again then.
    let needed = |settings: &Settings| {
        let (plan, _) = load::plan(settings.plan.as_ref()?, &settings.config).ok()?;
        load::needed(&plan, &settings.history)
    };
    let needed: Vec<_> =
        targets.into_par_iter().filter_map(|settings| Some((needed(settings)?, &settings.history))).collect();
    let progress = Steps::of_unknown("commits", &arguments.analysis);
    load::prefetch(needed, |done, more| progress.advance(done, more));
    progress.finish();
}

fn scan(target: &Target) -> (Scanned, Option<Exit>) {
    let report = target.settings.as_ref().map_err(Clone::clone).and_then(|settings| {
        let analysis = analyse(settings, None).map_err(|error| error.chain())?;
        Ok(analysis.report("scan", settings))
    });
    let exit = report.as_ref().ok().map(Exit::of);
    (Scanned { directory: target.directory.display().to_string(), report }, exit)
}

/// Formats without a place for them would hide plans that could not be read.
fn tell_failures(scan: &Scan, settings: &Settings) {
    let has_place = matches!(settings.format, Format::Human | Format::Jsonl);
    for plan in scan.plans.iter().filter(|_| !has_place) {
        if let Err(reason) = &plan.report {
            settings.say(&format!("not read: {}: {reason}", plan.directory));
        }
    }
}

/// A JSON report per plan, named after its directory.
fn write_reports(scan: &Scan, directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: directory.to_path_buf(), source };
    refuse_planted(directory)?;
    fs::create_dir_all(directory).map_err(failed)?;
    let mut taken = BTreeSet::new();
    for plan in &scan.plans {
        let Ok(report) = &plan.report else { continue };
        let name = Path::new(&plan.directory).file_name().unwrap_or_default().to_string_lossy().into_owned();
        put(&directory.join(format!("{}.json", free(&name, &mut taken))), &json(report)?)?;
    }
    Ok(())
}

/// The name, with a number if another plan has taken it already. Case does not count, for there are file systems where it
/// does not.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut numbered = name.to_owned();
    let mut number = 1;
    while !taken.insert(numbered.to_lowercase()) {
        number += 1;
        numbered = format!("{name}-{number}");
    }
    numbered
}

fn json(report: &Report) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    render(report, Format::Json, &Look::default(), &mut bytes)?;
    Ok(bytes)
}

/// Joins the JSON Lines of several scans.
fn merge(files: &[PathBuf], settings: &Settings) -> Result<Exit, Error> {
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|path| Ok((path.display().to_string(), read_text(path, "reports", MOST_REPORTS)?)))
        .collect::<Result<_, Error>>()?;
    let joined = join(texts.iter().map(|(file, text)| (file.as_str(), text.as_str())))?;
    deliver_with(settings, &|format, look, out| joined.render(format, look, out))?;
    let failed = joined.statuses().any(|status| status.is_none());
    let exits =
        joined.statuses().flatten().map(|(status, has_questions)| Exit::of_status(status, has_questions));
    let worst = exits.max().unwrap_or(Exit::Complete);
    Ok(exit(failed, worst, settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_report_takes_the_place_of_another() {
        let mut taken = BTreeSet::new();
        let names = ["a", "a", "a-2", "A", "a-2"].map(|name| free(name, &mut taken));
        assert_eq!(names, ["a", "a-2", "a-2-2", "A-3", "a-2-3"]);
    }
}
