//! Every situation of `fixture-repos/`, played through the real binary.
//!
//! Nothing registers a situation: a folder with a `case.toml` is one. `TASKPROOF_BLESS=1 cargo test
//! fixtures` writes what the tool says now into `expected/`, to be read before it is committed.

use std::collections::BTreeMap;

use rayon::prelude::*;
use taskproof::situation::Situation;

use crate::support::edits::{self, is_harness_style, is_python_style};
use crate::support::expected::{self, Outcome};
use crate::support::stage::{Run, Stage, files, situation, situations, without_run, without_version};

/// Checks every situation, and says of all of them what is wrong.
fn for_all(check: impl Fn(&Situation) -> Vec<String> + Sync) {
    let problems: Vec<String> = situations()
        .par_iter()
        .flat_map_iter(|situation| {
            let name = &situation.name;
            check(situation).into_iter().map(|problem| format!("{name}: {problem}")).collect::<Vec<_>>()
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// An artifact without what its runs stamped into it.
fn scrubbed(content: Vec<u8>, runs: &[String]) -> Vec<u8> {
    match String::from_utf8(content) {
        Ok(text) => {
            let text = runs.iter().fold(text, |text, run| without_run(&text, run));
            without_version(&text).into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

fn is_write(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == "--write")
}

#[test]
fn the_template_is_a_situation() {
    let template = situation("_template");
    let stage = Stage::build(&template);
    for step in &template.case.steps {
        let run = stage.step(step);
        assert_eq!(run.code, Some(step.exit), "{}: {}", step.run.join(" "), run.stderr);
    }
}

#[test]
fn every_situation_says_why_in_one_sentence_and_then_at_length() {
    for_all(|situation| {
        let (first, rest) = situation.case.why.trim().split_once('\n').unwrap_or_default();
        let is_fine = first.ends_with('.') && !rest.is_empty() && !situation.case.steps.is_empty();
        if is_fine { Vec::new() } else { vec!["`why` lacks its first sentence or the rest".to_owned()] }
    });
}

#[test]
fn every_situation_comes_to_what_is_expected() {
    for_all(|situation| {
        let stage = Stage::build(situation);
        let before = stage.artifacts();
        let mut problems = Vec::new();
        let mut outcome = Outcome::new();
        let mut runs = Vec::new();
        for (number, step) in (1..).zip(&situation.case.steps) {
            let run = stage.step(step);
            if run.code != Some(step.exit) {
                let command = step.run.join(" ");
                problems.push(format!(
                    "step {number}, `{command}`: exit code {:?} instead of {}\n{}",
                    run.code, step.exit, run.stderr
                ));
            }
            let (said, kind) =
                if run.stdout.is_empty() { (&run.stderr, "stderr") } else { (&run.stdout, "json") };
            runs.extend(run.run_id());
            // A report may tell of an earlier run; of two that share a second, one is the beginning of the other.
            runs.sort_by_key(|run: &String| std::cmp::Reverse(run.len()));
            let said = runs.iter().fold(stage.scrub(said, None), |said, run| without_run(&said, run));
            outcome.insert(format!("{number}-{}.{kind}", step.run[0]), said.into_bytes());
        }
        let mut patch = String::new();
        for (name, content) in stage.artifacts() {
            let old = before.get(&name).cloned().unwrap_or_default();
            let content = scrubbed(content, &runs);
            if old != content {
                patch.push_str(&expected::patch(&name, &text(&old), &text(&content)));
                outcome.insert(format!("plan/{name}"), content);
            }
        }
        if !patch.is_empty() {
            outcome.insert("diff.patch".to_owned(), patch.into_bytes());
        }
        let gone = before.keys().filter(|name| !stage.artifacts().contains_key(*name));
        problems.extend(gone.map(|name| format!("{name} is gone")));
        problems.extend(expected::compare(&situation.name, &outcome));
        problems
    });
}

#[test]
fn reports_are_the_same_from_anywhere_on_any_number_of_threads_and_fit_the_schema() {
    let schema = assert_cmd::Command::new(env!("CARGO_BIN_EXE_taskproof"))
        .args(["generate", "schema"])
        .output()
        .expect("the binary runs");
    let schema = serde_json::from_slice(&schema.stdout).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a valid schema");
    let fits = |run: &Run, what: &str| -> Vec<String> {
        let Some(report) = run.report() else { return Vec::new() };
        validator
            .iter_errors(&report)
            .map(|error| format!("{what} does not fit the schema: {error}"))
            .collect()
    };
    for_all(|situation| {
        let stage = Stage::build(situation);
        let mut problems = Vec::new();
        let mut compare = |stage: &Stage<'_>, when: &str| {
            let first = stage.run(&["attribute"]);
            let others = [
                stage.run(&["attribute"]),
                stage.run(&["attribute", "--threads", "1"]),
                stage.run(&["attribute", "--threads", "8"]),
                stage.run_at_root(&["attribute"]),
            ];
            if others.iter().any(|run| (&run.stdout, run.code) != (&first.stdout, first.code)) {
                problems.push(format!("`attribute` {when} does not always say the same"));
            }
        };
        compare(&stage, "at first");
        let mut misfits = Vec::new();
        for step in &situation.case.steps {
            misfits.extend(fits(&stage.step(step), &step.run.join(" ")));
        }
        compare(&stage, "in the end");
        problems.extend(misfits);
        problems
    });
}

#[test]
fn commands_that_do_not_write_leave_everything_as_it_is() {
    for_all(|situation| {
        let stage = Stage::build(situation);
        let before = files(&stage.root);
        for command in ["attribute", "backfill", "check", "verify-claims", "recover"] {
            stage.run(&[command]);
        }
        let is_same = files(&stage.root) == before;
        if is_same { Vec::new() } else { vec!["a command that only reads wrote something".to_owned()] }
    });
}

#[test]
fn what_is_written_is_what_was_reported_in_the_style_of_the_file() {
    for_all(|situation| {
        let stage = Stage::build(situation);
        let mut problems = Vec::new();
        for step in &situation.case.steps {
            let before = stage.artifacts();
            let run = stage.step(step);
            let after = stage.artifacts();
            if run.report().is_none() && after != before {
                problems.push(format!("`{}` failed and wrote all the same", step.run.join(" ")));
            }
            let Some(report) = run.report().filter(|_| is_write(&step.run)) else { continue };
            for (name, old) in before {
                let (old, new) = (text(&old), text(&after[&name]));
                if name.ends_with(".json") && is_harness_style(&old) && !is_harness_style(&new) {
                    problems.push(format!("{name} is not in the harness's style any more"));
                }
                if old == new {
                    continue;
                }
                problems.extend(edits::check(&name, &old, &new, &report));
                if is_harness_style(&old) && is_python_style(&new) == Some(false) {
                    problems.push(format!("{name}: Python would write it differently"));
                }
            }
        }
        problems
    });
}

#[test]
fn a_second_write_changes_nothing() {
    for_all(|situation| {
        let mut problems = Vec::new();
        let mut writes: Vec<Vec<String>> = vec![vec!["backfill".to_owned(), "--write".to_owned()]];
        writes.extend(situation.case.steps.iter().map(|step| step.run.clone()).filter(|run| is_write(run)));
        writes.dedup();
        for write in writes {
            let stage = Stage::build(situation);
            let arguments: Vec<&str> = write.iter().map(String::as_str).collect();
            let first = stage.run(&arguments);
            let written = stage.artifacts();
            let second = stage.run(&arguments);
            if stage.artifacts() != written || second.run_id().is_some() || second.code != first.code {
                let patch: String = stage
                    .artifacts()
                    .iter()
                    .filter(|(name, content)| written.get(*name) != Some(content))
                    .map(|(name, content)| expected::patch(name, &text(&written[name]), &text(content)))
                    .collect();
                problems.push(format!(
                    "a second `{}` is no longer idle ({:?}, then {:?}):\n{patch}{}",
                    write.join(" "),
                    first.code,
                    second.code,
                    second.stderr
                ));
            }
        }
        problems
    });
}

#[test]
fn undo_puts_every_byte_back_and_writing_again_gives_the_same() {
    for_all(|situation| {
        let stage = Stage::build(situation);
        let before = stage.artifacts();
        let replay = || -> Vec<String> {
            situation.case.steps.iter().filter_map(|step| stage.step(step).run_id()).collect()
        };
        let artifacts = |runs: &[String]| -> BTreeMap<String, Vec<u8>> {
            let found = stage.artifacts().into_iter();
            found.map(|(name, content)| (name, scrubbed(content, runs))).collect()
        };
        let runs = replay();
        let after = artifacts(&runs);
        let mut problems = Vec::new();
        for _ in &runs {
            let undo = stage.run(&["undo"]);
            if undo.code != Some(0) {
                problems.push(format!("`undo`: {}", undo.stderr));
            }
        }
        if stage.artifacts() != before {
            problems.push("`undo` does not restore what was there".to_owned());
        }
        let again = replay();
        if again.len() != runs.len() || artifacts(&again) != after {
            problems.push("written again after `undo`, the artifacts differ".to_owned());
        }
        problems
    });
}
