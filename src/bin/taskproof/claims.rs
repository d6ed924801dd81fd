//! Claims of a plan, of a file, or of both, and what became of them.

use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::path::Path;

use taskproof::claims::{self, Input, MadeAt, Records, Sources};
use taskproof::load::{self, Checkout};
use taskproof::model::{Assessment, Claim, Finding};

use crate::analysis::Analysis;
use crate::error::Error;
use crate::progress::during;
use crate::settings::Settings;
use crate::text_file::read_text;

/// A claims file may come from a program.
const LARGEST: u64 = 64 << 20;

/// The claims of a plan and of a file, if one is given.
pub(crate) fn of_plan(
    analysis: &Analysis,
    file: Option<&str>,
    name: Option<&Path>,
    settings: &Settings,
) -> Result<(Vec<Assessment>, Vec<Finding>), Error> {
    let (plan, past) = (&analysis.plan, &analysis.past);
    let checkout = load::checkout(Some(plan), &settings.history)?;
    let mut collected = claims::collect(plan, &MadeAt::of(plan, &past.history));
    let mut findings = Vec::new();
    if let (Some(text), Some(name)) = (file, name) {
        let (more, about) = parse(text, name, &checkout)?;
        collected.extend(more);
        findings = about;
    }
    settings.note(&format!("collected {} claims", collected.len()));
    let texts = load::texts(&plan.directory, &settings.config);
    let sources = checkout.sources();
    let input = Input {
        records: Some(Records { plan, history: &past.history, paths: &past.paths }),
        sources: sources.as_ref().map(|sources| sources as &dyn Sources),
        texts: &texts,
        max_claim_bytes: settings.config.max_claim_bytes,
    };
    let assessed = during(settings, "checking the claims", || claims::assess(collected, &input));
    Ok((assessed, findings))
}

/// The claims of a file, without a plan.
pub(crate) fn of_file(
    text: &str,
    name: &Path,
    checkout: &Checkout,
    settings: &Settings,
) -> Result<(Vec<Assessment>, Vec<Finding>), Error> {
    let (claims, findings) = parse(text, name, checkout)?;
    // Not given back, like the report: the process ends soon.
    let sources = ManuallyDrop::new(checkout.sources());
    let sources = sources.as_ref().map(|sources| sources as &dyn Sources);
    let max_claim_bytes = settings.config.max_claim_bytes;
    let input = Input { records: None, sources, texts: &[], max_claim_bytes };
    Ok((during(settings, "checking the claims", || claims::assess(claims, &input)), findings))
}

/// The text of a claims file.
pub(crate) fn read(path: &Path) -> Result<String, Error> {
    read_text(path, "a claims file", LARGEST)
}

fn parse(text: &str, name: &Path, checkout: &Checkout) -> Result<(Vec<Claim>, Vec<Finding>), Error> {
    let mut commits = HashMap::new();
    let mut resolve =
        |revision: &str| *commits.entry(revision.to_owned()).or_insert_with(|| checkout.resolve(revision));
    Ok(load::claims(text, &name.display().to_string(), &mut resolve)?)
}
