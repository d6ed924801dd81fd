//! A file of claims: JSON Lines, checked before anything is done with them.

use hashbrown::HashSet;
use rayon::prelude::*;
use serde::Deserialize;

use crate::config::MAX_CLAIMS;
use crate::model::{Claim, ClaimOrigin, Code, Finding, Oid, TaskId};

/// Why a claims file cannot be used. Nothing of it is then.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// A line is not a claim.
    #[error(
        "claims line {line}: not a claim: expected `{{\"id\": …, \"text\": …, \"evidence_file\": …, \"task_id\": …, \"at\": …}}`, of which only `text` is needed"
    )]
    Syntax {
        /// One-based line.
        line: usize,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// There are too many.
    #[error(
        "a claims file has at most {MAX_CLAIMS} claims, and this one has more: check them in several files"
    )]
    TooMany,
    /// A line says nothing, or has the id of another.
    #[error("claims line {line}: {problem}")]
    Content {
        /// One-based line.
        line: usize,
        /// What is wrong and what to write instead.
        problem: String,
    },
}

/// A line. Other members are somebody else's, and ignored.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    text: String,
    evidence_file: Option<String>,
    task_id: Option<String>,
    at: Option<String>,
}

/// Parses a claims file; blank lines are skipped.
///
/// `name` is what the origin of each claim calls the file. `resolve` finds the commit a revision names; one
/// that names none is a finding, and the claim counts as made at an unknown time. A claim without an id has an
/// empty one.
pub fn claims(
    text: &str,
    name: &str,
    resolve: &mut dyn FnMut(&str) -> Option<Oid>,
) -> Result<(Vec<Claim>, Vec<Finding>), ClaimError> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    let lines: Vec<(usize, &str)> = lines.take(MAX_CLAIMS + 1).collect();
    if lines.len() > MAX_CLAIMS {
        return Err(ClaimError::TooMany);
    }
    let read = lines.par_iter().enumerate().map(|(at, &(line, text))| claim(text, line, name, at));
    let read: Vec<Result<Read, ClaimError>> = read.collect();
    let (mut revisions, mut failed) = (Vec::new(), Ok(()));
    let usable = read.into_iter().enumerate().map_while(|(at, read)| match read {
        Ok((claim, revision)) => {
            revisions.extend(revision.map(|revision| (at, revision)));
            Some(claim)
        }
        Err(error) => {
            failed = Err(error);
            None
        }
    });
    let mut claims: Vec<Claim> = usable.collect();
    // Of several lines that cannot be used the first is told.
    check_ids(&claims, &lines)?;
    failed?;
    let mut findings = Vec::new();
    for (at, revision) in revisions {
        claims[at].made_at = is_revision(&revision).then(|| resolve(&revision)).flatten();
        if claims[at].made_at.is_none() {
            findings.push(unknown_revision(&revision, name, lines[at].0));
        }
    }
    Ok((claims, findings))
}

/// A claim, and the revision that it was made at, if it names one.
type Read = (Claim, Option<String>);

/// The claim that a line is. It is the one at `at` of the file called `name`.
fn claim(text: &str, line: usize, name: &str, at: usize) -> Result<Read, ClaimError> {
    let read: Line = serde_json::from_str(text).map_err(|source| ClaimError::Syntax { line, source })?;
    if read.text.trim().is_empty() {
        let problem = "`text` is empty: say what is claimed".to_owned();
        return Err(ClaimError::Content { line, problem });
    }
    let claim = Claim {
        id: given(read.id).unwrap_or_default(),
        text: read.text,
        origin: ClaimOrigin { artifact: name.to_owned(), pointer: format!("/{at}") },
        task_ids: given(read.task_id).map(TaskId).into_iter().collect(),
        evidence_file: given(read.evidence_file),
        made_at: None,
        stance: None,
        is_blocker: false,
    };
    Ok((claim, given(read.at)))
}

/// Fails at the first claim that has the id of an earlier one.
fn check_ids(claims: &[Claim], lines: &[(usize, &str)]) -> Result<(), ClaimError> {
    let mut ids = HashSet::with_capacity(claims.len());
    let mut given = claims.iter().zip(lines).filter(|(claim, _)| !claim.id.is_empty());
    match given.find(|(claim, _)| !ids.insert(claim.id.as_str())) {
        Some((Claim { id, .. }, &(line, _))) => {
            let problem = format!("a second claim called `{id}`: give each its own id");
            Err(ClaimError::Content { line, problem })
        }
        None => Ok(()),
    }
}

/// A text without white space around it; `None` if nothing is left.
fn given(text: Option<String>) -> Option<String> {
    let text = text?;
    match text.trim() {
        "" => None,
        trimmed if trimmed.len() == text.len() => Some(text),
        trimmed => Some(trimmed.to_owned()),
    }
}

/// Ids, names, and their ancestors. Git's searches through messages are not for files of others.
fn is_revision(text: &str) -> bool {
    text.len() <= 250
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '-' | '~' | '^'))
}

fn unknown_revision(revision: &str, name: &str, line: usize) -> Finding {
    let message = format!("`{revision}` names no commit here, so when the claim was made counts as unknown");
    Finding::new(Code::UnknownRevision, name, message).on_line(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Claim>, Vec<Finding>), String> {
        let mut resolve = |revision: &str| (revision == "main~2").then_some(Oid([0x11; 20]));
        claims(text, "c.jsonl", &mut resolve).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_become_claims() {
        let text = "\n{\"id\": \"a\", \"text\": \"x\", \"at\": \"main~2\", \"task_id\": \"T1\", \"more\": 1}\n{\"text\": \"y\", \"at\": \":/x\"}\n";
        let (claims, findings) = read(text).unwrap();
        assert_eq!((claims[0].id.as_str(), claims[0].task_ids.len()), ("a", 1));
        assert!(claims[0].made_at.is_some() && claims[1].made_at.is_none());
        assert_eq!(claims[1].origin.pointer, "/1");
        assert!(findings.len() == 1 && findings[0].location.line == Some(3));
    }

    #[test]
    fn too_many_are_refused_before_they_are_read() {
        let many = "x\n".repeat(MAX_CLAIMS + 1);
        assert!(read(&many).unwrap_err().contains("several files"));
        assert!(read(&many[2..]).unwrap_err().contains("not a claim"));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        for (text, why) in [
            ("{\"text\": \" \"}", "say what is claimed"),
            ("{\"id\": \"a\"}", "not a claim"),
            ("{\"id\": \"a\", \"text\": \"x\"}\n{\"id\": \"a\", \"text\": \"y\"}", "line 2: a second claim"),
        ] {
            assert!(read(text).unwrap_err().contains(why), "{text}");
        }
    }
}
