//! `taskproof explain`: why a task was decided as it was, or what a finding code means.

use taskproof::explain::explain;
use taskproof::load::{GitPatches, LoadError};
use taskproof::model::{Code, TaskId};
use taskproof::report::{Explained, render_code, render_explained};
use taskproof::spelling::hint;

use crate::analysis::analyse;
use crate::args::{Analysis, Explain};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{deliver_with, refuse_finding_formats};
use crate::progress::during;
use crate::settings::Settings;

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Error> {
    let wanted = arguments.subject.to_uppercase();
    match Code::ALL.iter().find(|code| code.as_str() == wanted) {
        Some(code) => explain_code(*code, arguments),
        // It may still be a task, and where it is none the codes are what was meant.
        None if looks_like_code(&arguments.subject) => explain_task(arguments).map_err(|error| match error {
            Error::UnknownTask(_) | Error::Load(LoadError::NoPlan { .. } | LoadError::UnknownPlan { .. }) => {
                no_such_code(&arguments.subject)
            }
            error => error,
        }),
        None => explain_task(arguments),
    }
}

fn explain_code(code: Code, arguments: &Explain) -> Result<Exit, Error> {
    refuse_finding_formats("explain CODE", &arguments.analysis)?;
    // What a code means depends on no plan and no configuration, and a broken one must not be in the way of it.
    let analysis = Analysis { config: None, no_config: true, ..arguments.analysis.clone() };
    let settings = Settings::new(&analysis)?;
    deliver_with(&settings, &|format, _, out| render_code(code, format, out))?;
    Ok(Exit::Complete)
}

fn explain_task(arguments: &Explain) -> Result<Exit, Error> {
    let settings = Settings::new(&arguments.analysis)?;
    let analysis = analyse(&settings, None)?;
    let id = TaskId(arguments.subject.clone());
    let patches = GitPatches::new(&analysis.plan, &settings.history);
    let input = analysis.input(&settings);
    let what = "trying what would change the answer";
    let explanation = during(&settings, what, || explain(&input, &analysis.outcome, &id, &patches))?;
    let report = analysis.report("explain", &settings);
    let explained = Explained {
        tool_version: report.tool_version,
        plan: report.plan,
        history: report.history,
        status: report.status,
        explanation,
    };
    deliver_with(&settings, &|format, look, out| render_explained(&explained, format, look, out))?;
    Ok(Exit::Complete)
}

fn looks_like_code(subject: &str) -> bool {
    let (prefix, number) = subject.split_at_checked(2).unwrap_or_default();
    prefix.eq_ignore_ascii_case("tp") && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn no_such_code(subject: &str) -> Error {
    let codes = hint(subject, Code::ALL.iter().map(|code| code.as_str()));
    Error::Usage(format!("no finding has the code `{subject}`; {codes}"))
}
