//! `taskproof recover`: from blocked to running again.

use taskproof::gate::{self, recovery};
use taskproof::model::{
    Assessment, Code, Diagnosis, Finding, Layout, PlanStatus, Repair, Route as Way, Settlement,
};
use taskproof::recover::{self, Input, Run};
use taskproof::repair::{self, ProposeError, RunContext};
use taskproof::report::Report;

use super::backfill::{read_answers, unused_answers};
use crate::analysis::{Analysis, analyse};
use crate::args::{self, Route};
use crate::claims;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;
use crate::writing::{carried_out, finish_earlier_run, named_run, preview, write_state};

/// A plan and the way out of its block.
struct Case {
    analysis: Analysis,
    claims: Vec<Assessment>,
    findings: Vec<Finding>,
    diagnosis: Diagnosis,
}

pub(crate) fn run(arguments: &args::Recover) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    let answers = arguments.answers.as_deref().map(read_answers).transpose()?;
    if arguments.write {
        finish_earlier_run(&settings)?;
    }
    let wanted = match arguments.route {
        Route::Auto => None,
        Route::Advance => Some(Way::Advance),
        Route::Resolve => Some(Way::Resolve),
    };
    let case = examine(&settings, answers.as_deref(), wanted)?;
    if arguments.write {
        refuse(&case, wanted, arguments.allow_authority)?;
    }
    let context = if arguments.write { named_run(&case.analysis.plan)? } else { preview() };
    let (repair, more) = repair(&case, &context)?;
    let (mut report, repair) = match arguments.write {
        true => carry_out(&case, &repair, &context, &settings)?,
        false => (case.report(&settings), repair),
    };
    report.findings.extend(more);
    report.diff = Some(repair::unified(&repair)).filter(|diff| !diff.is_empty());
    report.edits = repair.edits;
    deliver(&report, &settings)
}

/// Reads the plan, judges its claims, and looks for the way out.
fn examine(settings: &Settings, answers: Option<&str>, wanted: Option<Way>) -> Result<Case, Error> {
    let analysis = analyse(settings, answers)?;
    let (claims, findings) = claims::of_plan(&analysis, None, None, settings)?;
    let fills = repair::fills(&analysis.outcome.attributions);
    let diagnosis = recover::diagnose(&Input {
        plan: &analysis.plan,
        history: &analysis.past.history,
        fills: &fills,
        claims: &claims,
        wanted,
        min_confidence: settings.config.min_verdict_confidence,
    });
    Ok(Case { analysis, claims, findings, diagnosis })
}

/// What cannot be done as it was asked for is not done in part.
fn refuse(case: &Case, wanted: Option<Way>, allow_authority: bool) -> Result<(), Error> {
    let layout = case.analysis.plan.layout;
    if layout.is_task_list() {
        return Err(ProposeError::NoPlaceForEvidence.into());
    }
    if layout == Layout::BatchDirectories && !allow_authority {
        let message = "the newer harness keeps this plan in batch directories and guards finalize.json itself; \
                       without `--write` this reports, with `--write --allow-authority` it writes by that harness's \
                       own protocol";
        return Err(Error::Refused(message.to_owned()));
    }
    let diagnosis = &case.diagnosis;
    if wanted.is_some()
        && diagnosis.route.is_none()
        && diagnosis.obstacles.is_empty()
        && diagnosis.state == "blocked"
    {
        return Err(Error::Refused(format!("{}; nothing was written", diagnosis.reason)));
    }
    Ok(())
}

/// Evidence first, the state last.
fn repair(case: &Case, context: &RunContext) -> Result<(Repair, Vec<Finding>), Error> {
    let plan = &case.analysis.plan;
    let fills = repair::fills(&case.analysis.outcome.attributions);
    let (evidence, findings) = match plan.layout {
        Layout::Flat => repair::propose(plan, &fills)?,
        Layout::BatchDirectories => repair::propose_guarded(plan, &fills)?,
        Layout::Taskmaster | Layout::SpecKit => (Repair::default(), Vec::new()),
    };
    let run = Run { id: &context.run_id, now: &context.now };
    let changes = recover::state_changes(&case.diagnosis, plan, &run);
    Ok((repair::with_state(evidence, plan, changes)?, findings))
}

/// Writes, and reads the plan again: the report and the exit code are about what was left behind.
fn carry_out(
    case: &Case,
    repair: &Repair,
    context: &RunContext,
    settings: &Settings,
) -> Result<(Report, Repair), Error> {
    if !repair.artifacts.is_empty() {
        case.analysis.refuse_unusable_history()?;
    }
    let written = write_state(&case.analysis.plan, repair, context, settings)?;
    let (repair, run_id) = carried_out(written);
    let unused = unused_answers(&case.analysis);
    let left = examine(settings, None, case.diagnosis.route)?;
    if run_id.is_some() {
        refuse_overtaken(case, &left)?;
    }
    let mut report = left.report(settings);
    if run_id.is_some() {
        report.recovery = Some(case.diagnosis.clone());
    }
    report.run_id = run_id;
    report.findings.extend(unused);
    Ok((report, repair))
}

/// What was written holds only as long as the harness does not write over it: its commands take no lock.
fn refuse_overtaken(case: &Case, left: &Case) -> Result<(), Error> {
    let plan = &left.analysis.plan;
    let holds = match case.diagnosis.route {
        Some(Way::Advance) => plan.current_state == "executed",
        Some(Way::Resolve) => {
            let history = &left.analysis.past.history;
            recovery::recover_blocked(plan, recovery::generation(plan), history).is_ok()
        }
        None => true,
    };
    if holds {
        return Ok(());
    }
    let message = "the harness wrote state.json at the same moment; run `taskproof recover` again";
    Err(Error::Refused(message.to_owned()))
}

impl Case {
    fn report(&self, settings: &Settings) -> Report {
        let mut report = self.analysis.report("recover", settings);
        report.status = self.status();
        // What recovers need not be told to.
        report.findings.retain(|finding| finding.code != Code::StillBlocked);
        report.findings.extend(self.findings.iter().cloned());
        report.findings.extend(gate::claim_findings(&self.claims));
        report.findings.extend(self.diagnosis.obstacles.iter().filter_map(obstacle));
        report.claims.clone_from(&self.claims);
        report.recovery = Some(self.diagnosis.clone());
        report
    }

    /// A plan with anything about the work in its way waits for work, whatever its evidence.
    fn status(&self) -> PlanStatus {
        let is_work = self.diagnosis.obstacles.iter().any(|obstacle| obstacle.kind.is_about_work());
        if is_work { PlanStatus::BlockedImplementation } else { self.analysis.outcome.status }
    }
}

/// An answer of a person that stops the recovery; the rest is told by claims and tasks.
fn obstacle(obstacle: &taskproof::model::Obstacle) -> Option<Finding> {
    (obstacle.kind == Settlement::Held).then(|| {
        Finding::new(Code::HeldBlocker, "state.json", obstacle.reason.clone())
            .at("/meta/quality_gate_resolutions")
    })
}
