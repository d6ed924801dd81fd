//! The table `[limits]`: what is too much to read.
//!
//! They protect the machine from the branch that is looked at, so a file which that branch can change may lower a limit, and
//! raises none.

use std::path::Path;

use serde::Deserialize;
use taskproof::config::Config;
use taskproof::git::Limits as GitLimits;
use taskproof::json::Limits as JsonLimits;

use crate::error::Error;

/// What stands in the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Limits {
    artifact_bytes: Option<u64>,
    plan_bytes: Option<u64>,
    json_values: Option<u64>,
    json_depth: Option<u64>,
    transcript_bytes: Option<u64>,
    compared_bytes: Option<u64>,
    history_bytes: Option<u64>,
    claim_bytes: Option<u64>,
}

impl Limits {
    /// The limits that are built in.
    pub(crate) fn built_in() -> Self {
        let (config, git) = (Config::default(), GitLimits::default());
        Self {
            artifact_bytes: Some(config.max_artifact_bytes),
            plan_bytes: Some(config.max_plan_bytes),
            json_values: Some(config.max_json_values as u64),
            json_depth: Some(config.max_json_depth as u64),
            transcript_bytes: Some(config.max_transcript_bytes),
            compared_bytes: Some(git.blob_bytes),
            history_bytes: Some(git.history_bytes),
            claim_bytes: Some(config.max_claim_bytes as u64),
        }
    }

    /// Refuses what no limit can be.
    pub(crate) fn check(&self, path: &Path) -> Result<(), Error> {
        let error = |problem: String| Err(Error::Config { path: path.to_path_buf(), problem });
        if let Some((name, _)) = self.set().find(|(_, value)| *value == 0) {
            return error(format!("`limits.{name}` is a number from 1 upwards"));
        }
        match self.json_depth {
            Some(depth) if depth > JsonLimits::DEEPEST as u64 => {
                error(format!("`limits.json-depth` is at most {}, not {depth}", JsonLimits::DEEPEST))
            }
            _ => Ok(()),
        }
    }

    /// Whether one of them is higher than what is built in.
    pub(crate) fn is_raised(&self) -> bool {
        !self.above(&Self::built_in()).is_empty()
    }

    /// These, but none of them higher than `most`, and where that says nothing, than what is built in. Also names those
    /// that were.
    pub(crate) fn within(mut self, most: &Self) -> (Self, Vec<&'static str>) {
        let allowed = most.or_built_in();
        let above = self.above(&allowed);
        for (mine, allowed) in self.values().into_iter().zip(allowed.named()) {
            *mine = mine.zip(allowed.1).map(|(mine, allowed)| mine.min(allowed));
        }
        (self, above)
    }

    /// Puts them in force.
    pub(crate) fn apply(&self, config: &mut Config, git: &mut GitLimits) {
        let count = |value: Option<u64>| usize::try_from(value.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let all = self.or_built_in();
        let bytes = |value: Option<u64>| value.unwrap_or(u64::MAX);
        config.max_artifact_bytes = bytes(all.artifact_bytes);
        config.max_plan_bytes = bytes(all.plan_bytes);
        config.max_json_values = count(all.json_values);
        config.max_json_depth = count(all.json_depth);
        config.max_transcript_bytes = bytes(all.transcript_bytes);
        config.max_claim_bytes = count(all.claim_bytes);
        git.blob_bytes = bytes(all.compared_bytes);
        git.history_bytes = bytes(all.history_bytes);
    }

    fn or_built_in(mut self) -> Self {
        for (mine, built_in) in self.values().into_iter().zip(Self::built_in().named()) {
            *mine = mine.or(built_in.1);
        }
        self
    }

    fn above(&self, allowed: &Self) -> Vec<&'static str> {
        let pairs = self.named().into_iter().zip(allowed.named());
        pairs.filter(|((_, mine), (_, allowed))| mine > allowed).map(|((name, _), _)| name).collect()
    }

    fn set(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.named().into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Each by its name in the file.
    fn named(mut self) -> [(&'static str, Option<u64>); 8] {
        const NAMES: [&str; 8] = [
            "artifact-bytes",
            "plan-bytes",
            "json-values",
            "json-depth",
            "transcript-bytes",
            "compared-bytes",
            "history-bytes",
            "claim-bytes",
        ];
        let values = self.values().map(|value| *value);
        std::array::from_fn(|at| (NAMES[at], values[at]))
    }

    fn values(&mut self) -> [&mut Option<u64>; 8] {
        [
            &mut self.artifact_bytes,
            &mut self.plan_bytes,
            &mut self.json_values,
            &mut self.json_depth,
            &mut self.transcript_bytes,
            &mut self.compared_bytes,
            &mut self.history_bytes,
            &mut self.claim_bytes,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(text: &str) -> Limits {
        toml::from_str(text).expect("limits")
    }

    #[test]
    fn a_limit_is_lowered_by_anybody_and_raised_by_nobody_who_may_not() {
        let built_in = Limits::built_in();
        let lower = limits("artifact-bytes = 5\njson-depth = 3");
        assert_eq!(lower.within(&Limits::default()), (lower, Vec::new()));
        assert!(!lower.is_raised());
        let higher = limits("artifact-bytes = 99999999999\njson-depth = 3");
        assert!(higher.is_raised());
        let (granted, refused) = higher.within(&Limits::default());
        assert_eq!((granted.artifact_bytes, granted.json_depth), (built_in.artifact_bytes, Some(3)));
        assert_eq!(refused, ["artifact-bytes"]);
        // Whoever may raise it says how far, or lowers it for those who come after.
        let (granted, refused) = higher.within(&limits("artifact-bytes = 100000000"));
        assert_eq!((granted.artifact_bytes, refused), (Some(100_000_000), vec!["artifact-bytes"]));
        assert_eq!(higher.within(&limits("artifact-bytes = 99999999999")), (higher, Vec::new()));
    }

    #[test]
    fn names_are_those_of_the_file() {
        for (at, (name, _)) in Limits::default().named().into_iter().enumerate() {
            assert_eq!(limits(&format!("{name} = 7")).named()[at], (name, Some(7)));
        }
    }

    #[test]
    fn what_is_not_said_is_built_in_and_what_is_said_is_in_force() {
        let (mut config, mut git) =
            (Config { max_claim_bytes: 1, ..Config::default() }, GitLimits::default());
        limits("compared-bytes = 7\njson-values = 8").apply(&mut config, &mut git);
        assert_eq!((git.blob_bytes, config.max_json_values), (7, 8));
        assert_eq!(config.max_claim_bytes, Config::default().max_claim_bytes);
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for (text, words) in
            [("plan-bytes = 0", "`limits.plan-bytes`"), ("json-depth = 1001", "at most 1000")]
        {
            let error = limits(text).check(Path::new("taskproof.toml")).expect_err("refused");
            assert!(error.to_string().contains(words), "{error}");
        }
        assert!(limits("json-depth = 1000").check(Path::new("taskproof.toml")).is_ok());
    }
}
