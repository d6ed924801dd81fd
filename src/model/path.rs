//! Where a claimed path lies: records spell one file in many ways (spec edges 17, 18 and 45).

use std::collections::{BTreeMap, BTreeSet};

/// A claimed path, placed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Repository-relative path, `/` separated; outside the project, the claim as spelled.
    pub path: String,
    /// How the harness spells it: relative to the project.
    pub written: String,
    /// Whether it lies in the project's repository, where git can speak about it.
    pub inside: bool,
}

/// What is needed to place claimed paths: where the project lies in its repository, and under which
/// absolute roots the plan's machines knew it.
#[derive(Debug, Clone, Default)]
pub struct ProjectPaths {
    /// Repository-relative directory of the project, without a final slash; empty for the root.
    pub prefix: String,
    /// Absolute directories that are the project: recorded, actual, and with symlinks resolved.
    pub project_roots: Vec<String>,
    /// Absolute directories that are the repository's work tree, here or on the machine that ran the plan.
    pub repository_roots: Vec<String>,
    /// Relative directory above the repository from which the plan ran, such as `checkout` for a plan that
    /// says `checkout/src/a.rs`; empty if it ran from the project.
    pub lead: String,
    /// Repository paths that exist or changed.
    pub known: BTreeSet<String>,
    /// How many known paths have each base name.
    pub base_names: BTreeMap<String, usize>,
}

/// Places a claim. `None` when it names nothing, such as `.`.
///
/// Absolute paths lose the project's or the repository's root, as far as these are known. `./`, `..`, doubled and backward slashes are resolved
/// without looking at the disk. What lies outside stays as it is spelled.
pub fn place(claim: &str, paths: &ProjectPaths) -> Option<Place> {
    let claim = claim.trim();
    let slashed = forward_slashes(claim);
    if is_absolute(&slashed) {
        place_absolute(claim, &slashed, paths)
    } else {
        place_relative(claim, &slashed, paths)
    }
}

fn place_absolute(claim: &str, slashed: &str, paths: &ProjectPaths) -> Option<Place> {
    let parts = resolve_dots(slashed)?;
    let full = format!("/{}", parts.join("/"));
    let below = |root: &String| strip_root(&full, root);
    if let Some(relative) = paths.project_roots.iter().find_map(below) {
        return place_relative(claim, &relative, paths);
    }
    if let Some(path) = paths.repository_roots.iter().find_map(below).filter(|path| !path.is_empty()) {
        return Some(Place { written: project_relative(&path, paths).unwrap_or(full), path, inside: true });
    }
    // Another project's, or a machine's that nothing ties to this one: not ours to interpret.
    (!parts.is_empty()).then(|| Place { path: claim.to_owned(), written: claim.to_owned(), inside: false })
}

fn place_relative(claim: &str, slashed: &str, paths: &ProjectPaths) -> Option<Place> {
    let joined = join(&paths.prefix, slashed);
    let Some(parts) = resolve_dots(&joined) else {
        return Some(Place { path: claim.to_owned(), written: claim.to_owned(), inside: false });
    };
    let path = parts.join("/");
    let Some(written) = project_relative(&path, paths) else {
        // `..` left the project but not the repository.
        return (!path.is_empty()).then(|| Place { path, written: claim.to_owned(), inside: true });
    };
    if written.is_empty() {
        return None;
    }
    let inside = |path: String| Some(Place { path, written: written.clone(), inside: true });
    if is_known(&path, paths) {
        return inside(path);
    }
    if !paths.prefix.is_empty() && is_known(&written, paths) {
        // Spelled from the root of the repository although the project is a directory of it.
        let spelled = project_relative(&written, paths).unwrap_or_else(|| written.clone());
        return Some(Place { path: written, written: spelled, inside: true });
    }
    match strip_root(&written, &paths.lead) {
        Some(below) if !paths.lead.is_empty() && !below.is_empty() => inside(below),
        _ => inside(path),
    }
}

fn forward_slashes(claim: &str) -> String {
    let is_windows = has_drive(claim) || (claim.contains('\\') && !claim.contains('/'));
    if is_windows { claim.replace('\\', "/") } else { claim.to_owned() }
}

fn has_drive(claim: &str) -> bool {
    let bytes = claim.as_bytes();
    bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/')
}

fn is_absolute(slashed: &str) -> bool {
    slashed.starts_with('/') || has_drive(slashed)
}

/// The components with `.` and `..` resolved; `None` when `..` climbs out of the top.
fn resolve_dots(path: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts)
}

fn join(prefix: &str, path: &str) -> String {
    if prefix.is_empty() { path.to_owned() } else { format!("{prefix}/{path}") }
}

/// `path` as seen from the project; `None` when it lies outside.
fn project_relative(path: &str, paths: &ProjectPaths) -> Option<String> {
    if paths.prefix.is_empty() {
        return Some(path.to_owned());
    }
    strip_root(path, &paths.prefix)
}

fn strip_root(path: &str, root: &str) -> Option<String> {
    let rest = path.strip_prefix(root.trim_end_matches('/'))?;
    if rest.is_empty() { Some(String::new()) } else { rest.strip_prefix('/').map(str::to_owned) }
}

/// Whether the repository has that file, or anything below that directory.
fn is_known(path: &str, paths: &ProjectPaths) -> bool {
    let below = format!("{path}/");
    paths.known.contains(path)
        || paths.known.range(below.clone()..).next().is_some_and(|next| next.starts_with(&below))
}

/// The directory that leads to the longest suffix of `claim` which the repository knows, and that suffix:
/// `("/x/checkout", "src/a.rs")`. Suffixes of one component alone prove nothing.
pub fn leading_directory<'a>(claim: &'a str, paths: &ProjectPaths) -> Option<(&'a str, &'a str)> {
    /// Nothing in a repository lies deeper.
    const DEEPEST: usize = 64;
    let slashes: Vec<usize> = claim.match_indices('/').map(|(at, _)| at).collect();
    let inner = slashes.len().saturating_sub(1);
    let first = slashes.len().saturating_sub(DEEPEST);
    slashes[first..inner.max(first)]
        .iter()
        .map(|at| (&claim[..*at], &claim[at + 1..]))
        .find(|(lead, suffix)| !lead.is_empty() && paths.known.contains(*suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(prefix: &str, known: &[&str]) -> ProjectPaths {
        let known: BTreeSet<String> = known.iter().map(|path| (*path).to_owned()).collect();
        let mut base_names = BTreeMap::new();
        for path in &known {
            *base_names.entry(path.rsplit('/').next().unwrap().to_owned()).or_insert(0) += 1;
        }
        ProjectPaths {
            prefix: prefix.into(),
            project_roots: vec!["/srv/app".into(), "/private/srv/app".into()],
            repository_roots: vec!["/srv".into()],
            lead: String::new(),
            known,
            base_names,
        }
    }

    fn placed(claim: &str, paths: &ProjectPaths) -> (String, String, bool) {
        let place = place(claim, paths).unwrap();
        (place.path, place.written, place.inside)
    }

    fn inside(path: &str, written: &str) -> (String, String, bool) {
        (path.into(), written.into(), true)
    }

    #[test]
    fn spellings_of_one_file_meet() {
        let paths = paths("", &["src/a.rs"]);
        for claim in [
            "src/a.rs",
            "./src//a.rs",
            "src/x/../a.rs",
            "/srv/app/src/a.rs",
            "/private/srv/app/./src/a.rs",
            "src\\a.rs",
            " src/a.rs/ ",
        ] {
            assert_eq!(placed(claim, &paths), inside("src/a.rs", "src/a.rs"), "{claim}");
        }
    }

    #[test]
    fn another_machine_s_root_is_stripped_once_it_is_known() {
        let mut paths = paths("", &["src/a.rs", "go.mod"]);
        let foreign = "/Users/x/checkout/src/a.rs";
        assert_eq!(placed(foreign, &paths), (foreign.into(), foreign.into(), false));
        paths.repository_roots.push("/Users/x/checkout".into());
        paths.repository_roots.push("/C:/x".into());
        assert_eq!(placed(foreign, &paths), inside("src/a.rs", "src/a.rs"));
        assert_eq!(placed("/Users/x/checkout/go.mod", &paths), inside("go.mod", "go.mod"));
        assert_eq!(placed("C:\\x\\src\\a.rs", &paths), inside("src/a.rs", "src/a.rs"));
    }

    #[test]
    fn leading_directories_end_where_the_repository_begins() {
        let paths = paths("", &["src/a.rs", "a.rs"]);
        assert_eq!(leading_directory("/x/checkout/src/a.rs", &paths), Some(("/x/checkout", "src/a.rs")));
        assert_eq!(leading_directory("app/src/a.rs", &paths), Some(("app", "src/a.rs")));
        for none in ["/x/a.rs", "src/a.rs", "/etc/passwd", "a.rs", ""] {
            assert_eq!(leading_directory(none, &paths), None, "{none}");
        }
    }

    #[test]
    fn a_project_below_the_root_keeps_its_own_spelling() {
        let paths = paths("app", &["app/src/a.rs", "lib/b.rs"]);
        assert_eq!(placed("src/a.rs", &paths), inside("app/src/a.rs", "src/a.rs"));
        assert_eq!(placed("app/src/a.rs", &paths), inside("app/src/a.rs", "src/a.rs"));
        assert_eq!(placed("/srv/app/src/a.rs", &paths), inside("app/src/a.rs", "src/a.rs"));
        assert_eq!(placed("../lib/b.rs", &paths), inside("lib/b.rs", "../lib/b.rs"));
        assert_eq!(
            placed("../../etc/passwd", &paths),
            ("../../etc/passwd".into(), "../../etc/passwd".into(), false)
        );
    }

    #[test]
    fn a_plan_run_from_further_up_is_recognised() {
        let mut paths = paths("", &["src/a.rs"]);
        assert_eq!(placed("app/src/a.rs", &paths), inside("app/src/a.rs", "app/src/a.rs"));
        paths.lead = "app".into();
        assert_eq!(placed("app/src/a.rs", &paths), inside("src/a.rs", "app/src/a.rs"));
        assert_eq!(placed("apple/src/a.rs", &paths), inside("apple/src/a.rs", "apple/src/a.rs"));
    }

    #[test]
    fn dot_files_keep_their_dot() {
        assert_eq!(placed(".github/ci.yml", &paths("", &[])), inside(".github/ci.yml", ".github/ci.yml"));
    }

    #[test]
    fn nothing_is_nowhere() {
        assert_eq!(place(".", &paths("", &[])), None);
        assert_eq!(place("/srv/app", &paths("", &[])), None);
    }
}
