use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;
use taskproof::report::Format;
use taskproof::report::schema::report_schema;

use crate::support::project::assert_visible;
use crate::support::stage::{Stage, situations};

/// More than GitHub takes in a comment.
const LONGEST_COMMENT: usize = 65_536;

#[test]
fn every_format_of_every_situation_is_what_its_readers_expect() {
    let mut read = BTreeSet::new();
    for situation in situations() {
        let stage = Stage::build(&situation);
        for command in ["check", "recover"] {
            for (format, text) in reports(&stage, command) {
                let name = format!("{} {command} {}", situation.name, format.as_str());
                nothing_is_hidden(&text, format, &name);
                reader(format)(&text, &name);
                read.insert(format);
            }
        }
    }
    assert_eq!(read.len(), Format::ALL.len());
}

/// Every format of a command, written in one run; none where the command refuses the plan.
fn reports(stage: &Stage, command: &str) -> Vec<(Format, String)> {
    let file = |format: Format| stage.root.join(format!("report.{}", format.as_str()));
    let output = |&format: &Format| format!("--output={}={}", format.as_str(), file(format).display());
    let outputs: Vec<String> = Format::ALL.iter().map(output).collect();
    let mut arguments = vec![command];
    arguments.extend(outputs.iter().map(String::as_str));
    stage.run(&arguments);
    let read = |&format: &Format| Some((format, std::fs::read_to_string(file(format)).ok()?));
    Format::ALL.iter().filter_map(read).collect()
}

/// No control sequence, nothing that turns text around, no workflow command, no markup that is not ours.
fn nothing_is_hidden(text: &str, format: Format, name: &str) {
    assert_visible(text);
    let turns =
        |c: char| "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(c);
    assert!(!text.contains(turns), "{name}");
    let commands = text.lines().filter(|line| line.trim_start().starts_with("::")).count();
    let ours = if format == Format::Github { text.lines().count() } else { 0 };
    assert_eq!(commands, ours, "{name}: {text}");
    if format == Format::Html {
        assert_eq!(text.matches("<script").count(), text.matches("</script>").count(), "{name}");
        assert_eq!(text.matches("<script>").count(), 1, "{name}: one script, which is ours");
    }
}

type Reader = fn(&str, &str);

fn reader(format: Format) -> Reader {
    match format {
        Format::Human => |text, name| assert!(text.starts_with("Plan `"), "{name}: {text}"),
        Format::Json => json,
        Format::Jsonl => jsonl,
        Format::Sarif => sarif,
        Format::Github => github,
        Format::Gitlab => gitlab,
        Format::Junit => junit,
        Format::Markdown => |text, name| assert!(text.chars().count() < LONGEST_COMMENT, "{name}"),
        Format::Html => |text, name| assert!(text.ends_with("</html>\n"), "{name}"),
    }
}

fn fits(validator: &Validator, document: &Value, name: &str) {
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{name}");
}

static REPORT: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&report_schema()).expect("a schema"));

fn json(text: &str, name: &str) {
    fits(&REPORT, &serde_json::from_str(text).expect(name), name);
}

/// The lines are the document, taken apart.
fn jsonl(text: &str, name: &str) {
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect(name));
    let mut whole = lines.next().expect(name);
    let [mut tasks, mut claims, mut findings] = [const { Vec::new() }; 3];
    for mut line in lines {
        let kind = line.as_object_mut().and_then(|members| members.shift_remove("type")).expect(name);
        let list = match kind.as_str().expect(name) {
            "task" => &mut tasks,
            "claim" => &mut claims,
            "finding" => &mut findings,
            other => panic!("{name}: {other}"),
        };
        list.push(line);
    }
    for (key, list) in [("tasks", tasks), ("claims", claims), ("findings", findings)] {
        whole[key] = list.into();
    }
    let members = whole.as_object_mut().expect(name);
    assert_eq!(members.shift_remove("type").expect(name), "report");
    fits(&REPORT, &whole, name);
}

/// The schema of OASIS, as a dependency of these tests carries it.
static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let compiler = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let compiler = String::from_utf8(compiler.stdout).expect("text");
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    // What other platforms need was never fetched on a machine that only built this.
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("a dependency");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let schema = manifest.with_file_name("src").join("schema.json");
    let schema = std::fs::read_to_string(schema).expect("the schema");
    // A bracket that closes nothing stands for itself in some dialects of patterns, and is an error in others.
    let schema = schema.replace("{2}]?$", r"{2}\\]?$");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert!(schema["title"].as_str().is_some_and(|title| title.contains("2.1.0")), "{}", schema["title"]);
    jsonschema::validator_for(&schema).expect("a schema")
});

fn sarif(text: &str, name: &str) {
    fits(&SARIF, &serde_json::from_str(text).expect(name), name);
    let log: serde_sarif::sarif::Sarif =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    let rules = log.runs[0].tool.driver.rules.as_ref().expect("rules");
    for result in log.runs[0].results.iter().flatten() {
        let index = result.rule_index.and_then(|index| usize::try_from(index).ok()).expect("an index");
        assert_eq!(Some(&rules[index].id), result.rule_id.as_ref(), "{name}");
        assert!(rules[index].help.is_some() && rules[index].full_description.is_some(), "{name}: no help");
        assert!(result.partial_fingerprints.is_some(), "{name}");
    }
}

/// Workflow commands as the runner reads them: properties end at a comma, the message at the end of the line.
fn github(text: &str, name: &str) {
    for level in ["error", "warning", "notice"] {
        let count = text.lines().filter(|line| line.starts_with(&format!("::{level}"))).count();
        assert!(count <= 10, "{name}");
    }
    for line in text.lines() {
        let (head, message) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect(name);
        let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
        assert!(["error", "warning", "notice"].contains(&level) && !message.is_empty(), "{name}: {line}");
        for property in properties.split(',').filter(|property| !property.is_empty()) {
            let (key, _) = property.split_once('=').expect(name);
            assert!(["title", "file", "line"].contains(&key), "{name}: {line}");
        }
    }
}

/// What GitLab asks of every entry of a code quality report.
fn gitlab(text: &str, name: &str) {
    let entries: Vec<Value> = serde_json::from_str(text).expect(name);
    let mut prints = BTreeSet::new();
    for entry in &entries {
        let word = |key: &str| entry[key].as_str().filter(|word| !word.is_empty()).expect(key).to_owned();
        assert!(prints.insert(word("fingerprint")), "{name}: {} is there twice", word("fingerprint"));
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&word("severity").as_str()),
            "{name}"
        );
        assert!(!word("description").is_empty() && word("check_name").starts_with("TP"), "{name}");
        let place = &entry["location"];
        let path = place["path"].as_str().expect("a path");
        assert!(!path.starts_with('/') && !path.contains(".."), "{name}: {path}");
        assert!(place["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{name}: {entry}");
    }
}

fn junit(text: &str, name: &str) {
    let report = quick_junit::Report::deserialize_from_str(text)
        .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    assert_eq!(report.test_suites.len(), 1, "{name}");
    let cases = &report.test_suites[0].test_cases;
    assert_eq!(cases[0].name.as_str(), "plan", "{name}");
    assert!(cases.len() > 1, "{name}");
}
