//! Explanations of small plans: what each probe is there for, and that it tells the truth.

use std::collections::BTreeSet;

use super::*;
use crate::attribute;
use crate::model::testing::{batch, commit, history, ids, oid, plan, row, task};
use crate::model::{
    Answer, AnswerContent, BaseSource, Change, ChangeKind, Content, Decision, Edits, History, Hunk, Kind,
    Lines, Oid, Outcome as Verdict, Patch, PatchHunk, Plan, ProjectPaths, Status,
};
use crate::words::{Reader, WordSets};

/// `T1` is whole; `T2` and `T3` are done, hollow, and share a batch that lists two files.
fn twins() -> Plan {
    let mut first = task("T1");
    first.files_changed = vec!["a.rs".to_owned()];
    first.truthy.files = true;
    let hollow = |id: &str| crate::model::Task { depends_on: ids(&["T1"]), ..task(id) };
    let mut plan = plan(vec![first, hollow("T2"), hollow("T3")]);
    for (at, task) in plan.tasks.iter_mut().enumerate() {
        task.pointer = format!("/tasks/{at}");
    }
    plan.batches = vec![batch(1, &["T1"]), batch(2, &["T2", "T3"])];
    plan.batches[1].files = Some(vec!["b.rs".to_owned(), "c.rs".to_owned()]);
    plan
}

/// `T1` is whole and `T2` hollow.
fn one() -> Plan {
    let mut plan = twins();
    plan.tasks.truncate(2);
    plan.batches.truncate(1);
    plan
}

fn changed(paths: &[&str]) -> History {
    history(vec![commit("1111111111111", "work", paths)], &["still.rs"])
}

fn paths(history: &History) -> ProjectPaths {
    let mut paths = ProjectPaths { known: history.reach.existing.clone(), ..ProjectPaths::default() };
    for path in &paths.known {
        *paths.base_names.entry(path.clone()).or_insert(0) += 1;
    }
    paths
}

fn explained(plan: &Plan, history: &History, config: &Config, id: &str) -> Explanation {
    explained_with(plan, history, config, id, &Shown(Vec::new()))
}

fn explained_with(
    plan: &Plan,
    history: &History,
    config: &Config,
    id: &str,
    patches: &dyn Patches,
) -> Explanation {
    let paths = paths(history);
    let input = Input { plan, history, paths: &paths, answers: &[], config };
    let outcome = attribute::attribute(&input).unwrap();
    explain(&input, &outcome, &id.into(), patches).unwrap()
}

/// Shows the same lines for every change.
struct Shown(Patch);

impl Patches for Shown {
    fn patch(&self, _commit: Option<&Oid>, paths: &BTreeSet<&str>) -> Vec<Change<Patch>> {
        let change = |path: &&str| Change {
            path: (*path).to_owned(),
            old_path: None,
            kind: ChangeKind::Modified,
            blob: None,
            content: Content::Text(self.0.clone()),
        };
        paths.iter().map(change).collect()
    }
}

fn advice<'a>(explanation: &'a Explanation, probe: &str) -> Vec<&'a str> {
    let found = explanation.changes.iter().filter(|change| change.probe == probe);
    found.map(|change| change.advice.as_str()).collect()
}

/// What a probe says of `T2`.
fn told(plan: &Plan, history: &History, probe: &str) -> String {
    let explanation = explained(plan, history, &Config::default(), "T2");
    let advice = advice(&explanation, probe);
    assert_eq!(advice.len(), 1, "{probe}: {:#?}", explanation.changes);
    advice[0].to_owned()
}

#[test]
fn an_answer_about_another_task_settles_this_one() {
    let said = told(&twins(), &changed(&["a.rs", "b.rs", "c.rs"]), "answer_first");
    assert_eq!(said, "Answer `T3` first: if it changed `b.rs` and nothing else, `c.rs` would be filled");
}

#[test]
fn several_answers_settle_what_one_does_not() {
    let mut plan = twins();
    plan.tasks.push(crate::model::Task { depends_on: ids(&["T1"]), ..task("T4") });
    plan.batches[1].task_ids = ids(&["T2", "T3", "T4"]);
    plan.batches[1].files = Some(["b.rs", "c.rs", "d.rs"].map(str::to_owned).into());
    let said = told(&plan, &changed(&["b.rs", "c.rs", "d.rs"]), "answer_several_first");
    assert_eq!(
        said,
        "Answer `T3` and `T4` first: if each changed one of its candidates and nothing else, `d.rs` would be filled"
    );
}

#[test]
fn notes_that_are_long_enough_complete_an_audit() {
    let mut plan = one();
    plan.tasks[1].kind = Kind::Audit;
    let said = told(&plan, &changed(&["b.rs"]), "executor_notes");
    assert_eq!(
        said,
        "If its executor writes notes of 100 characters or more, the harness would be content with `T2`"
    );
}

#[test]
fn a_row_that_is_not_done_would_be_enough() {
    let mut plan = one();
    plan.rows = vec![row(1, "T2", "blocked", &["b.rs"], &[])];
    let said = told(&plan, &changed(&["b.rs"]), "row_stands");
    assert_eq!(
        said,
        "If its row in `execution_batch_1.json` /task_updates/0 were `done` and not `blocked`, `b.rs` would be filled"
    );
    plan.rows[0].status = Status::Done;
    plan.rows[0].guessed_files = true;
    assert!(told(&plan, &changed(&["b.rs"]), "row_stands").contains("which the harness guessed"));
}

#[test]
fn a_done_row_would_be_enough_even_where_nothing_is_known() {
    for history in [changed(&["b.rs"]), changed(&["a.rs"]), History::absent("none")] {
        let said = told(&one(), &history, "done_row");
        assert!(said.ends_with("what that row lists would be filled"), "{said}");
    }
}

#[test]
fn git_could_say_more() {
    let mut plan = one();
    plan.rows = vec![row(1, "T2", "done", &["gone.rs"], &[])];
    let said = told(&plan, &changed(&["b.rs"]), "shown_by_git");
    assert!(said.starts_with("If `gone.rs` changed outside the range"), "{said}");
    let unbounded =
        History { base_source: BaseSource::None, ..history(vec![commit("1", "T2: work", &["b.rs"])], &[]) };
    assert_eq!(
        told(&one(), &unbounded, "bounded_range"),
        "If `--base REV` says where the plan's commits begin, `b.rs` would be filled"
    );
}

#[test]
fn commits_and_reviews_could_name_the_task() {
    let two =
        history(vec![commit("1", "all sorts", &["b.rs", "x", "y", "z"]), commit("2", "it", &["c.rs"])], &[]);
    let mut plan = one();
    plan.tasks[0].files_changed = ["x", "y", "z"].map(str::to_owned).into();
    let said = told(&plan, &two, "commit_names_task");
    let short = oid("2").short();
    assert_eq!(said, format!("If the subject of {short} (“it”) named `T2`, `c.rs` would be filled"));
    let said = told(&plan, &two, "review_cites_file");
    assert!(said.contains("such as `b.rs`"), "{said}");
}

#[test]
fn what_is_not_committed_could_be() {
    let change = Change {
        path: "b.rs".to_owned(),
        old_path: None,
        kind: ChangeKind::Modified,
        blob: None,
        content: Content::None,
    };
    let history = History { worktree: true, uncommitted: vec![change], ..changed(&["a.rs"]) };
    assert_eq!(
        told(&one(), &history, "committed_with_id"),
        "If you commit `b.rs` with a subject that names `T2`, `b.rs` would be filled"
    );
}

#[test]
fn a_task_that_is_not_done_is_filled_once_it_is() {
    let mut plan = one();
    plan.tasks[1].status = Status::Pending;
    "pending".clone_into(&mut plan.tasks[1].status_word);
    plan.rows = vec![row(1, "T2", "done", &["b.rs"], &[])];
    let said = told(&plan, &changed(&["b.rs"]), "recorded_as_done");
    assert!(said.ends_with("no longer `pending`, `b.rs` would be filled"), "{said}");
}

/// The number in a sentence about the threshold.
fn number(advice: &str) -> f64 {
    advice.split(' ').nth(2).unwrap().trim_matches(['`', ',']).parse().unwrap()
}

fn fills(plan: &Plan, history: &History, min_confidence: f64) -> bool {
    let config = Config { min_confidence, ..Config::default() };
    explained(plan, history, &config, "T2").attribution.outcome == Verdict::Backfill
}

#[test]
fn thresholds_are_exact() {
    let mut plan = one();
    plan.rows = vec![row(1, "T2", "done", &["still.rs"], &[])];
    let history = changed(&["a.rs"]);
    let lowest = number(&told(&plan, &history, "lower_threshold"));
    assert!(fills(&plan, &history, lowest) && !fills(&plan, &history, lowest + 2e-6));
    plan.rows = vec![row(1, "T2", "done", &["b.rs"], &["make"])];
    let history = changed(&["b.rs"]);
    let said = told(&plan, &history, "higher_threshold");
    assert!(said.ends_with("or higher, `b.rs` would no longer be filled"), "the command would: {said}");
    plan.rows[0].commands.clear();
    let said = told(&plan, &history, "higher_threshold");
    assert!(said.ends_with("or higher, `T2` would be asked about and not filled"), "{said}");
    let highest = number(&said);
    assert!(!fills(&plan, &history, highest) && fills(&plan, &history, highest - 2e-6));
}

#[test]
fn every_probe_has_its_own_name() {
    let mut names: Vec<&str> = PROBES.iter().map(|probe| probe.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), PROBES.len());
}

#[test]
fn nothing_changes_what_stands_in_the_records() {
    let explanation = explained(&one(), &changed(&["a.rs"]), &Config::default(), "T1");
    assert_eq!(explanation.changes, []);
    assert_eq!(explanation.attribution.files[0].decision, Decision::Recorded);
    assert!(explanation.question.is_none());
}

#[test]
fn every_candidate_is_there() {
    let many: Vec<String> = (10..60).map(|number| format!("{number}.rs")).collect();
    let history = changed(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let config = Config { max_candidates: 3, ..Config::default() };
    let explanation = explained(&one(), &history, &config, "T2");
    assert_eq!(explanation.attribution.files.len(), many.len());
    assert_eq!(explanation.question.unwrap().candidate_files.len(), 3, "the question stays short");
    assert_eq!(explanation.diffs.len(), many.len());
}

#[test]
fn long_hunks_are_clipped_and_their_counts_stay() {
    let mut history = changed(&["b.rs"]);
    let at = Hunk { old_start: 0, old_lines: 0, new_start: 1, new_lines: 5000 };
    history.commits[0].changes[0].content =
        Content::Text(Edits { hunks: [at].into_iter().collect(), ..Edits::default() });
    let patch = PatchHunk {
        at,
        header: String::new(),
        removed: Lines::default(),
        added: vec!["ä".repeat(5000); 5000].into_iter().collect(),
    };
    let explanation = explained_with(&one(), &history, &Config::default(), "T2", &Shown(vec![patch]));
    let hunk = &explanation.diffs[0].content.hunks()[0];
    assert_eq!((hunk.added.len(), hunk.at.new_lines), (200, 5000));
    assert_eq!(hunk.added.iter().next().unwrap_or_default().chars().count(), 1001);
}

#[test]
fn findings_and_questions_are_those_of_the_task() {
    let explanation = explained(&twins(), &changed(&["b.rs", "c.rs"]), &Config::default(), "T3");
    assert!(explanation.findings.iter().all(|finding| finding.message.contains("`T3`")));
    assert_eq!(explanation.findings.len(), 1);
    assert_eq!(explanation.question.unwrap().task, "T3".into());
}

#[test]
fn a_task_that_was_answered_is_not_asked_again() {
    let (plan, history, config) = (twins(), changed(&["b.rs", "c.rs"]), Config::default());
    let content = AnswerContent::Empty { reason: "talk".to_owned() };
    let answers = [Answer { task: "T3".into(), content, line: 1 }];
    let paths = paths(&history);
    let input = Input { plan: &plan, history: &history, paths: &paths, answers: &answers, config: &config };
    let outcome = attribute::attribute(&input).unwrap();
    let explanation = explain(&input, &outcome, &"T2".into(), &Shown(Vec::new())).unwrap();
    assert!(advice(&explanation, "answer_first").is_empty());
    assert!(explain(&input, &outcome, &"T9".into(), &Shown(Vec::new())).unwrap_err().is_close);
}

#[test]
fn what_was_read_before_answers_every_hypothesis_as_reading_anew_does() {
    let mut plan = twins();
    plan.tasks[1].description = "Draw the clock with drawHands".into();
    plan.tasks[2].description = "Paint the moon with paintMoon".into();
    let mut history = changed(&["b.rs"]);
    let mut second = commit("2222222222222", "moon", &["c.rs"]);
    let mut words = WordSets::default();
    words.push(Reader::default().read([b"paintMoon()" as &[u8]], None));
    let at = Hunk { old_start: 0, old_lines: 0, new_start: 1, new_lines: 1 };
    second.changes[0].content =
        Content::Text(Edits { hunks: [at].into_iter().collect(), words, is_layout: false });
    history.reach.existing.insert("c.rs".into());
    history.uncommitted = second.changes.clone();
    history.worktree = true;
    history.commits.push(second);
    let paths = paths(&history);
    let config = Config::default();
    let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
    let outcome = attribute::attribute(&input).unwrap();
    let reading = Reading::new(&input);
    let mut tried = 0;
    for task in &plan.tasks[1..] {
        let decided = outcome.attributions.iter().find(|attribution| attribution.task == task.id).unwrap();
        let case = Case { input: &input, task, decided, attribution: decided, all: &outcome.attributions };
        for hypothesis in PROBES.iter().flat_map(|probe| (probe.ask)(&case)) {
            let mut world = World::of(&input);
            (hypothesis.change)(&mut world);
            let told = |outcome: Result<Outcome, _>| {
                format!("{:?}", outcome.map(|outcome| outcome.attributions).ok())
            };
            let (fast, slow) = (reading.attribute(&world.input()), attribute::attribute(&world.input()));
            assert_eq!(told(fast), told(slow), "{}", hypothesis.premise);
            tried += 1;
        }
    }
    assert!(tried > 8, "{tried} hypotheses were tried");
}

#[test]
fn work_does_not_grow_with_tasks_times_hypotheses() {
    let tried = |count: usize| {
        let mut plan = twins();
        plan.tasks.extend((4..=count).map(|at| task(&format!("T{at}"))));
        let paths = ProjectPaths::default();
        let history = changed(&["a.rs", "b.rs", "c.rs"]);
        let config = Config::default();
        let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
        let outcome = attribute::attribute(&input).unwrap();
        let decided = &outcome.attributions[1];
        let case = Case {
            input: &input,
            task: &plan.tasks[1],
            decided,
            attribution: decided,
            all: &outcome.attributions,
        };
        affordable(ask(&case), DECISIONS / count).len()
    };
    let (few, many) = (tried(20), tried(20_000));
    assert!(few > 10 && many == 5, "{few} {many}");
}

#[test]
fn the_first_of_every_probe_is_tried_before_the_second_of_any() {
    let asked = |probe, number| Asked {
        place: (probe, number),
        hypothesis: Hypothesis {
            premise: String::new(),
            group: String::new(),
            so: None,
            change: Box::new(|_| ()),
        },
    };
    let all = || vec![asked(0, 0), asked(0, 1), asked(0, 2), asked(3, 0), asked(3, 1)];
    let places = |most| affordable(all(), most).iter().map(|asked| asked.place).collect::<Vec<_>>();
    assert_eq!(places(3), [(0, 0), (0, 1), (3, 0)]);
    assert_eq!((places(0), places(9).len()), (vec![(0, 0)], 5));
    let plan = one();
    assert!(untried(5, 5, &plan).is_empty());
    assert!(untried(3, 5, &plan)[0].message.contains("3 of 5"));
}
