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

    /// Neither the number of threads nor the order of answers, nor in which order artifacts tell of different tasks.
    #[test]
    fn one_outcome_in_any_order_on_any_number_of_threads(
        (claimed, turned) in prop::collection::vec(claimed(), 2..16)
            .prop_flat_map(|claimed| (Just(claimed.clone()), Just((0..claimed.len()).collect::<Vec<_>>()).prop_shuffle())),
        threads in 2..9_usize,
    ) {
        let (plan, history) = (plan_of(&claimed), history_of(&claimed));
        let answers: Vec<Answer> = answers_of(&claimed);
        let by = |plan: &Plan, answers: &[Answer], threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let outcome = pool.install(|| run_with(plan, &history, answers));
            format!("{:#?}", outcome.map_err(|error| error.to_string()))
        };
        let expected = by(&plan, &answers, 1);
        prop_assert_eq!(&by(&plan, &answers, threads), &expected);
        let mut other = plan.clone();
        other.rows = turned.iter().map(|&at| plan.rows[at].clone()).collect();
        let mut turned_answers = answers.clone();
        turned_answers.sort_by_key(|answer| turned.get(answer.line));
        prop_assert_eq!(&by(&other, &turned_answers, threads), &expected);
    }
}

/// What one task of a random plan has: files of its row, files of its commit, whether it is hollow and answered.
type Claimed = (Vec<String>, Vec<String>, bool, bool);

fn claimed() -> impl Strategy<Value = Claimed> {
    let files = || prop::collection::vec("[a-d]{1,2}\\.rs", 0..4);
    (files(), files(), any::<bool>(), prop::bool::weighted(0.2))
}

fn plan_of(claimed: &[Claimed]) -> Plan {
    let id = |at: usize| format!("T{}", at + 1);
    let tasks = claimed.iter().enumerate().map(|(at, (own, changed, is_hollow, _))| {
        let mut task = task(&id(at));
        task.description = format!("Change {} for step {at}.", changed.join(" and "));
        if !is_hollow {
            task.files_changed.clone_from(own);
            task.truthy.files = !own.is_empty();
        }
        task
    });
    let mut plan = plan(tasks.collect());
    for (at, (own, ..)) in claimed.iter().enumerate() {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        plan.rows.push(row(1, &id(at), "done", &own, &["make"]));
    }
    let names: Vec<String> = (0..claimed.len()).map(id).collect();
    plan.batches = vec![batch(1, &names.iter().map(String::as_str).collect::<Vec<_>>())];
    plan
}

fn history_of(claimed: &[Claimed]) -> History {
    let made = claimed.iter().enumerate().map(|(at, (_, changed, ..))| {
        let changed: std::collections::BTreeSet<&str> = changed.iter().map(String::as_str).collect();
        commit(&at.to_string(), &format!("Step {at}"), &changed.into_iter().collect::<Vec<_>>())
    });
    history(made.collect(), &[])
}

fn answers_of(claimed: &[Claimed]) -> Vec<Answer> {
    let asked = claimed.iter().enumerate().filter(|(_, (.., is_answered))| *is_answered);
    asked
        .map(|(at, _)| Answer {
            task: format!("T{}", at + 1).as_str().into(),
            content: AnswerContent::Evidence {
                files: vec!["a.rs".into()],
                commands: vec!["make".into()],
                force: true,
            },
            line: at,
        })
        .collect()
}
