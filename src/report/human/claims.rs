//! Claims: how many hold, and for each the verdict, what shows it, and why, as compilers show a place.

use anstyle::Style;

use super::super::text::{Page, count, plain};
use super::{BAD, BOLD, DIM, GOOD, PLACE, PLAIN, WARN, percent};
use crate::model::{Assessment, ClaimClass, ClaimWitness, Verdict};

/// A longer claim is cut; the JSON report has all of it.
const TEXT: usize = 600;
/// More lines of an excerpt than this hide the point.
const LINES: usize = 8;
/// Claims that nobody has to act on are listed up to this number.
const QUIET: usize = 20;

/// In what order verdicts are shown: what must be acted on first.
const ORDER: [Verdict; 3] = [Verdict::Holds, Verdict::CannotTell, Verdict::Stale];

/// How many claims there are of each verdict.
pub(in crate::report) fn summary(claims: &[Assessment]) -> String {
    let number = |verdict| claims.iter().filter(|claim| claim.ruling.verdict == verdict).count();
    let [holds, open, stale] = ORDER.map(number);
    let hold = if holds == 1 { "holds" } else { "hold" };
    let is = if stale == 1 { "is" } else { "are" };
    let repeated = claims.iter().filter(|claim| claim.duplicate_of.is_some()).count();
    let again = if repeated == 0 { String::new() } else { format!("; {repeated} said before") };
    format!(
        "{}: {holds} {hold}, {stale} {is} stale, {open} cannot be told{again}",
        count(claims.len(), "claim")
    )
}

/// Every claim, or only those that somebody has to act on.
pub(super) fn sections(page: &mut Page, claims: &[Assessment], is_gate: bool) {
    for verdict in ORDER {
        let mut group: Vec<&Assessment> =
            claims.iter().filter(|claim| claim.ruling.verdict == verdict).collect();
        // Work comes before bookkeeping, and that before remarks.
        group.sort_by_key(|claim| match claim.class {
            ClaimClass::Implementation => 0,
            ClaimClass::Metadata => 1,
            ClaimClass::Informational => 2,
        });
        if is_gate {
            group.retain(|claim| verdict != Verdict::Stale && claim.class == ClaimClass::Implementation);
        }
        let quiet = |claim: &Assessment| claim.class == ClaimClass::Informational;
        let shown: Vec<&&Assessment> = group
            .iter()
            .scan(0, |seen, claim| {
                *seen += usize::from(quiet(claim));
                Some((*seen, claim))
            })
            .filter(|(seen, claim)| !quiet(claim) || *seen <= QUIET)
            .map(|(_, claim)| claim)
            .collect();
        for claim in &shown {
            section(page, claim);
        }
        if shown.len() < group.len() {
            page.gap();
            page.line(0, DIM, &format!("{} more for the record", group.len() - shown.len()));
        }
    }
}

fn section(page: &mut Page, assessed: &Assessment) {
    let (claim, ruling) = (&assessed.claim, &assessed.ruling);
    let (word, style) = verdict(ruling.verdict);
    let class = match assessed.class {
        ClaimClass::Metadata => "metadata",
        ClaimClass::Implementation => "implementation",
        ClaimClass::Informational => "informational",
    };
    page.gap();
    page.prose(0, style.bold(), &format!("{word}[{class}]: {}", cut(&claim.text)));
    let margin = match &ruling.witness {
        Some(witness) => excerpt(page, witness),
        None => 1,
    };
    let note = |page: &mut Page, text: &str| page.prose(margin + 1, PLAIN, &format!("= {text}"));
    note(page, &format!("{} ({} sure)", ruling.reason, percent(ruling.confidence)));
    note(page, &format!("claim `{}` at {} {}", claim.id, claim.origin.artifact, claim.origin.pointer));
    if let Some(earlier) = &assessed.duplicate_of {
        note(page, &format!("says what `{earlier}` says"));
    }
    if let Some(answer) = &assessed.resolution {
        let how = if answer.carried_over { "covered by the answer for" } else { "answered as" };
        note(page, &format!("{how} `{}`: {}", answer.blocker_id, answer.resolution));
    }
}

fn verdict(verdict: Verdict) -> (&'static str, Style) {
    match verdict {
        Verdict::Holds => ("holds", BAD),
        Verdict::Stale => ("stale", GOOD),
        Verdict::CannotTell => ("cannot tell", WARN),
    }
}

/// The place with its lines; returns the width of the margin that numbers take.
fn excerpt(page: &mut Page, witness: &ClaimWitness) -> usize {
    let lines: Vec<&str> = witness.excerpt.lines().take(LINES).collect();
    let first = witness.lines.map(|(first, _)| first);
    let numbers: Vec<String> = (0_u32..)
        .zip(&lines)
        .map(|(at, _)| first.map(|first| first.saturating_add(at).to_string()).unwrap_or_default())
        .collect();
    let margin = numbers.iter().map(String::len).max().unwrap_or_default().max(1);
    let place = first.map(|first| format!(":{first}")).unwrap_or_default();
    let commit = witness.commit.as_ref().map(|commit| format!(" ({})", commit.short())).unwrap_or_default();
    page.line(margin, PLACE, &format!("--> {}{place}{commit}", witness.path));
    if !lines.is_empty() {
        page.line(margin + 1, DIM, "|");
        for (number, line) in numbers.iter().zip(&lines) {
            page.line(0, PLAIN, &format!("{number:>margin$} | {}", plain(line)));
        }
        page.line(margin + 1, DIM, "|");
    }
    margin
}

/// The claim on one line, and not the whole of a page.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}\u{2026}", &line[..end]),
        None => line,
    }
}

/// What claims come to, under the headline of a report.
pub(super) fn total(page: &mut Page, claims: &[Assessment]) {
    page.prose(0, BOLD, &summary(claims));
}
