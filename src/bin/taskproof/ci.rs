//! What a CI system tells its jobs: where the branch under test begins and ends, and where a summary may be left.
//!
//! Only `check` asks. Flags win over what is found here.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::text_file::read_text;

/// The environment of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ci {
    /// What the branch under test will be merged into, or what it was before the push.
    pub(crate) base: Option<String>,
    /// Tip of the branch under test.
    pub(crate) head: Option<String>,
    /// Where GitHub takes a summary of the step, in Markdown.
    pub(crate) step_summary: Option<PathBuf>,
}

/// Looks names up in the environment; reads the text of a file.
pub(crate) struct Surroundings<'a> {
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(crate) read: &'a dyn Fn(&str) -> Option<String>,
}

impl Ci {
    /// What this process can see of its job.
    pub(crate) fn of_this_process() -> Self {
        /// A payload of an event is a few hundred kilobytes at most.
        const LIMIT: u64 = 16 << 20;
        let variable = |name: &str| std::env::var(name).ok();
        let read = |path: &str| read_text(Path::new(path), "an event", LIMIT).ok();
        Self::detect(&Surroundings { variable: &variable, read: &read })
    }

    /// What is known of the job; nothing outside of CI.
    pub(crate) fn detect(from: &Surroundings<'_>) -> Self {
        let is_set = |name: &str| from.get(name).is_some_and(|value| value != "false");
        if is_set("GITHUB_ACTIONS") {
            github(from)
        } else if is_set("GITLAB_CI") {
            gitlab(from)
        } else {
            Self::default()
        }
    }
}

impl Surroundings<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }
}

/// What is read of an event. The rest may be long, and is passed over.
#[derive(Default, Deserialize)]
struct Event {
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
}

#[derive(Default, Deserialize)]
struct PullRequest {
    base: Option<End>,
    head: Option<End>,
}

#[derive(Deserialize)]
struct End {
    sha: Option<String>,
}

#[derive(Default, Deserialize)]
struct MergeGroup {
    base_sha: Option<String>,
    head_sha: Option<String>,
}

/// GitHub's event payload names both ends of a pull request; the checkout is a merge commit of them.
fn github(from: &Surroundings<'_>) -> Ci {
    let text = from.get("GITHUB_EVENT_PATH").and_then(|path| (from.read)(&path)).unwrap_or_default();
    let event: Event = serde_json::from_str(&text).unwrap_or_default();
    let (request, group) = (event.pull_request.unwrap_or_default(), event.merge_group.unwrap_or_default());
    let commit = |first: Option<String>, second: Option<String>| {
        first.filter(|id| is_commit(id)).or_else(|| second.filter(|id| is_commit(id)))
    };
    Ci {
        base: commit(request.base.and_then(|end| end.sha), group.base_sha),
        head: commit(request.head.and_then(|end| end.sha), group.head_sha),
        step_summary: from.get("GITHUB_STEP_SUMMARY").map(PathBuf::from),
    }
}

/// GitLab has variables for merge requests only; of merged results, the source branch is told apart.
fn gitlab(from: &Surroundings<'_>) -> Ci {
    let commit = |name: &str| from.get(name).filter(|id| is_commit(id));
    let base = commit("CI_MERGE_REQUEST_DIFF_BASE_SHA");
    let tip = || commit("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA").or_else(|| commit("CI_COMMIT_SHA"));
    let head = base.as_ref().and_then(|_| tip());
    Ci { base, head, step_summary: None }
}

/// A whole object id, and not the zeros that stand for none.
fn is_commit(id: &str) -> bool {
    matches!(id.len(), 40 | 64)
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && id.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(variables: &[(&str, &str)], event: &str) -> Ci {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let read = |path: &str| (path == "event.json").then(|| event.to_owned());
        Ci::detect(&Surroundings { variable: &variable, read: &read })
    }

    const GITHUB: [(&str, &str); 2] = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_PATH", "event.json")];

    #[test]
    fn a_pull_request_on_github_has_both_ends() {
        let (base, head) = ("a".repeat(40), "b".repeat(40));
        let event =
            format!(r#"{{"pull_request": {{"base": {{"sha": "{base}"}}, "head": {{"sha": "{head}"}}}}}}"#);
        let ci = detect(&GITHUB, &event);
        assert_eq!((ci.base, ci.head), (Some(base), Some(head)));
    }

    #[test]
    fn a_merge_group_on_github_has_both_ends() {
        let (base, head) = ("a".repeat(40), "b".repeat(40));
        let event = format!(
            r#"{{"x": [0], "pull_request": null, "merge_group": {{"base_sha": "{base}", "head_sha": "{head}", "y": 1}}}}"#
        );
        let ci = detect(&GITHUB, &event);
        assert_eq!((ci.base, ci.head), (Some(base), Some(head)));
    }

    #[test]
    fn what_is_no_commit_is_not_taken() {
        for event in
            ["", "{", r#"{"pull_request": {"base": {"sha": "--upload-pack=x"}, "head": {"sha": 1}}}"#]
        {
            let ci = detect(&GITHUB, event);
            assert_eq!((ci.base, ci.head), (None, None), "{event}");
        }
        assert!(!is_commit(&"0".repeat(40)));
    }

    #[test]
    fn a_merge_request_on_gitlab_has_both_ends_and_a_branch_has_none() {
        let (base, head, merged) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
        let request = [
            ("GITLAB_CI", "true"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", head.as_str()),
            ("CI_COMMIT_SHA", merged.as_str()),
        ];
        let ci = detect(&request, "");
        assert_eq!((ci.base.as_deref(), ci.head.as_deref()), (Some(&*base), Some(&*head)));
        let branch = [("GITLAB_CI", "true"), ("CI_COMMIT_SHA", merged.as_str())];
        assert_eq!(detect(&branch, "").head, None);
    }

    #[test]
    fn outside_of_ci_nothing_is_known() {
        assert_eq!(detect(&[("GITHUB_EVENT_PATH", "event.json"), ("CI", "true")], "{}"), Ci::default());
    }
}
