//! `taskproof undo`: put back what a `--write` run changed.

use std::io::Write;

use taskproof::load;
use taskproof::repair;

use crate::analysis::plan_directory;
use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::settings::Settings;
use crate::writing::{refuse_live_step, run_context};

pub(crate) fn run(arguments: &args::Undo) -> Result<Exit, Error> {
    let analysis = args::Analysis {
        plan: arguments.plan.clone(),
        assume_stopped: arguments.assume_stopped,
        ..args::Analysis::default()
    };
    let settings = Settings::new(&analysis)?;
    let directory = plan_directory(&settings)?;
    // Whatever else is wrong with the plan, taking back must work: only its state matters.
    let step = load::active_step(&directory, &settings.config)?;
    refuse_live_step(step.as_ref(), &settings)?;
    let undone = repair::undo(&directory, arguments.run_id.as_deref(), &run_context())?;
    let what = match undone.moved_on.as_slice() {
        [] => "every artifact it changed is as it was before".to_owned(),
        moved => format!("what it changed is taken out of {}, which had moved on", moved.join(", ")),
    };
    let line = format!("run {} is undone (by run {}): {what}\n", undone.run, undone.by);
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).map_err(taskproof::report::RenderError::from)?;
    Ok(Exit::Complete)
}
