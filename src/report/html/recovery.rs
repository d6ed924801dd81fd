//! What holds the plan, what would clear it, and the way out.

use super::super::text::series;
use super::markup::Markup;
use super::{Report, command, section as titled};
use crate::model::{Diagnosis, Route, Settlement};

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    let Some(diagnosis) = &report.recovery else { return };
    let heading = match diagnosis.route {
        Some(Route::Advance) => "Way out: advance",
        Some(Route::Resolve) => "Way out: resolve",
        None if diagnosis.obstacles.is_empty() => "Way out",
        None => "No way out yet",
    };
    titled(page, prefix, "recovery", heading, |page| {
        page.sentence("p", &[], &diagnosis.reason);
        obstacles(page, diagnosis);
        blockers(page, diagnosis);
        cost(page, diagnosis);
        steps(page, diagnosis, report.run_id.is_some());
    });
}

fn obstacles(page: &mut Markup, diagnosis: &Diagnosis) {
    if diagnosis.obstacles.is_empty() {
        return;
    }
    page.element("h3", &[], "In the way");
    page.within("ul", &[("class", "rows")], |page| {
        for obstacle in &diagnosis.obstacles {
            page.within("li", &[], |page| {
                settlement(page, obstacle.kind);
                page.sentence("span", &[], &obstacle.reason);
            });
        }
    });
}

fn blockers(page: &mut Markup, diagnosis: &Diagnosis) {
    if diagnosis.blockers.is_empty() {
        return;
    }
    page.element("h3", &[], "Blockers");
    page.within("ul", &[("class", "rows")], |page| {
        for blocker in &diagnosis.blockers {
            page.within("li", &[], |page| {
                settlement(page, blocker.settlement);
                page.element("span", &[], &blocker.text);
                page.sentence("p", &[("class", "quiet")], &blocker.note);
                page.element("code", &[("class", "quiet")], &blocker.id);
            });
        }
    });
}

fn settlement(page: &mut Markup, settlement: Settlement) {
    let (class, word) = match settlement {
        clear if clear.is_clear() => ("tag good", clear.as_str()),
        Settlement::NeedsAnswer => ("tag warn", "needs an answer"),
        other => ("tag bad", other.as_str()),
    };
    page.element("span", &[("class", class)], word);
}

fn cost(page: &mut Markup, diagnosis: &Diagnosis) {
    let tasks: Vec<String> = diagnosis.cost.tasks.iter().map(ToString::to_string).collect();
    if tasks.is_empty() {
        return;
    }
    let overwrites = diagnosis.cost.overwrites.as_ref();
    let overwrites = overwrites.map(|name| format!(", and may overwrite {name}")).unwrap_or_default();
    let text = format!("It costs: the harness may run {} again{overwrites}.", series(&tasks));
    page.element("p", &[], &text);
}

fn steps(page: &mut Markup, diagnosis: &Diagnosis, is_written: bool) {
    if diagnosis.steps.is_empty() && diagnosis.commands.is_empty() {
        return;
    }
    page.element("h3", &[], "Steps");
    page.within("ol", &[], |page| {
        for step in &diagnosis.steps {
            let who = match (step.is_ours, is_written) {
                (true, true) => "done: ",
                (true, false) => "`recover --write`: ",
                (false, _) => "you: ",
            };
            page.sentence("li", &[], &format!("{who}{}", step.what));
        }
    });
    for line in &diagnosis.commands {
        command(page, line);
    }
}
