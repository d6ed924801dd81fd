//! Every option parses everywhere from the first release on, and means something or says why not.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::project::{PLAN, Stage, assert_visible};

/// Every option of every analysing command, with a value.
const OPTIONS: &[&[&str]] = &[
    &["--plan", "."],
    &["--repo", "."],
    &["--base", "HEAD~1"],
    &["--head", "HEAD"],
    &["--worktree", "auto"],
    &["--worktree", "include"],
    &["--worktree", "exclude"],
    &["--format", "human"],
    &["--format", "json"],
    &["--format", "jsonl"],
    &["--format", "sarif"],
    &["--format", "github"],
    &["--format", "gitlab"],
    &["--format", "junit"],
    &["--format", "markdown"],
    &["--format", "html"],
    &["--output", "json=OUT", "--output", "human=OUT2"],
    &["--min-confidence", "0.9"],
    &["--threads", "2"],
    &["--threads", "1000000"],
    &["--no-cache"],
    &["--cache-dir", "cache"],
    &["--verify-objects"],
    &["--assume-stopped"],
    &["--config", "taskproof.toml"],
    &["--no-config"],
    &["--color", "auto"],
    &["--color", "always"],
    &["--color", "never"],
    &["--no-progress"],
    &["-q"],
    &["--quiet"],
    &["-v"],
    &["-vv"],
    &["--verbose"],
    &["--exit-zero"],
];

/// Every analysing command, and the code it ends with on a plan whose only gap can be filled.
const COMMANDS: &[(&[&str], i32)] = &[
    (&["attribute"], 10),
    (&["backfill"], 10),
    (&["verify-claims"], 10),
    (&["recover"], 10),
    (&["check"], 10),
    (&["scan"], 10),
    (&["evaluate"], 0),
    (&["explain", "T2"], 0),
];

/// Formats that are made of findings, which an evaluation has not.
const OF_FINDINGS: [&str; 4] = ["sarif", "github", "gitlab", "junit"];

#[test]
fn every_option_works_with_every_command() {
    let stage = Stage::with_git();
    fs::write(stage.path("taskproof.toml"), "min-confidence = 0.9\n").unwrap();
    for option in OPTIONS {
        for (command, code) in COMMANDS {
            let run = stage.run_in(&stage.plan, [*command, option].concat());
            let is_refused = command[0] == "evaluate" && OF_FINDINGS.contains(option.last().unwrap());
            let expected = match (is_refused, option.contains(&"--exit-zero")) {
                (true, _) => 2,
                (false, true) => 0,
                (false, false) => *code,
            };
            assert_eq!(run.code, expected, "{command:?} {option:?}: {run:#?}");
            let is_verbose = option[0].starts_with("-v") && command[0] != "evaluate";
            assert_eq!(
                run.err.is_empty(),
                !(is_refused || is_verbose || option[0] == "--verbose" && command[0] != "evaluate"),
                "{command:?} {run:#?}"
            );
        }
    }
}

/// What each option changes, and not only that it is taken.
#[test]
fn every_option_means_the_same_in_every_command() {
    let stage = Stage::with_git();
    stage.git.write("src/c.py", "c = 1\n");
    for (command, code) in COMMANDS {
        let run = |more: &[&str]| stage.run([*command, more].concat());
        let has_history = command[0] != "evaluate";
        let json = |more: &[&str]| stage.run([*command, &["--format", "json"], more].concat()).json();

        // The plan and the repository.
        assert_eq!(run(&["--plan", PLAN]).code, *code, "{command:?}");
        run(&["--plan", "nowhere"]).fails(3, &["nowhere"]);
        run(&["--repo", "nowhere"]).fails(2, &["--repo", "is not a directory"]);

        // The range and the work tree.
        if has_history {
            let history = json(&["--base", "HEAD~1", "--head", "HEAD"])["history"].clone();
            assert_eq!(
                (&history["commits"], &history["base_source"]),
                (&1.into(), &"flag".into()),
                "{command:?}"
            );
            assert_eq!(json(&["--head", "HEAD~1"])["history"]["commits"], 1, "{command:?}");
            assert_eq!(json(&["--worktree", "include"])["history"]["worktree"], true, "{command:?}");
            assert_eq!(json(&["--worktree", "exclude"])["history"]["worktree"], false, "{command:?}");
        }
        for flag in ["--base", "--head"] {
            let nowhere = run(&[flag, "nope"]);
            assert!(
                nowhere.code == 2 || command[0] == "scan" && nowhere.code == 1,
                "{command:?}: {nowhere:#?}"
            );
            let said = format!("{}{}", nowhere.out, nowhere.err);
            let words: Vec<&str> = said.split_whitespace().collect();
            assert!(words.join(" ").contains("names no commit"), "{command:?}: {nowhere:#?}");
        }

        // Files, beside what goes to standard output and byte for byte the same.
        for format in ["json", "jsonl", "html", "markdown"] {
            // Not in the project, where it would be a change that is not committed.
            let file = stage.home.join("out");
            let plain = run(&[]);
            assert_eq!(
                run(&["--output", &format!("{format}={}", file.display())]),
                plain,
                "{command:?} {format}"
            );
            let written = fs::read_to_string(&file).unwrap();
            assert_eq!(written, run(&["--format", format]).out, "{command:?} {format}");
            fs::remove_file(file).unwrap();
        }

        // Colour, threads, cache, configuration.
        assert!(run(&["--color", "always"]).out.contains('\u{1b}'), "{command:?}");
        assert_visible(&run(&["--color", "never"]).out);
        let cache = stage.home.join("kept");
        let kept = cache.display().to_string();
        let one = run(&["--format", "json", "--threads", "1", "--no-cache"]);
        assert_eq!(one, run(&["--format", "json", "--threads", "3", "--cache-dir", &kept]), "{command:?}");
        assert!(cache.read_dir().unwrap().next().is_some(), "{command:?} kept nothing");
        fs::remove_dir_all(cache).unwrap();
        let config = stage.project.join("taskproof.toml");
        fs::write(&config, "min-confidence = 2\n").unwrap();
        // What the branch adds to its configuration counts for nothing in its gate.
        if command[0] != "check" {
            run(&[]).fails(2, &["from 0 to 1"]);
            run(&["--config", "taskproof.toml"]).fails(2, &["from 0 to 1"]);
        }
        assert_eq!(run(&["--no-config"]).code, *code, "{command:?}");
        fs::remove_file(config).unwrap();
        assert_eq!(run(&["--exit-zero"]).code, 0, "{command:?}");
    }
}

#[test]
fn the_threshold_is_heeded_by_every_command() {
    let stage = Stage::with_git();
    for (command, _) in COMMANDS {
        let json = |least: &str| {
            let run = stage.run([*command, &["--format", "json", "--min-confidence", least]].concat());
            (run.code, run.json())
        };
        let ((low, before), (high, after)) = (json("0.9"), json("1"));
        assert_ne!(before, after, "{command:?}");
        if !["evaluate", "explain"].contains(&command[0]) {
            assert_eq!((low, high), (10, 11), "{command:?}");
        }
    }
}

#[test]
fn bad_values_are_usage_errors() {
    let stage = Stage::new();
    let cases: &[(&[&str], &[&str])] = &[
        (&["--min-confidence", "2"], &["from 0 to 1", "2"]),
        (&["--min-confidence=-0.1"], &["from 0 to 1"]),
        (&["--min-confidence", "NaN"], &["from 0 to 1"]),
        (&["--min-confidence", "high"], &["--min-confidence"]),
        (&["--threads", "0"], &["--threads", "from 1 upwards"]),
        (&["--threads", "-1"], &["-1"]),
        (&["--threads", "many"], &["--threads"]),
        (&["--worktree", "maybe"], &["--worktree", "include"]),
        (&["--format", "yaml"], &["--format", "jsonl"]),
        (&["--color", "blue"], &["--color"]),
        (&["--output", "json"], &["FORMAT=PATH"]),
        (&["--output", "json="], &["FORMAT=PATH"]),
        (&["--output", "yaml=x"], &["FORMAT=PATH", "jsonl"]),
        (&["--output", "htlm=x"], &["FORMAT=PATH", "did you mean `html`?"]),
        (&["--format", "htlm"], &["similar", "html"]),
        (&["--min-confidense", "1"], &["similar", "--min-confidence"]),
        (&["--config", "nope.toml"], &["nope.toml"]),
        (&["--config", "x", "--no-config"], &["--no-config"]),
        (&["--quiet", "--verbose"], &["--verbose"]),
        (&["--nope"], &["--nope"]),
        (&["--plan"], &["--plan"]),
    ];
    for (arguments, words) in cases {
        for command in ["attribute", "check", "backfill"] {
            stage.run([&[command][..], arguments].concat()).fails(2, words);
        }
    }
    stage.run(["attribute", "surplus"]).fails(2, &["surplus"]);
    stage.run(["atribute"]).fails(2, &["attribute"]);
    assert_eq!(stage.run([] as [&str; 0]).code, 2);
    stage.run(["--version"]).ends(0);
    stage.run(["backfill", "--help"]).ends(0);
}

#[test]
fn reports_also_go_to_files() {
    let stage = Stage::new();
    let run = stage.run(["attribute", "--output", "json=a.json", "--output", "jsonl=b.jsonl"]).ends(10);
    assert!(run.out.contains("is blocked"));
    let json = fs::read_to_string(stage.project.join("a.json")).unwrap();
    assert_eq!(json, stage.run(["attribute", "--format", "json"]).out);
    let lines = fs::read_to_string(stage.project.join("b.jsonl")).unwrap();
    assert_eq!(lines, stage.run(["attribute", "--format", "jsonl"]).out);
    stage.run(["attribute", "--output", "html=d.html"]).ends(10);
    let page = fs::read_to_string(stage.project.join("d.html")).unwrap();
    assert_eq!(page, stage.run(["attribute", "--format", "html"]).out);
    // Colour is for terminals.
    stage.run(["attribute", "--color", "always", "--output", "human=c.txt"]);
    assert_visible(&fs::read_to_string(stage.project.join("c.txt")).unwrap());
}

#[test]
fn a_file_that_cannot_be_written_takes_nothing_from_standard_output() {
    let stage = Stage::new();
    let run = stage.run(["backfill", "--write", "--format", "json", "--output", "json=no/such/dir.json"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("cannot write `no/such/dir.json`"), "{}", run.err);
    assert!(run.json()["run_id"].is_string());
}

#[test]
fn quiet_and_verbose_are_about_standard_error() {
    let stage = Stage::with_git();
    let plain = stage.run(["attribute"]).ends(10);
    assert_eq!(stage.run(["attribute", "-q"]).ends(10).out, plain.out);
    let verbose = stage.run(["attribute", "-v"]);
    assert_eq!((verbose.code, &verbose.out), (10, &plain.out));
    for word in ["reading the plan in", "finalize.json", "2 commits up to"] {
        assert!(verbose.err.contains(word), "{}", verbose.err);
    }
    let error = stage.run(["attribute", "-q", "--plan", "nope"]);
    error.fails(3, &["no plan found"]);
}

#[test]
fn a_configuration_file_is_read_and_flags_win() {
    let stage = Stage::new();
    let file = stage.project.join("t.toml");
    let run = |arguments: &[&str]| {
        stage.run([&["attribute", "--format", "json", "--config", "t.toml"][..], arguments].concat())
    };
    fs::write(&file, "min-confidence = 1.0\nmax-candidates = 1\n").unwrap();
    assert_eq!(run(&[]).ends(11).json()["tasks"][1]["decision"], "ambiguous");
    assert_eq!(run(&["--min-confidence", "0.9"]).ends(10).json()["tasks"][1]["decision"], "backfill");
    for (text, words) in [
        ("min-confidence = 0.9\nmin_confidence = 1\n", &["t.toml", "min_confidence", "line 2"][..]),
        ("min-confidence = \"high\"\n", &["t.toml", "line 1"]),
        ("\n\nmin-confidence 1\n", &["t.toml", "line 3"]),
        ("min-confidence = 3\n", &["from 0 to 1", "3"]),
    ] {
        fs::write(&file, text).unwrap();
        run(&[]).fails(2, words);
    }
    fs::write(&file, b"\xff").unwrap();
    run(&[]).fails(2, &["t.toml", "UTF-8"]);
}

#[test]
fn revisions_of_flags_must_exist() {
    let stage = Stage::with_git();
    for flag in ["--base", "--head"] {
        for revision in ["nope", "HEAD~99", "", "HEAD^{tree}", "-x"] {
            let argument = format!("{flag}={revision}");
            stage.run(["attribute", &argument]).fails(2, &[flag, "names no commit"]);
        }
    }
    let run = stage.run(["attribute", "--format", "json", "--base", "HEAD", "--head", "HEAD"]);
    let history = &run.json()["history"];
    assert_eq!((history["commits"].as_i64(), history["base_source"].as_str()), (Some(0), Some("flag")));
}

#[test]
fn a_bare_repository_has_no_uncommitted_changes() {
    let stage = Stage::with_git();
    let bare = stage.git.scratch.path().join("bare.git");
    stage.git.run(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let repo = format!("--repo={}", bare.display());
    let run = stage.run(["attribute", "--format", "json", &repo]).ends(10);
    assert_eq!(run.json()["history"]["worktree"], false);
    stage.run(["attribute", &repo, "--worktree", "include"]).fails(2, &["bare", "drop `--worktree include`"]);
}

#[test]
fn without_a_repository_attribution_goes_on() {
    let stage = Stage::with_git();
    let empty = stage.git.scratch.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let run = stage.run(["attribute", "--format", "json", &format!("--repo={}", empty.display())]).ends(10);
    let history = &run.json()["history"];
    assert!(history["reason"].as_str().is_some_and(|why| why.contains("no git repository")), "{history}");
    assert_eq!(history["head"], Value::Null);
    run.finding("TP201");
    // A slip of the finger must not turn the check against git off.
    for slip in ["nowhere/at/all", "state.json"] {
        stage.run(["attribute", "--repo", slip]).fails(2, &["--repo", slip, "is not a directory"]);
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let stage = Stage::new();
    let mut command = stage.command(&stage.project);
    command.args(["attribute", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Much more than a pipe holds.
    stage.edit("finalize.json", |finalize| {
        let tasks = finalize["tasks"].as_array_mut().unwrap();
        let more =
            (10..2000).map(|number| crate::support::project::task(&format!("T{number}"), &["a"], &["b"]));
        tasks.extend(more);
    });
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((line.as_str(), output.status.code()), ("{\n", Some(10)));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_full_disk_is_a_failure() {
    let stage = Stage::new();
    let mut command = stage.command(&stage.project);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.arg("attribute").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not write the report"));
}

#[test]
fn shells_and_man_know_every_command() {
    let stage = Stage::new();
    let commands =
        ["attribute", "backfill", "verify-claims", "recover", "check", "scan", "evaluate", "explain"];
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stage.run(["generate", "completions", shell]).ends(0).out;
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let page = stage.run(["generate", "man"]).ends(0).out;
    assert!(commands.iter().all(|command| page.contains(&command.replace('-', "\\-"))), "{page}");
    let page = stage.run(["generate", "man", "backfill"]).ends(0).out;
    assert!(page.contains(".TH taskproof-backfill") && page.contains("\\-\\-answers"), "{page}");
    stage.run(["generate", "man", "backfil"]).fails(2, &["`backfil`", "did you mean `backfill`?"]);
    stage.run(["generate", "man", "nope"]).fails(2, &["`nope`", "there are: ", "recover"]);
}

#[test]
fn init_writes_what_is_not_there_and_works() {
    let stage = Stage::with_git();
    let run = stage.run(["init", "--ci", "github"]).ends(0);
    assert!(
        run.out.contains("taskproof.toml") && run.out.contains(".github/workflows/taskproof.yml"),
        "{run:#?}"
    );
    stage.run(["attribute"]).ends(10);
    let config = stage.project.join("taskproof.toml");
    fs::write(&config, "min-confidence = 2\n").expect("written");
    stage.run(["attribute"]).fails(2, &["0 to 1"]);
    stage.run(["init"]).fails(4, &["`taskproof.toml`", "there already"]);
    stage.run(["init", "--ci", "gitlab"]).fails(4, &["`taskproof.toml`"]);
    assert!(!stage.project.join(".gitlab").exists());
    fs::write(&config, "# ours\nmin-confidense = 1\n").expect("written");
    stage
        .run(["attribute"])
        .fails(2, &["taskproof.toml", "min-confidense", "expected one of `min-confidence`", "line 2"]);
    stage.run(["attribute", "--no-config"]).ends(10);
}

#[test]
fn limits_are_configured_and_name_themselves_when_they_are_reached() {
    let stage = Stage::with_git();
    let with = |limits: &str, arguments: &[&str]| {
        fs::write(stage.project.join("taskproof.toml"), format!("[limits]\n{limits}\n"))
            .expect("a configuration");
        stage.run(arguments.iter().copied())
    };
    let report = ["attribute", "--format", "json"];
    with("artifact-bytes = 50", &report).fails(1, &["finalize.json", "limit of 50", "`[limits]`"]);
    with("plan-bytes = 900", &report).fails(1, &["execution_batch_", "`[limits]`"]);
    with("json-values = 20", &report)
        .fails(1, &["finalize.json", "limits allow", "`[limits]`", "more values"]);
    with("json-depth = 2", &report)
        .fails(1, &["finalize.json", "limits allow", "nested deeper than 2 levels"]);
    // Whatever nothing is decided by alone is left out, and said.
    stage.write("execution_trace.jsonl", "{\"command\": \"pytest b\"}\n");
    let run = with("transcript-bytes = 10", &report).ends(10);
    assert!(run.finding("TP104")["message"].to_string().contains("limit of 10"), "{run:#?}");
    let run = with("compared-bytes = 3", &report).ends(10);
    let finding = run.finding("TP203")["message"].to_string();
    assert!(finding.contains("`src/a.py` and 2 more") && finding.contains("3 bytes"), "{finding}");
    let run = with("history-bytes = 1000", &report).ends(10);
    assert!(run.finding("TP201")["message"].to_string().contains("(1000 bytes, `history-bytes`"), "{run:#?}");
    with("history-bytes = 1000", &["backfill", "--write"]).fails(4, &["nothing is written unverified"]);
    stage.write_json(
        "review.json",
        &json!({ "issues": [format!("`src/b.py` lacks `b`. {}", "x".repeat(100))] }),
    );
    let run = with("claim-bytes = 50", &["verify-claims", "--format", "json"]);
    assert!(run.out.contains("longer than 50 bytes"), "{run:#?}");
    // What is no limit is a mistake in the configuration.
    with("json-depth = 5000", &report).fails(2, &["taskproof.toml", "`limits.json-depth` is at most 1000"]);
    with("claim-bytes = 0", &report).fails(2, &["`limits.claim-bytes` is a number from 1 upwards"]);
    with("claim-byte = 1", &report).fails(2, &["unknown field `claim-byte`", "line 2"]);
}

#[test]
fn the_deepest_nesting_that_can_be_asked_for_is_read_and_written() {
    let stage = Stage::with_git();
    let (open, close) = ("[".repeat(995), "]".repeat(995));
    stage.edit("execution_batch_2.json", |batch| batch["x"] = json!(0));
    let text = String::from_utf8(stage.read("execution_batch_2.json")).expect("text");
    stage.write("execution_batch_2.json", text.replace("\"x\": 0", &format!("\"x\": {open}{close}")));
    // Outside the repository, where no branch can have changed it.
    let named = stage.home.join("deep.toml");
    fs::write(&named, "[limits]\njson-depth = 1000\n").expect("a configuration");
    let named = named.to_str().expect("UTF-8");
    for command in [&["check"][..], &["recover"], &["verify-claims"], &["backfill", "--write"], &["undo"]] {
        let more: &[&str] = if command == ["undo"] { &[] } else { &["--config", named] };
        let run = stage.run([command, more].concat());
        assert!([0, 10, 11, 12].contains(&run.code), "{command:?}: {run:#?}");
    }
}
