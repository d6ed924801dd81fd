//! Plans that are large, or made to deceive: they cost little time, and nothing of them reaches the
//! terminal as it is.

use serde_json::{Value, json};

use crate::support::project::{Stage, assert_visible, batch, task};

const REPORT: [&str; 3] = ["attribute", "--format", "json"];
fn strings(count: usize, text: impl Fn(usize) -> String) -> Value {
    (0..count).map(text).collect()
}

#[test]
fn twenty_thousand_tasks_are_no_problem() {
    let stage = Stage::new();
    let tasks = (0..20_000).map(|number| {
        let mut task = task(&format!("T{number}"), &["src/a.py"], &["pytest a"]);
        if number > 0 {
            task["depends_on"] = json!([format!("T{}", number - 1)]);
        }
        task
    });
    stage.write_json("finalize.json", &json!({ "tasks": tasks.collect::<Value>() }));
    let run = stage.run(REPORT).ends(0);
    assert_eq!(run.json()["tasks"][19_999]["batch"], 20_000);
    stage.run(["check"]).ends(0);
}

fn hollow(count: usize) {
    let stage = Stage::with_git();
    let tasks = (0..count).map(|number| task(&format!("T{number}"), &[], &[]));
    stage.write_json("finalize.json", &json!({ "tasks": tasks.collect::<Value>() }));
    let run = stage.run(REPORT).ends(11);
    assert_eq!(run.json()["tasks"].as_array().expect("a list").len(), count);
}

#[test]
fn a_thousand_hollow_tasks_are_no_problem() {
    hollow(1_000);
}

#[test]
fn many_thousand_hollow_tasks_are_no_problem() {
    hollow(4_000);
}

fn long_lists(length: usize) {
    let stage = Stage::new();
    let commands = strings(length, |number| format!("pytest tests/test_{number}.py --token=abc{number}"));
    stage.edit("execution_batch_2.json", |batch| batch["task_updates"][0]["commands_run"] = commands.clone());
    stage.run(["attribute"]).ends(10);
    stage.run(["backfill", "--write"]).ends(0);
    assert_eq!(stage.filled("commands_run"), commands);
}

#[test]
fn long_lists_are_no_problem() {
    long_lists(2_000);
}

#[test]
fn very_long_lists_are_no_problem() {
    long_lists(20_000);
}

#[test]
fn long_texts_are_no_problem() {
    let stage = Stage::new();
    let long = "x/".repeat(1 << 22);
    stage.edit("finalize.json", |finalize| finalize["tasks"][1]["description"] = json!(long));
    stage.edit("execution_batch_2.json", |batch| {
        batch["task_updates"][0]["executor_notes"] = json!(long);
        batch["deviations"] = json!([long]);
    });
    stage.run(REPORT);
    stage.run(["attribute"]);
}

fn long_path(steps: usize) {
    let stage = Stage::new();
    let path = "x/".repeat(steps);
    stage.edit("execution_batch_2.json", |batch| batch["task_updates"][0]["files_changed"] = json!([path]));
    stage.run(REPORT);
}

#[test]
fn long_paths_are_no_problem() {
    long_path(1_000);
}

#[test]
fn very_long_paths_are_no_problem() {
    long_path(1 << 20);
}

#[test]
fn long_keys_and_long_lists_do_not_multiply() {
    let stage = Stage::new();
    let (key, list) = ("k".repeat(4 << 20), vec!["7"; 1 << 18].join(","));
    let text = format!("{{\"task_updates\": {{\"{key}\": {{\"files_changed\": [{list}]}}}}}}");
    stage.write("execution_batch_3.json", text);
    stage.run(REPORT).ends(10);
}

/// Text that moves cursors, colours, hides, opens links, ends lines and speaks to build servers.
const EVIL: &str = "\u{1b}[2J\u{1b}]8;;http://x\u{7}T\r\n::error::x\u{9b}31m\u{202e}\u{0}\u{7f}\t<b>";

fn deceive(stage: &Stage) {
    stage.edit("finalize.json", |finalize| {
        let mut other = task(&format!("{EVIL}2"), &[], &[]);
        other["status"] = json!(EVIL);
        other["kind"] = json!(EVIL);
        finalize["tasks"][1]["id"] = json!(EVIL);
        finalize["tasks"][1]["description"] = json!(EVIL);
        finalize["tasks"][1]["depends_on"] = json!([EVIL, "T1"]);
        finalize["tasks"].as_array_mut().expect("a list").push(other);
        finalize["sense_checks"] =
            json!([{ "id": EVIL, "task_id": EVIL, "question": EVIL, "executor_note": "" }]);
    });
    stage.edit("execution_batch_2.json", |rows| {
        *rows = batch(EVIL, &[EVIL, "src/b.py"], &[EVIL, "pytest b"]);
        rows["task_updates"][0]["id"] = json!(format!("{EVIL}!"));
        rows["deviations"] = json!([EVIL]);
        rows["task_updates"]
            .as_array_mut()
            .expect("a list")
            .push(json!({ "task_id": format!("{EVIL}3"), EVIL: 1 }));
        rows["files_changed"] = json!({ EVIL: EVIL });
    });
    stage.edit("state.json", |state| {
        state["name"] = json!(EVIL);
        state["current_state"] = json!(EVIL);
        state["config"] = json!({ "project_dir": EVIL, "mode": EVIL });
        state["meta"] = json!({ "chain_policy": { "milestone_base_sha": EVIL } });
    });
    stage.write_json(
        "phase_result.json",
        &json!({ "deviations": [EVIL, { "message": EVIL, "kind": EVIL, "task_id": EVIL, "blocker_id": EVIL }],
                 "blocked_tasks": [{ "task_id": EVIL, "reason": EVIL }] }),
    );
    stage.write_json("review.json", &json!({ "review_verdict": EVIL, "task_verdicts": { EVIL: 1 } }));
    stage.write("events.ndjson", format!("{}\n", json!({ "kind": EVIL, "ts_utc": EVIL })));
    stage.write("final.md", EVIL);
}

/// What a command says, of which nothing may be obeyed by anything.
fn is_inert(text: &str, about: &str) {
    assert_visible(text);
    assert!(!text.contains(['\u{202e}', '\u{feff}']), "{about}: {text}");
    let is_command = |line: &str| line.trim_start().starts_with("::");
    let is_ours = |line: &str| {
        ["::error", "::warning", "::notice"].iter().filter_map(|level| line.strip_prefix(level)).any(|rest| {
            // A place and a title, or how many more there are.
            rest.starts_with(" file=")
                || rest.starts_with(" title=")
                || rest.strip_prefix("::").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    };
    let is_ours = |line: &str| about.ends_with("github") && is_ours(line);
    assert!(text.lines().all(|line| !is_command(line) || is_ours(line)), "{about}: {text}");
    if about.ends_with("html") {
        assert!(!text.contains("<b>") && !text.contains("<img"), "{about}");
        assert_eq!(text.matches("</script").count(), text.matches("<script").count(), "{about}");
    }
}

#[test]
fn nothing_in_a_plan_or_a_repository_reaches_a_reader_as_it_is() {
    let formats = ["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html"];
    for stage in [Stage::new(), Stage::with_git()] {
        deceive(&stage);
        if stage.project.join(".git").is_dir() {
            stage.git.write("src/b.py", format!("{EVIL}</script><img src=x>\n"));
            stage.git.write("src/</script><img src=x>\u{1b}[2J\n::error::x.py", EVIL);
            // No argument of a command may have a NUL.
            let evil = EVIL.replace('\u{0}', "");
            stage.git.commit(&format!("T1: {evil}\n\n::error::x\n{evil}"));
        }
        let commands: [&[&str]; 8] = [
            &["attribute"],
            &["check"],
            &["backfill"],
            &["recover"],
            &["verify-claims"],
            &["scan"],
            &["explain", "T1"],
            &["evaluate"],
        ];
        for command in commands {
            let offered = |format: &&str| {
                command[0] != "evaluate" || !["sarif", "github", "gitlab", "junit"].contains(format)
            };
            let offered: Vec<&str> = formats.into_iter().filter(offered).collect();
            let files: Vec<String> =
                offered.iter().map(|format| format!("--output={format}=out.{format}")).collect();
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let run = stage.run([command, &["-v"], &files].concat());
            assert!([0, 10, 11, 12].contains(&run.code), "{command:?} {run:#?}");
            is_inert(&run.out, "standard output");
            is_inert(&run.err, "standard error");
            for format in offered {
                let file = stage.project.join(format!("out.{format}"));
                is_inert(
                    &std::fs::read_to_string(&file).expect("a report"),
                    &format!("{command:?} {format}"),
                );
                std::fs::remove_file(file).expect("it was there");
            }
        }
        assert_eq!(stage.run(REPORT).json()["tasks"][1]["id"], EVIL, "the JSON means what the plan says");
        let run = stage.run(["backfill", "--write"]);
        assert_visible(&run.out);
        assert_visible(&run.err);
    }
}

#[test]
fn git_vouches_for_nothing_outside_the_repository() {
    let outside = ["../../etc/passwd", "/etc/passwd", "src/../../../x", ".."];
    let inside = ["src/b.py\n../x", "/", ".git/config", "."];
    for path in outside.into_iter().chain(inside) {
        let stage = Stage::with_git();
        stage.edit("execution_batch_2.json", |rows| *rows = batch("T2", &[path], &["pytest b"]));
        let report = stage.run(REPORT).json();
        for file in report["tasks"][1]["files"].as_array().unwrap() {
            let is_claim = file["path"] == path;
            assert!(!is_claim || file["witnesses"] == json!([]), "{path:?}: {file:#}");
            assert!(outside.contains(&path) || file["decision"] != "backfill", "{path:?}: {file:#}");
        }
    }
}

#[test]
fn names_with_slashes_and_dots_lead_nowhere() {
    let stage = Stage::new();
    for (at, id) in ["../../x", "/etc/passwd", "..", &"T".repeat(100_000)].into_iter().enumerate() {
        stage.edit("finalize.json", |finalize| {
            finalize["tasks"].as_array_mut().unwrap().push(task(id, &[], &[]));
        });
        stage.write_json(&format!("execution_batch_{}.json", at + 3), &batch(id, &["src/c.py"], &["make"]));
    }
    stage.run(["backfill", "--write"]);
    let mut names: Vec<_> =
        std::fs::read_dir(&stage.project).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".megaplan"]);
}

#[test]
fn an_error_about_a_deceptive_plan_is_visible_too() {
    let stage = Stage::new();
    stage.write("execution_batch_2.json", format!("{{\"{EVIL}"));
    stage.run(REPORT).fails(1, &["execution_batch_2.json"]);
    let name = "a\u{1b}[31m\nb";
    stage.run(["attribute", "--plan", name]).fails(3, &["a\\u{1b}[31m\\nb"]);
    stage.run(["attribute", "--config", name]).fails(2, &["a\\u{1b}[31m\\nb"]);
}

/// Makes a pipe that nobody writes to.
#[cfg(unix)]
fn pipe(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
    assert!(made.success());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_artifact() {
    use std::os::unix::fs::symlink;
    type Put = fn(&std::path::Path);
    let puts: [(&str, Put); 4] = [
        ("a pipe", pipe),
        ("a device", |path| symlink("/dev/zero", path).unwrap()),
        ("a directory", |path| std::fs::create_dir(path).unwrap()),
        ("a socket", |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
    ];
    for (what, put) in puts {
        for name in ["finalize.json", "execution_batch_2.json", "phase_result.json"] {
            let stage = Stage::new();
            let _ = std::fs::remove_file(stage.path(name));
            put(&stage.path(name));
            for command in [&["attribute"][..], &["check"], &["recover", "--write"], &["backfill", "--write"]]
            {
                let run = stage.run(command).fails(1, &[name, "not a regular file"]);
                assert!(!stage.plan.join(".taskproof").exists(), "{what}: {run:?}");
            }
            // Nor is such a plan passed over among others.
            let run = stage.run(["scan"]);
            assert!(run.code == 1 && run.out.contains("1 not read"), "{what}: {run:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_lock_and_no_journal() {
    let stage = Stage::new();
    let before = stage.read("finalize.json");
    pipe(&stage.path(".plan.lock"));
    stage.run(["backfill", "--write"]).fails(1, &[".plan.lock", "not a regular file"]);
    std::fs::remove_file(stage.path(".plan.lock")).unwrap();
    std::os::unix::fs::symlink(&stage.home, stage.path(".taskproof")).unwrap();
    stage.run(["backfill", "--write"]).fails(1, &[".taskproof", "not a directory"]);
    assert_eq!(stage.read("finalize.json"), before);
    assert_eq!(std::fs::read_dir(&stage.home).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_of_a_repository_are_not_read() {
    for name in
        [".gitignore", ".gitattributes", ".git/packed-refs", ".git/info/exclude", ".git/info/attributes"]
    {
        let stage = Stage::with_git();
        let path = stage.project.join(name);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        pipe(&path);
        let run = stage.run(REPORT);
        let reason = run.json()["history"]["reason"].to_string();
        assert!(reason.contains("is a device or a pipe"), "{name}: {reason}");
        // What git would say is not known, so nothing is written.
        stage.run(["backfill", "--write"]).fails(4, &["nothing is written unverified"]);
    }
}

#[test]
fn a_work_tree_is_where_its_repository_lies() {
    let stage = Stage::with_git();
    let above = stage.project.parent().unwrap();
    std::fs::create_dir_all(above.join("other/plan")).unwrap();
    std::fs::copy(stage.path("finalize.json"), above.join("other/plan/finalize.json")).unwrap();
    let before = stage.run(["scan"]);
    let config = stage.project.join(".git/config");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}[core]\n\tworktree = {}\n", above.display())).unwrap();
    let after = stage.run(["scan"]);
    assert_eq!((after.code, &after.out), (before.code, &before.out));
}

#[test]
fn json_that_explodes_is_refused() {
    let wide = format!("{{\"x\": [{}0]}}", "0,".repeat(3_000_000));
    for (text, words) in [
        ("[".repeat(100_000), "nested deeper than 200 levels"),
        (wide, "more values than the limit leaves"),
        (format!("{{\"x\": \"{}", "y".repeat(1 << 20)), "line 1"),
    ] {
        let stage = Stage::new();
        stage.write("execution_batch_2.json", text);
        let before = stage.snapshot();
        stage.run(["backfill", "--write"]).fails(1, &["execution_batch_2.json", words]);
        assert_eq!(stage.snapshot(), before);
    }
}

#[test]
fn artifacts_share_a_budget() {
    let stage = Stage::new();
    let half = format!("{{\"x\": [{}0]}}", "0,".repeat(1_600_000));
    stage.write("execution_batch_1.json", &half);
    stage.run(REPORT);
    stage.write("execution_batch_2.json", &half);
    stage.run(REPORT).fails(1, &["execution_batch_2.json", "values"]);
}

/// A repository whose every key and hook names a program that leaves a mark.
#[cfg(unix)]
fn trap(stage: &Stage) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let mark = stage.home.join("a-process-was-started");
    let traps = stage.home.join("traps");
    let git = stage.project.join(".git");
    for folder in [&traps, &git.join("hooks")] {
        std::fs::create_dir_all(folder).expect("a directory");
    }
    let hooks =
        ["pre-commit", "post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"];
    let programs = ["git", "sh", "ssh", "less", "gpg", "run"].map(|name| traps.join(name));
    for path in hooks.map(|name| git.join("hooks").join(name)).iter().chain(&programs) {
        std::fs::write(path, format!("#!/bin/sh\necho $0 >> {}\n", mark.display())).expect("a trap");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a trap");
    }
    let run = traps.join("run").display().to_string();
    let mut config = vec![std::fs::read_to_string(git.join("config")).expect("a configuration")];
    for (section, keys) in [
        ("core", "fsmonitor sshCommand pager editor gitProxy alternateRefsCommand askPass"),
        ("filter \"x\"", "clean smudge process"),
        ("diff", "external"),
        ("diff \"x\"", "textconv command"),
        ("merge \"x\"", "driver"),
        ("credential", "helper"),
        ("gpg", "program"),
        ("uploadpack", "packObjectsHook"),
    ] {
        config.push(format!("[{section}]"));
        config.extend(keys.split(' ').map(|key| format!("\t{key} = {run}")));
    }
    config
        .push(format!("[remote \"origin\"]\n\turl = ext::{run}\n\tpromisor = true\n\tuploadpack = {run}\n"));
    std::fs::write(git.join("config"), config.join("\n")).expect("a configuration");
    std::fs::write(stage.project.join(".gitattributes"), "* filter=x diff=x merge=x\n").expect("attributes");
    std::fs::write(stage.project.join("src/b.py"), "b = 3\n").expect("a change");
    mark
}

#[cfg(unix)]
#[test]
fn no_process_is_started_no_hook_is_run_and_nobody_is_called() {
    let has_strace = std::process::Command::new("strace").arg("-V").output().is_ok();
    let commands: [&[&str]; 6] =
        [&["attribute"], &["check"], &["verify-claims"], &["recover"], &["backfill", "--write"], &["undo"]];
    let stage = Stage::with_git();
    let mark = trap(&stage);
    let log = stage.home.join("strace");
    for arguments in commands {
        let mut command = stage.command(&stage.project);
        command.env("PATH", stage.home.join("traps")).args(arguments);
        if has_strace {
            // Where a process may be traced, the system calls tell as well.
            let mut traced = std::process::Command::new("strace");
            let calls = ["-f", "-qq", "-e", "trace=execve,execveat,socket,connect,bind", "-o"];
            traced.args(calls).arg(&log).arg(command.get_program()).args(arguments);
            traced.current_dir(&stage.project).env("HOME", &stage.home);
            if traced.output().is_ok_and(|output| output.status.code().is_some_and(|code| code != 1)) {
                let calls = std::fs::read_to_string(&log).unwrap();
                let calls: Vec<&str> = calls.lines().filter(|line| !line.contains("+++")).collect();
                assert!(calls.len() == 1 && calls[0].contains("execve"), "{arguments:?}: {calls:#?}");
                continue;
            }
        }
        let output = command.output().unwrap();
        assert!(output.status.code().is_some_and(|code| code != 1), "{arguments:?}: {output:?}");
    }
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap_or_default());
}

#[test]
fn secrets_stay_in_the_artifact_and_in_the_journal() {
    let secret = "q7Zx9Kw2Lm4Np8Rt6Vy3";
    let told = [
        format!("curl --token={secret} x"),
        format!("API_KEY={secret} make"),
        format!("git clone https://me:{secret}@host/x"),
        format!("curl -H 'Authorization: Bearer {secret}' x"),
    ];
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let stage = Stage::new();
    stage.write_json("execution_batch_2.json", &batch("T2", &["src/b.py"], &told));
    let formats = ["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"];
    let shown = |stage: &Stage| {
        for format in formats {
            for command in ["attribute", "check", "backfill", "recover"] {
                let run = stage.run([command, "--format", format, "-v"]);
                assert!(!run.out.contains(secret) && !run.err.contains(secret), "{run:#?}");
            }
        }
        let run = stage.run(["explain", "T2"]);
        assert!(!run.out.contains(secret), "{run:#?}");
    };
    shown(&stage);
    let run = stage.run(["backfill", "--write"]).ends(0);
    assert!(!run.out.contains(secret), "{run:#?}");
    assert_eq!(stage.filled("commands_run"), json!(told));
    shown(&stage);
}

#[test]
fn the_order_in_which_files_were_made_means_nothing() {
    let stage = Stage::with_git();
    let files: Vec<_> = stage.snapshot();
    let reports: Vec<String> = (0..files.len())
        .map(|turn| {
            std::fs::remove_dir_all(&stage.plan).unwrap();
            std::fs::create_dir_all(&stage.plan).unwrap();
            for at in 0..files.len() {
                // Each file is first once, and then last.
                let (path, content) = &files[(at * (turn % 2 * 2 + 1) + turn) % files.len()];
                std::fs::write(path, content).unwrap();
            }
            for (path, content) in &files {
                std::fs::write(path, content).unwrap();
            }
            stage.run(REPORT).out
        })
        .collect();
    assert!(reports.iter().all(|report| *report == reports[0]));
}
