//! The figures that claim verification is held to.

use taskproof::model::Verdict;

/// From this confidence on, `verify-claims --write` acts on a verdict.
const SURE: f64 = 0.95;

/// A row with what was said about it.
pub(crate) struct Judged {
    pub(crate) said: Verdict,
    pub(crate) confidence: f64,
    pub(crate) truth: Verdict,
    pub(crate) mechanical: bool,
}

impl Judged {
    fn says(&self, verdict: Verdict) -> bool {
        self.said == verdict
    }

    fn is_sure_stale(&self) -> bool {
        self.says(Verdict::Stale) && self.confidence >= SURE
    }

    fn is_right(&self) -> bool {
        self.said == self.truth
    }
}

type Test = fn(&Judged) -> bool;

/// A figure: among the rows of the second test, the share for which the first holds too.
const FIGURES: [(&str, Test, Test); 8] = [
    ("precision of sure stale", Judged::is_right, Judged::is_sure_stale),
    ("precision of stale", Judged::is_right, |row| row.says(Verdict::Stale)),
    ("recall of stale, mechanical", Judged::is_right, |row| row.mechanical && row.truth == Verdict::Stale),
    ("recall of sure stale, mechanical", Judged::is_sure_stale, |row| {
        row.mechanical && row.truth == Verdict::Stale
    }),
    ("precision of holds", Judged::is_right, |row| row.says(Verdict::Holds)),
    ("coverage, mechanical", |row| !row.says(Verdict::CannotTell), |row| row.mechanical),
    ("accuracy, mechanical", Judged::is_right, |row| row.mechanical),
    ("cannot tell on judgement", Judged::is_right, |row| row.truth == Verdict::CannotTell),
];

/// The figures of several ways of judging, side by side.
pub(crate) fn table(columns: &[(&str, &[Judged])]) -> String {
    let head: Vec<String> = columns.iter().map(|(name, _)| format!("{name:>24}")).collect();
    let mut lines = vec![format!("{:34}{}", "", head.concat())];
    for (name, holds, among) in FIGURES {
        let cells: Vec<String> =
            columns.iter().map(|(_, rows)| format!("{:>24}", share(rows, holds, among))).collect();
        lines.push(format!("{name:34}{}", cells.concat()));
    }
    lines.join("\n")
}

fn share(rows: &[Judged], holds: Test, among: Test) -> String {
    let (mut part, mut whole) = (0u32, 0u32);
    for row in rows.iter().filter(|row| among(row)) {
        whole += 1;
        part += u32::from(holds(row));
    }
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.3} ({part} of {whole})", f64::from(part) / f64::from(whole)),
    }
}
