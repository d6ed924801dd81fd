use proptest::prelude::*;

use super::*;

/// Plans of up to twelve tasks in layers, with claims that name their task.
fn plans() -> impl Strategy<Value = Plan> {
    let task = (0..3_usize, 0..3_usize, any::<bool>(), 0..4_usize);
    prop::collection::vec(task, 1..12).prop_map(|shapes| {
        let mut plan = crate::model::testing::plan(Vec::new());
        for (at, (files, commands, has_row, layer)) in shapes.into_iter().enumerate() {
            let id = format!("T{at}");
            let claims = |kind: &str, count: usize| -> Vec<String> {
                (0..count).map(|n| format!("{kind}/{at}/{n}")).collect()
            };
            let (files, commands) = (claims("file", files), claims("command", commands));
            let mut task = recorded(&id, &[], &[]);
            task.files_changed = files.clone();
            task.commands_run = commands.clone();
            task.truthy.files = !files.is_empty();
            task.truthy.commands = !commands.is_empty();
            task.depends_on =
                plan.tasks.iter().take(layer.min(at)).map(|task: &Task| task.id.clone()).collect();
            if has_row {
                let mut row = row(1, &id, "done", &[], &[]);
                row.files = files;
                row.commands = commands;
                plan.rows.push(row);
            }
            plan.tasks.push(task);
        }
        plan
    })
}

/// What a record claims for each task.
fn claims(plan: &Plan) -> Vec<(TaskId, Vec<String>)> {
    let tasks = plan.tasks.iter().map(|task| (&task.id, &task.files_changed, &task.commands_run));
    let rows = plan.rows.iter().map(|row| (&row.task_id, &row.files, &row.commands));
    tasks
        .chain(rows)
        .map(|(id, files, commands)| (id.clone(), [files.clone(), commands.clone()].concat()))
        .collect()
}

proptest! {
    #[test]
    fn hidden_values_are_gone_and_the_rest_is_untouched(plan in plans()) {
        let before = claims(&plan);
        let paths: Vec<String> = plan.tasks.iter().flat_map(|task| task.files_changed.clone()).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        for case in cases(plan.clone(), history(vec![commit("x", "Work", &paths)], &[])) {
            let left = format!("{:?}", case.plan);
            for (task, truth) in &case.hidden {
                for value in truth.files.iter().chain(truth.commands.iter().flatten()).chain(&truth.unsure) {
                    prop_assert!(!left.contains(&format!("{value:?}")), "{value} of {task}");
                }
            }
            for ((id, old), (_, new)) in before.iter().zip(claims(&case.plan)) {
                // Of whole batches, tasks without files lose their commands, too; of absent tasks, those
                // that a commit names are not asked about.
                let loses_more = ["whole", "absent"].iter().any(|name| case.scenario.starts_with(name));
                let is_masked = case.hidden.contains_key(id) || (loses_more && new.is_empty());
                prop_assert!(is_masked || *old == new, "{id}");
                prop_assert!(!case.hidden.contains_key(id) || new.is_empty(), "{id}");
            }
        }
    }

    #[test]
    fn coverage_only_grows_as_confidence_falls(
        items in prop::collection::vec((0.0..=1.0_f64, any::<bool>()), 0..60),
        missed in 0..10_usize,
    ) {
        let right = items.iter().filter(|(_, is_right)| *is_right).count();
        let points = curve(&items, right + missed);
        for pair in points.windows(2) {
            prop_assert!(pair[0].confidence > pair[1].confidence && pair[0].coverage <= pair[1].coverage);
        }
        for point in &points {
            prop_assert!((0.0..=1.0).contains(&point.precision) && (0.0..=1.0).contains(&point.coverage));
        }
        prop_assert!(calibration_error(&items).is_none_or(|error| (0.0..=1.0).contains(&error)));
    }
}
