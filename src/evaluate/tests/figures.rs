use super::*;
use crate::config::Config;

/// A scored task: true pairs, and what was listed as (confidence, filled, right).
fn scored(task: &str, pairs: usize, listed: &[(f64, bool, bool)]) -> TaskScore {
    let items = listed.iter().enumerate().map(|(at, (confidence, is_filled, is_right))| Item {
        name: format!("f{at}"),
        confidence: *confidence,
        is_filled: *is_filled,
        is_right: *is_right,
    });
    let files = FieldScore { pairs, items: items.collect() };
    TaskScore { task: id(task), files, commands: None, is_absent: false }
}

fn scores(scenario: &str, tasks: Vec<TaskScore>) -> Scores {
    Scores { name: "plan".into(), group: String::new(), scenario: scenario.into(), tasks }
}

fn close(a: Option<f64>, b: f64) {
    assert!(a.is_some_and(|a| (a - b).abs() < 1e-9), "{a:?} is not {b}");
}

#[test]
fn tasks_and_pairs_are_counted() {
    let exact = scored("T1", 1, &[(1.0, true, true), (0.4, false, false)]);
    let partly = scored("T2", 2, &[(0.9, true, true), (0.9, true, false)]);
    let wrong = scored("T3", 1, &[(0.8, true, false)]);
    let abstained = scored("T4", 1, &[(0.2, false, true)]);
    let mut absent = scored("T5", 0, &[(0.99, true, false), (0.99, true, false)]);
    absent.is_absent = true;
    let evaluation =
        measure(&[scores("x", vec![exact, partly, wrong]), scores("several", vec![abstained, absent])]);
    let names: Vec<&str> = evaluation.schemes.iter().map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(names, ["several", "x"], "schemes first, whatever the order");
    let pooled = &evaluation.pooled;
    assert_eq!((pooled.plans, pooled.commands.is_none()), (1, true));
    assert_eq!(pooled.files.tasks, Outcomes { exact: 1, partly: 1, wrong: 1, abstained: 1 });
    assert_eq!((pooled.files.pairs, pooled.files.filled, pooled.files.right), (5, 4, 2));
    close(pooled.files.precision, 0.5);
    close(pooled.files.coverage, 0.4);
    assert_eq!(pooled.absent, Some(Absent { tasks: 1, filled_tasks: 1, files: 2 }));
    close(pooled.absent.and_then(|absent| absent.share()), 1.0);
}

#[test]
fn a_curve_has_a_point_for_each_confidence() {
    let points = curve(&[(0.5, false), (0.9, true), (0.9, false), (0.5, true)], 4);
    let expected = [(0.9, 0.5, 0.25), (0.5, 0.5, 0.5)];
    assert_eq!(points.len(), 2);
    for (point, (confidence, precision, coverage)) in points.iter().zip(expected) {
        close(Some(point.confidence), confidence);
        close(Some(point.precision), precision);
        close(Some(point.coverage), coverage);
    }
    assert_eq!(curve(&[], 4), []);
    close(curve(&[(1.0, false)], 0).first().map(|point| point.coverage), 0.0);
}

#[test]
fn calibration_is_compared_within_bins() {
    close(calibration_error(&[(1.0, true), (0.95, true)]), 0.025);
    close(calibration_error(&[(0.25, false), (0.25, false), (0.25, false), (0.25, true)]), 0.0);
    // Too sure here and not sure enough there do not cancel out.
    close(calibration_error(&[(0.9, false), (0.1, true)]), 0.9);
    assert_eq!(calibration_error(&[]), None);
}

/// `count` tasks with one file each at that confidence, all right or all wrong.
fn tasks(prefix: &str, count: usize, confidence: f64, is_right: bool) -> Vec<TaskScore> {
    (0..count).map(|at| scored(&format!("{prefix}{at}"), 1, &[(confidence, true, is_right)])).collect()
}

fn found(scores: &[Scores], wanted: f64) -> Threshold {
    threshold(scores, |task| Some(&task.files), wanted)
}

#[test]
fn the_lowest_confidence_that_keeps_the_precision_is_found() {
    let all = [tasks("a", 100, 0.99, true), tasks("b", 100, 0.8, true), tasks("c", 50, 0.5, false)].concat();
    let met = found(&[scores("x", all)], 0.97);
    assert_eq!((met.verdict, met.items, met.tasks), (Verdict::Met, 200, 200));
    close(met.confidence, 0.8);
    close(Some(met.coverage), 0.8);
    close(Some(met.precision), 1.0);
    // 200 of 200: n / (n + z²).
    close(Some((met.lower_bound * 1e4).round()), 9867.0);
}

#[test]
fn too_small_a_sample_is_said_to_be_one() {
    let few = scores("x", tasks("a", 19, 0.99, true));
    assert_eq!(found(std::slice::from_ref(&few), 0.5).verdict, Verdict::TooFew, "not enough tasks");
    let enough = scores("x", tasks("a", 40, 0.99, true));
    assert_eq!(found(std::slice::from_ref(&enough), 0.97).verdict, Verdict::TooFew, "not enough pairs");
    assert_eq!(found(std::slice::from_ref(&enough), 0.9).verdict, Verdict::Met);
    // The same pairs, masked in four ways, are no larger a sample.
    let again = ["a", "b", "c", "d"].map(|scenario| Scores { scenario: scenario.into(), ..enough.clone() });
    let repeated = found(&again, 0.97);
    assert_eq!((repeated.verdict, repeated.items), (Verdict::TooFew, 40));
    close(repeated.confidence, 0.99);
}

#[test]
fn a_precision_that_is_not_met_shows_the_best_there_is() {
    let all = [tasks("a", 50, 0.99, false), tasks("b", 50, 0.8, true)].concat();
    let best = found(&[scores("x", all)], 0.9);
    assert_eq!(best.verdict, Verdict::NotMet);
    close(best.confidence, 0.8);
    close(Some(best.precision), 0.5);
    let nothing = found(&[scores("x", vec![scored("T1", 1, &[])])], 0.9);
    assert_eq!((nothing.verdict, nothing.confidence), (Verdict::NotMet, None));
    let mut absent = tasks("a", 50, 0.99, true);
    for task in &mut absent {
        task.is_absent = true;
    }
    assert_eq!(found(&[scores("x", absent)], 0.9).confidence, None);
}

#[test]
fn what_comes_back_from_lists_is_right() {
    let cases = cases(four(), past());
    let scores = score(case(&cases, "one-per-batch"), &Config::default()).unwrap();
    let first = scores.tasks.iter().find(|task| task.task == id("T1")).unwrap();
    assert_eq!((first.files.pairs, first.files.filled(), first.files.right()), (1, 1, 1));
    let commands = first.commands.as_ref().unwrap();
    assert_eq!((commands.filled(), commands.right()), (1, 1));
    assert!(first.files.items.iter().all(|item| (item.confidence * 1e6).fract() < 1e-6));
}

#[test]
fn what_is_unsure_or_no_task_of_the_plan_does_not_count_against_anyone() {
    let cases = cases(four(), past());
    let mut case = case(&cases, "one-per-batch").clone();
    let truth = Truth { unsure: ["src/a.rs".to_owned()].into(), ..Truth::default() };
    case.hidden = [(id("T1"), truth.clone()), (id("T99"), truth)].into();
    let scores = score(&case, &Config::default()).unwrap();
    assert!(scores.tasks.iter().all(|task| task.files.items.is_empty() && task.commands.is_none()));
}
