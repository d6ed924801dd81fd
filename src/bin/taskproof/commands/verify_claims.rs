//! `taskproof verify-claims`: which claims of reviews and gates still hold.

use std::path::Path;

use taskproof::claims::{self, Input, Sources};
use taskproof::gate;
use taskproof::load::{self, Checkout};
use taskproof::model::{Claim, Finding, PlanStatus};
use taskproof::report::{HistoryFacts, PlanFacts, Report};

use crate::args;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::deliver;
use crate::settings::Settings;
use crate::text_file::read_text;

/// A claims file may come from a program.
const LARGEST: u64 = 64 << 20;

pub(crate) fn run(arguments: &args::VerifyClaims) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    match &arguments.claims {
        Some(path) if settings.plan.is_none() => {
            if arguments.write {
                let message = "`--write` records verdicts in a plan: name one with `--plan`";
                return Err(Error::Usage(message.to_owned()));
            }
            deliver(&without_plan(path, &settings)?, &settings)
        }
        _ => Err(Error::Usage("not yet".to_owned())),
    }
}

/// The claims of a file, and nothing else: no plan is looked for.
fn without_plan(path: &Path, settings: &Settings) -> Result<Report, Error> {
    let checkout = load::checkout(None, &settings.history)?;
    let (claims, mut findings) = read_claims(path, &checkout)?;
    let sources = checkout.sources();
    let sources = sources.as_ref().map(|sources| sources as &dyn Sources);
    let claims = claims::assess(&Input { claims: &claims, records: None, sources });
    findings.extend(gate::claim_findings(&claims));
    Ok(Report {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        command: "verify-claims".to_owned(),
        plan: PlanFacts::none(),
        history: HistoryFacts::from(&checkout.as_history()),
        status: gate::status_with_claims(PlanStatus::Complete, &claims),
        tasks: Vec::new(),
        repair_request: None,
        claims,
        edits: Vec::new(),
        diff: None,
        run_id: None,
        findings,
    })
}

fn read_claims(path: &Path, checkout: &Checkout) -> Result<(Vec<Claim>, Vec<Finding>), Error> {
    let text = read_text(path, "a claims file", LARGEST)?;
    let mut commits = std::collections::HashMap::new();
    let mut resolve = |revision: &str| {
        commits.entry(revision.to_owned()).or_insert_with(|| checkout.resolve(revision)).clone()
    };
    Ok(load::claims(&text, &path.display().to_string(), &mut resolve)?)
}
