//! Where the plan ran: on another machine, or from a directory above the repository.
//!
//! A claim such as `/x/checkout/src/a.rs` may mean our `src/a.rs`, or another project's. One claim proves
//! nothing. A directory is taken for the repository's if it bears the project's name, or if most of several
//! claims below it name files that the repository knows; and never if it is a directory of this machine, of
//! this repository, or one that git ignores: then it is what it says.

use std::collections::BTreeMap;
use std::path::Path;

use crate::model::{History, ProjectPaths, leading_directory};

/// Adds the foreign roots and the lead that `claims` give away. `names` are those of the project's directory.
pub(super) fn add_origins(paths: &mut ProjectPaths, claims: &[&str], names: &[String], history: &History) {
    let claims: Vec<String> = claims.iter().map(|claim| claim.trim().replace('\\', "/")).collect();
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for claim in &claims {
        if let Some((lead, _)) = leading_directory(claim, paths) {
            *votes.entry(lead).or_default() += 1;
        }
    }
    let is_named = |lead: &str| names.iter().any(|name| Some(name.as_str()) == lead.rsplit('/').next());
    let mut accepted: Vec<(usize, &str)> = votes
        .into_iter()
        .filter(|(lead, known)| {
            let all = claims.iter().filter(|claim| is_below(claim, lead)).count();
            is_named(lead) || (*known > 1 && known * 2 > all)
        })
        .filter(|(lead, _)| !exists_here(lead, paths, history))
        .map(|(lead, known)| (known, lead))
        .collect();
    accepted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    for (_, lead) in accepted {
        match lead.strip_prefix('/') {
            Some(_) => paths.repository_roots.push(lead.to_owned()),
            None if lead.as_bytes().get(1) == Some(&b':') => paths.repository_roots.push(format!("/{lead}")),
            None if paths.lead.is_empty() => paths.lead = lead.to_owned(),
            None => {}
        }
    }
}

fn is_below(claim: &str, lead: &str) -> bool {
    claim.strip_prefix(lead).is_some_and(|rest| rest.starts_with('/'))
}

fn exists_here(lead: &str, paths: &ProjectPaths, history: &History) -> bool {
    if lead.starts_with('/') {
        return Path::new(lead).is_dir();
    }
    let below = format!("{lead}/");
    let is_ours = paths.known.range(below.clone()..).next().is_some_and(|path| path.starts_with(&below));
    let reach = &history.reach;
    is_ours || reach.is_unverifiable(lead) || reach.ignored.iter().any(|path| path.starts_with(&below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(claims: &[&str], names: &[&str]) -> (Vec<String>, String) {
        let known = ["src/a.rs", "src/b.rs", "docs/x.md"].map(str::to_owned);
        let mut paths = ProjectPaths { known: known.into(), ..ProjectPaths::default() };
        let mut history = History::absent("");
        history.reach.ignored.insert("dist/src/a.rs".into());
        history.reach.foreign.push("nested".into());
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        add_origins(&mut paths, claims, &names, &history);
        (paths.repository_roots, paths.lead)
    }

    fn nothing() -> (Vec<String>, String) {
        (Vec::new(), String::new())
    }

    #[test]
    fn one_claim_proves_nothing_unless_it_bears_the_project_s_name() {
        assert_eq!(origins(&["/no/where/src/a.rs"], &["app"]), nothing());
        assert_eq!(origins(&["/no/app/src/a.rs"], &["app"]).0, ["/no/app"]);
        assert_eq!(origins(&["app/src/a.rs"], &["app"]).1, "app");
    }

    #[test]
    fn most_of_several_claims_give_a_root_away() {
        assert_eq!(origins(&["/no/x/src/a.rs", "/no/x/docs/x.md", "/no/x/new.rs"], &[]).0, ["/no/x"]);
        let sibling = ["/no/x/src/a.rs", "/no/x/src/b.rs", "/no/x/y.rs", "/no/x/z/1.rs", "/no/x/z/2.rs"];
        assert_eq!(origins(&sibling, &[]), nothing());
    }

    #[test]
    fn what_exists_ignored_or_nested_is_what_it_says() {
        assert_eq!(origins(&["dist/src/a.rs", "dist/src/b.rs"], &[]), nothing());
        assert_eq!(origins(&["nested/src/a.rs", "nested/src/b.rs"], &[]), nothing());
        assert_eq!(origins(&["docs/src/a.rs", "docs/src/b.rs"], &[]), nothing());
    }
}
