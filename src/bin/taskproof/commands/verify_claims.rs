//! `taskproof verify-claims`: which claims of reviews and gates still hold, and with `--write` say so where the
//! harness looks.

use std::mem::ManuallyDrop;
use std::path::Path;

use taskproof::gate;
use taskproof::load;
use taskproof::model::{Code, Finding, Layout, PlanStatus, Repair, WitnessLines};
use taskproof::repair;
use taskproof::report::{HistoryFacts, PlanFacts, Report};

use super::backfill::refuse_read_only;
use crate::analysis::{Analysis, analyse};
use crate::args;
use crate::claims;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;
use crate::writing::{carried_out, finish_earlier_run, named_run, preview, write_state};

pub(crate) fn run(arguments: &args::VerifyClaims) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    match arguments.claims.as_deref() {
        // Claims that are handed over need no plan, so none is looked for.
        Some(name) if settings.plan.is_none() => {
            // The process ends after it, and gives the memory of ten thousand claims back at once instead of piece by piece.
            let report = ManuallyDrop::new(without_plan(name, arguments.write, &settings)?);
            deliver(&report, &settings)
        }
        file => with_plan(file.map(claims::read).transpose()?.as_deref(), arguments, &settings),
    }
}

fn without_plan(name: &Path, is_write: bool, settings: &Settings) -> Result<Report, Error> {
    // The repository is opened while the file is read.
    let (text, checkout) = rayon::join(|| claims::read(name), || load::checkout(None, &settings.history));
    let text = text?;
    if is_write {
        let message = "`--write` records verdicts in a plan: name one with `--plan`";
        return Err(Error::Usage(message.to_owned()));
    }
    let checkout = checkout?;
    let (claims, mut findings) = claims::of_file(&text, name, &checkout, settings)?;
    findings.extend(gate::claim_findings(&claims));
    Ok(Report {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        command: "verify-claims".to_owned(),
        plan: PlanFacts::none(),
        history: HistoryFacts::from(&checkout.as_history()),
        status: gate::status_with_claims(PlanStatus::Complete, &claims),
        tasks: Vec::new(),
        lines: WitnessLines::default(),
        repair_request: None,
        claims,
        recovery: None,
        edits: Vec::new(),
        diff: None,
        run_id: None,
        findings,
    })
}

fn with_plan(text: Option<&str>, arguments: &args::VerifyClaims, settings: &Settings) -> Result<Exit, Error> {
    if arguments.write {
        finish_earlier_run(settings)?;
    }
    let analysis = analyse(settings, None)?;
    let file = arguments.claims.as_deref();
    let mut report = report(&analysis, text, file, settings)?;
    let plan = &analysis.plan;
    if arguments.write {
        refuse_read_only(plan.layout)?;
    } else if plan.layout != Layout::Flat {
        return deliver(&report, settings);
    }
    let context = if arguments.write { named_run(plan)? } else { preview() };
    let events = repair::events(plan, &report.claims, settings.config.min_verdict_confidence, &context);
    let answers = match repair::with_state(Repair::default(), plan, events) {
        Ok(repair) => repair,
        Err(error) if arguments.write => return Err(error.into()),
        Err(error) => {
            report.findings.push(Finding::new(Code::NotEditable, "state.json", error.to_string()));
            Repair::default()
        }
    };
    let repair = if arguments.write && !answers.artifacts.is_empty() {
        analysis.refuse_unusable_history()?;
        let (repair, run_id) = carried_out(write_state(plan, &answers, &context, settings)?);
        // The plan is read again: the report and the exit code are about what was left behind.
        report = self::report(&analyse(settings, None)?, text, file, settings)?;
        report.run_id = run_id;
        repair
    } else {
        answers
    };
    report.diff = Some(repair::unified(&repair)).filter(|diff| !diff.is_empty());
    report.edits = repair.edits;
    deliver(&report, settings)
}

fn report(
    analysis: &Analysis,
    text: Option<&str>,
    file: Option<&Path>,
    settings: &Settings,
) -> Result<Report, Error> {
    let (claims, findings) = claims::of_plan(analysis, text, file, settings)?;
    let mut report = analysis.report("verify-claims", settings);
    report.status = gate::status_with_claims(report.status, &claims);
    report.findings.extend(findings);
    report.findings.extend(gate::claim_findings(&claims));
    report.claims = claims;
    Ok(report)
}
