//! What holds whatever the records say.

use super::*;
use proptest::prelude::*;

proptest! {
    /// Whatever the records say: evidence that is there is never touched, tasks that are not done are
    /// never filled, nothing outside the records and the diff is invented, and one file has one entry.
    #[test]
    fn only_holes_are_filled_and_nothing_is_invented(
        files in prop::collection::vec("[a-d]{1,2}\\.rs", 0..6),
        statuses in prop::collection::vec(prop_oneof![Just("done"), Just("blocked"), Just("pending")], 3),
        listed in prop::collection::vec("[a-d]{1,2}\\.rs", 0..6),
        changed in prop::collection::vec("[a-d]{1,2}\\.rs", 0..4),
    ) {
        let mut plan = three();
        let refs: Vec<&str> = files.iter().map(String::as_str).collect();
        plan.rows = statuses.iter().map(|status| row(2, "T2", status, &refs, &[])).collect();
        lists(&mut plan, 2, &listed.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
        let history = history(vec![commit("1", "x", &changed)], &[]);
        let outcome = run(&plan, &history);
        prop_assert!(outcome.attributions[0].files.iter().all(|f| f.decision != Decision::Backfill));
        let mut seen = std::collections::BTreeSet::new();
        for file in &outcome.attributions[1].files {
            prop_assert!(seen.insert(file.path.clone()));
            prop_assert!((0.0..=1.0).contains(&file.confidence));
            let known = files.contains(&file.path) || listed.contains(&file.path)
                || changed.contains(&file.path.as_str());
            prop_assert!(known);
            if file.decision == Decision::Backfill {
                prop_assert!(changed.contains(&file.path.as_str()));
            }
        }
    }
}
