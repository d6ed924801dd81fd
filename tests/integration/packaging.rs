//! The action and the names of archives: what a forge runs, as far as that can be run here.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::stage::{Stage, situation};

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

/// The script of the action's only step.
fn script() -> String {
    let action = file("action.yml");
    let (_, script) = action.split_once("      run: |\n").expect("a script");
    script.lines().map(|line| line.strip_prefix("        ").unwrap_or(line).to_owned() + "\n").collect()
}

#[test]
fn the_action_checks_a_plan_and_tells_its_code() {
    for (name, code) in [("t9-stale-finalize", 10), ("two-hollow-in-one-batch", 11)] {
        let case = situation(name);
        let stage = Stage::build(&case);
        let [output, sarif] = ["output", "log.sarif"].map(|name| stage.root.join(name));
        let run = |arguments: &str| {
            let done = Command::new("bash")
                .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script()])
                .current_dir(&stage.root)
                .env_remove("GITHUB_EVENT_PATH")
                .env_remove("GITHUB_STEP_SUMMARY")
                .env("TASKPROOF", env!("CARGO_BIN_EXE_taskproof"))
                .env("PLAN", case.plan_directory(&stage.root))
                .env("SARIF", &sarif)
                .env("ARGUMENTS", arguments)
                .env("GITHUB_OUTPUT", &output)
                .output()
                .expect("bash");
            (done.status.code(), done.stdout, String::from_utf8_lossy(&done.stderr).into_owned())
        };
        let (ended, annotations, said) = run("--no-cache");
        assert_eq!(ended, Some(code), "{name}: {said}");
        assert!(annotations.starts_with(b"::"), "annotations go to standard output");
        assert!(fs::read_to_string(&sarif).expect("a log").contains("\"2.1.0\""));
        assert_eq!(fs::read_to_string(&output).expect("an output"), format!("exit-code={code}\n"));

        // A line is an argument, whatever is in it.
        let (ended, _, said) = run("--no-cache\n\n--threads\n$(touch owned) `touch owned`\n");
        assert_eq!(ended, Some(2), "that is no number: {said}");
        assert!(said.contains("$(touch owned) `touch owned`"), "{said}");
        assert!(!stage.root.join("owned").exists());
        assert!(fs::read_to_string(&output).expect("an output").ends_with("\nexit-code=2\n"));
    }
}

#[test]
fn archives_have_the_names_that_are_asked_for() {
    let manifest: toml::Table = file("Cargo.toml").parse().expect("TOML");
    let ask = &manifest["package"]["metadata"]["binstall"];
    let text = |key: &str| ask[key].as_str().expect(key).to_owned();
    assert_eq!(
        text("pkg-url"),
        "{ repo }/releases/download/v{ version }/taskproof-{ target }{ archive-suffix }"
    );
    assert_eq!(text("bin-dir"), "taskproof-{ target }/{ bin }{ binary-ext }");
    let workflow = file(".github/workflows/release.yml");
    for line in [
        "tags: [\"v*\"]",
        "name=\"taskproof-$TARGET\"",
        "tar czf \"$name.tgz\" \"$name\"",
        "7z a \"$name.zip\" \"$name\"",
        "release/taskproof.exe\" \"$name/\"",
        "release/taskproof\" \"$name/\"",
    ] {
        assert!(workflow.contains(line), "{line}");
    }
    assert_eq!(text("pkg-fmt"), "tgz");
    let windows = &ask["overrides"]["x86_64-pc-windows-msvc"]["pkg-fmt"];
    assert!(windows.as_str() == Some("zip") && workflow.contains("target: x86_64-pc-windows-msvc"));
}
