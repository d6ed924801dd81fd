//! Paths that say nothing about a task (spec edge 29).

/// Names that the harness, the interpreter and the desktop leave behind.
const NAMES: [&str; 5] = [".megaplan", ".taskproof", "__pycache__", ".DS_Store", ".git"];

/// Whether a path belongs to the harness or the system: no task's evidence, wherever it is claimed.
pub fn is_left_behind(path: &str) -> bool {
    path.split('/').any(|part| NAMES.contains(&part)) || path.ends_with(".pyc")
}

#[cfg(test)]
mod tests {
    use super::is_left_behind;

    #[test]
    fn the_harness_s_own_directories_say_nothing() {
        assert!(is_left_behind(".megaplan/plans/x/state.json") && is_left_behind("a/__pycache__/b.pyc"));
        assert!(!is_left_behind("src/megaplan.py") && !is_left_behind(".github/ci.yml"));
    }
}
