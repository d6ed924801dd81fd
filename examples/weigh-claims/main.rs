//! Counts how often each rule of claim verification was right on labelled claims, and tells how well the rules do on
//! plans whose answers were not counted.
//!
//! ```text
//! cargo run --release --example weigh-claims -- REPOSITORIES CLAIMS.jsonl... > src/claims/verify/counts.toml
//! ```
//!
//! `REPOSITORIES` is a directory of bare repositories, `owner+name/repo` for `owner/name`. A line of `CLAIMS.jsonl` is
//! a claim with its label:
//!
//! ```text
//! {"text": "…", "evidence_file": "src/a.ts" | null, "at": "<rev it was made at>" | null, "repo": "owner/name",
//!  "rev": "<rev it is checked at>", "plan": "…", "truth": "holds" | "stale" | "cannot_tell", "mechanical": true}
//! ```
//!
//! `mechanical` says whether a careful program could decide it from text and git; other fields are left alone. The
//! counts are printed; figures go to standard error: as counted, and with every plan judged by the counts of all
//! other plans. The program ends with 0, with 1 if something cannot be read, and with 2 if it was called in another
//! way than above.

#![expect(clippy::print_stderr, reason = "a program that tells its figures there")]
#![expect(clippy::disallowed_methods, reason = "a program of its own reads its own files")]

mod figures;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use figures::{Judged, table};
use taskproof::claims::verify::{Answer, Counts, answers, decide};
use taskproof::git::{Extraction, Repository};
use taskproof::load::GitSources;
use taskproof::model::{Claim, ClaimOrigin, Verdict};

/// A labelled claim.
#[derive(serde::Deserialize)]
struct Row {
    text: String,
    evidence_file: Option<String>,
    at: Option<String>,
    repo: String,
    rev: String,
    plan: String,
    truth: Truth,
    #[serde(default)]
    mechanical: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Truth {
    Holds,
    Stale,
    CannotTell,
}

impl Truth {
    fn verdict(self) -> Verdict {
        match self {
            Self::Holds => Verdict::Holds,
            Self::Stale => Verdict::Stale,
            Self::CannotTell => Verdict::CannotTell,
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(repositories), files) = (arguments.next(), arguments.collect::<Vec<_>>()) else {
        eprintln!("usage: weigh-claims REPOSITORIES CLAIMS.jsonl... > COUNTS.toml");
        return ExitCode::from(2);
    };
    match weigh(&repositories, &files) {
        Ok(counts) => {
            anstream::println!("{}", counts.trim_end());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn weigh(repositories: &Path, files: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let mut rows = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            rows.push(serde_json::from_str::<Row>(line)?);
        }
    }
    let answers = ask(repositories, &rows)?;
    let all = count(rows.iter().zip(&answers));
    let as_counted = judge(&rows, &answers, |_| all.clone());
    let left_out =
        judge(&rows, &answers, |plan| count(rows.iter().zip(&answers).filter(|(row, _)| row.plan != plan)));
    eprintln!("{} claims of {} plans", rows.len(), plans(&rows).len());
    eprintln!("{}", table(&[("as counted", &as_counted), ("plan left out", &left_out)]));
    let mut text = String::from(
        "# How often each rule was right and wrong on labelled claims: `examples/weigh-claims`.\n",
    );
    for (rule, count) in all {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\"{rule}\" = {{ right = {}, wrong = {} }}", count.right, count.wrong);
    }
    Ok(text)
}

/// What the rules say about every row: one run per repository and revision, as a user would have it.
fn ask(repositories: &Path, rows: &[Row]) -> Result<Vec<Option<Answer>>, Box<dyn Error>> {
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        groups.entry((&row.repo, &row.rev)).or_default().push(at);
    }
    let mut found: Vec<Option<Answer>> = rows.iter().map(|_| None).collect();
    for ((repo, revision), members) in groups {
        let repository = Repository::open(&repositories.join(repo.replace('/', "+")).join("repo"))?;
        let head = repository.resolve(revision)?.ok_or_else(|| format!("{repo} has no commit {revision}"))?;
        let claims: Result<Vec<Claim>, _> = members.iter().map(|&at| claim(&rows[at], &repository)).collect();
        let sources = GitSources::new(&repository, Some(head), false, &Extraction::default());
        for (&at, answer) in members.iter().zip(answers(&claims?, &sources)) {
            found[at] = answer;
        }
    }
    Ok(found)
}

fn claim(row: &Row, repository: &Repository) -> Result<Claim, Box<dyn Error>> {
    let made_at = row.at.as_deref().map(|revision| repository.resolve(revision)).transpose()?.flatten();
    Ok(Claim {
        id: String::new(),
        text: row.text.clone(),
        origin: ClaimOrigin { artifact: String::new(), pointer: String::new() },
        task_ids: Vec::new(),
        evidence_file: row.evidence_file.clone(),
        made_at,
        stance: None,
        is_blocker: false,
    })
}

fn count<'a>(rows: impl Iterator<Item = (&'a Row, &'a Option<Answer>)>) -> Counts {
    let mut counts = Counts::new();
    for (row, answer) in rows {
        if let Some(answer) = answer {
            let count = counts.entry(answer.name.to_owned()).or_default();
            match answer.verdict == row.truth.verdict() {
                true => count.right += 1,
                false => count.wrong += 1,
            }
        }
    }
    counts
}

/// Every row as it is decided with the counts that its plan is given.
fn judge(rows: &[Row], answers: &[Option<Answer>], counts_for: impl Fn(&str) -> Counts) -> Vec<Judged> {
    let counts: BTreeMap<&str, Counts> =
        plans(rows).into_iter().map(|plan| (plan, counts_for(plan))).collect();
    let decided = rows.iter().zip(answers).map(|(row, answer)| {
        let (said, confidence) = match answer {
            Some(answer) => decide(answer, &counts[row.plan.as_str()]),
            None => (Verdict::CannotTell, 0.5),
        };
        Judged { said, confidence, truth: row.truth.verdict(), mechanical: row.mechanical }
    });
    decided.collect()
}

fn plans(rows: &[Row]) -> Vec<&str> {
    let mut plans: Vec<&str> = rows.iter().map(|row| row.plan.as_str()).collect();
    plans.sort_unstable();
    plans.dedup();
    plans
}
