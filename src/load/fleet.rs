//! Lists of plans to scan: JSON Lines, a plan or a repository a line.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A line of a list that names neither a plan nor a repository, or something else beside them.
#[derive(Debug, thiserror::Error)]
#[error(
    "manifest line {line}: expected `{{\"plan\": DIR}}` or `{{\"repo\": DIR}}`, with `base` and `head` where wanted"
)]
pub struct ManifestError {
    /// One-based line.
    pub line: usize,
    /// What the parser said, if it is JSON that is wrong.
    #[source]
    pub source: Option<serde_json::Error>,
}

/// What one line names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Directory of a plan; `None`: every plan below the repository.
    pub plan: Option<PathBuf>,
    /// Its repository; `None`: found as for any plan.
    pub repo: Option<PathBuf>,
    /// Where the epic starts.
    pub base: Option<String>,
    /// Where it ends.
    pub head: Option<String>,
}

/// Parses a list; blank lines are skipped. Relative paths are relative to `directory`.
pub fn manifest(text: &str, directory: &Path) -> Result<Vec<Member>, ManifestError> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines
        .map(|(line, text)| {
            let parsed: Member =
                serde_json::from_str(text).map_err(|source| ManifestError { line, source: Some(source) })?;
            if parsed.plan.is_none() && parsed.repo.is_none() {
                return Err(ManifestError { line, source: None });
            }
            let below = |path: PathBuf| directory.join(path);
            Ok(Member { plan: parsed.plan.map(below), repo: parsed.repo.map(below), ..parsed })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_and_repositories_are_listed() {
        let text = "{\"plan\": \"p\", \"repo\": \"/r\", \"base\": \"a\"}\n\n{\"repo\": \"q\"}\n";
        let members = manifest(text, Path::new("/data")).unwrap();
        let first = Member {
            plan: Some("/data/p".into()),
            repo: Some("/r".into()),
            base: Some("a".to_owned()),
            head: None,
        };
        let second = Member { plan: None, repo: Some("/data/q".into()), base: None, head: None };
        assert_eq!(members, [first, second]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let line = |text: &str| manifest(text, Path::new("")).unwrap_err().line;
        assert_eq!(line("{\"plan\": \"p\"}\n{\"base\": \"x\"}"), 2);
        assert_eq!(line("{\"plan\": \"p\", \"rep\": \"x\"}"), 1);
    }
}
