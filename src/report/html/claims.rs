//! Claims with their verdicts, what must be acted on first.

use super::super::human;
use super::markup::Markup;
use super::{Report, section as titled, words};
use crate::model::{Assessment, ClaimClass, ClaimWitness, Verdict};

/// The order of verdicts.
const ORDER: [Verdict; 3] = [Verdict::Holds, Verdict::CannotTell, Verdict::Stale];

pub(super) fn section(page: &mut Markup, prefix: &str, report: &Report) {
    if report.claims.is_empty() {
        return;
    }
    titled(page, prefix, "claims", "Claims", |page| {
        page.element("p", &[], &human::claims::summary(&report.claims));
        for verdict in ORDER {
            let mut group: Vec<&Assessment> =
                report.claims.iter().filter(|claim| claim.ruling.verdict == verdict).collect();
            // Work comes before bookkeeping, and that before remarks.
            group.sort_by_key(|claim| match claim.class {
                ClaimClass::Implementation => 0,
                ClaimClass::Metadata => 1,
                ClaimClass::Informational => 2,
            });
            for assessed in group {
                claim(page, assessed);
            }
        }
    });
}

fn claim(page: &mut Markup, assessed: &Assessment) {
    let (claim, ruling) = (&assessed.claim, &assessed.ruling);
    let word = words::verdict(ruling.verdict);
    let is_urgent = ruling.verdict != Verdict::Stale && assessed.class == ClaimClass::Implementation;
    let attributes: &[_] =
        if is_urgent { &[("class", "claim"), ("open", "")] } else { &[("class", "claim")] };
    page.within("details", attributes, |page| {
        page.within("summary", &[], |page| {
            page.element("span", &[("class", &format!("tag {}", word.class))], word.text);
            page.element("span", &[("class", "tag quiet")], class(assessed.class));
            page.sentence("span", &[("class", "text")], &claim.text);
        });
        let sure = human::percent(ruling.confidence);
        page.sentence("p", &[], &format!("{} ({sure} sure)", ruling.reason));
        ruling.witness.iter().for_each(|witness| excerpt(page, witness));
        page.within("p", &[("class", "quiet")], |page| {
            page.element("code", &[], &claim.id);
            page.text(&format!(" at {} {}", claim.origin.artifact, claim.origin.pointer));
        });
        if let Some(earlier) = &assessed.duplicate_of {
            page.element("p", &[("class", "quiet")], &format!("Says what {earlier} says."));
        }
        if let Some(answer) = &assessed.resolution {
            let how = if answer.carried_over { "Covered by the answer for" } else { "Answered as" };
            let text = format!("{how} {}: {}", answer.blocker_id, answer.resolution);
            page.element("p", &[("class", "quiet")], &text);
        }
    });
}

fn class(class: ClaimClass) -> &'static str {
    match class {
        ClaimClass::Implementation => "work",
        ClaimClass::Metadata => "bookkeeping",
        ClaimClass::Informational => "for the record",
    }
}

/// The lines that show it, numbered.
fn excerpt(page: &mut Markup, witness: &ClaimWitness) {
    let place = match witness.lines {
        Some((first, last)) if first != last => format!("{}:{first}-{last}", witness.path),
        Some((first, _)) => format!("{}:{first}", witness.path),
        None => witness.path.clone(),
    };
    let commit = witness.commit.as_ref().map(|commit| format!(" ({})", commit.short()));
    page.within("figure", &[], |page| {
        page.element("figcaption", &[], &format!("{place}{}", commit.unwrap_or_default()));
        if witness.excerpt.is_empty() {
            return;
        }
        page.within("pre", &[], |page| {
            let first = witness.lines.map(|(first, _)| u64::from(first));
            for (number, line) in (0_u64..).zip(witness.excerpt.lines()) {
                if let Some(first) = first {
                    page.element("span", &[("class", "number")], &format!("{:>5}  ", first + number));
                }
                page.lines(if line.is_empty() { "\n" } else { line });
            }
        });
    });
}
