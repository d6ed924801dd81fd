//! What every command that writes into a plan does around the library's writing: refuse what is alive, look again
//! under the lock, and name the run.

use jiff::Timestamp;
use taskproof::load::{self, LoadError};
use taskproof::model::{ActiveStep, Plan, Repair};
use taskproof::repair::{self, RunContext, WriteError, Written};

use crate::analysis::plan_directory;
use crate::error::Error;
use crate::settings::Settings;

/// A run that stopped halfway is finished or taken back before the plan is read, so that what is read is whole.
pub(crate) fn finish_earlier_run(settings: &Settings) -> Result<(), Error> {
    let directory = plan_directory(settings)?;
    if repair::list_unfinished(&directory).map_err(WriteError::from)?.is_empty() {
        return Ok(());
    }
    let recheck = || {
        let step = load::active_step(&directory, &settings.config)
            .map_err(|error| WriteError::Unreadable(Box::new(error)))?;
        refuse_live_step(step.as_ref(), settings)
    };
    repair::write(&directory, &Repair::default(), &run_context(), &recheck)?;
    Ok(())
}

/// Carries a repair out, unless the harness is at work on the plan or has written to it since it was read.
pub(crate) fn write(
    plan: &Plan,
    repair: &Repair,
    context: &RunContext,
    settings: &Settings,
) -> Result<Option<Written>, Error> {
    carry_out(plan, repair, context, settings, &recheck(plan, settings))
}

/// As [`write`], for changes of `state.json`. Beyond what every writing command asks under the lock, nobody may have
/// answered a blocker in the meantime: what is answered rests on the answers that were read.
pub(crate) fn write_state(
    plan: &Plan,
    repair: &Repair,
    context: &RunContext,
    settings: &Settings,
) -> Result<Option<Written>, Error> {
    let recheck = recheck(plan, settings);
    let unanswered = || {
        recheck()?;
        let now = load::standing(&plan.directory, &settings.config);
        let now = now.map_err(|error| WriteError::Unreadable(Box::new(error)))?;
        let is_same = now.resolutions == plan.standing.resolutions;
        if is_same { Ok(()) } else { Err(WriteError::Changed { artifact: "state.json".to_owned() }) }
    };
    carry_out(plan, repair, context, settings, &unanswered)
}

fn carry_out(
    plan: &Plan,
    repair: &Repair,
    context: &RunContext,
    settings: &Settings,
    recheck: &dyn Fn() -> Result<(), WriteError>,
) -> Result<Option<Written>, Error> {
    refuse_live_step(plan.active_step.as_ref(), settings)?;
    Ok(repair::write(&plan.directory, repair, context, recheck)?)
}

/// What there is to tell of a write: the repair as it was carried out, and its run.
pub(crate) fn carried_out(written: Option<Written>) -> (Repair, Option<String>) {
    written.map_or_else(Default::default, |written| (written.repair, Some(written.run)))
}

/// Refuses to write if the harness has started a step or written an artifact since the plan was read.
fn recheck<'a>(plan: &'a Plan, settings: &'a Settings) -> impl Fn() -> Result<(), WriteError> + 'a {
    || {
        let unreadable = |error: LoadError| WriteError::Unreadable(Box::new(error));
        let step = load::active_step(&plan.directory, &settings.config).map_err(unreadable)?;
        refuse_live_step(step.as_ref(), settings)?;
        match load::changed_artifact(plan, &settings.config).map_err(unreadable)? {
            Some(artifact) => Err(WriteError::Changed { artifact }),
            None => Ok(()),
        }
    }
}

/// Refuses a step that the harness records as running, unless its process is known to be gone.
pub(crate) fn refuse_live_step(step: Option<&ActiveStep>, settings: &Settings) -> Result<(), WriteError> {
    let now = Timestamp::now().as_second();
    let live = step.and_then(|step| repair::is_live(step, now, &repair::process_exists));
    match live.filter(|_| !settings.assume_stopped) {
        Some(reason) => Err(WriteError::Live { reason }),
        None => Ok(()),
    }
}

/// As [`run_context`], for changes that name their run: the id is the very one that the run will have.
pub(crate) fn named_run(plan: &Plan) -> Result<RunContext, Error> {
    let context = run_context();
    let run_id = repair::free_run_id(&plan.directory, &context.run_id).map_err(WriteError::from)?;
    Ok(RunContext { run_id, ..context })
}

/// What stands for the time and the run of a change that is only shown: the same plan shows the same, whenever it is
/// looked at.
pub(crate) fn preview() -> RunContext {
    RunContext { now: "<time>".to_owned(), run_id: "<run>".to_owned(), ..run_context() }
}

/// Time, run id and version for the journal.
pub(crate) fn run_context() -> RunContext {
    let now = Timestamp::now();
    RunContext {
        now: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        run_id: now.strftime("%Y%m%dT%H%M%SZ").to_string(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
