use serde_json::Value;

use crate::support::stage::{Stage, situations};

/// `check` of every situation in a format, before anything is repaired.
fn checks(format: &str) -> Vec<(String, String)> {
    let of = |situation: &taskproof::situation::Situation| {
        let stage = Stage::build(situation);
        (situation.name.clone(), stage.run(&["check", "--format", format]).stdout)
    };
    situations().iter().map(of).filter(|(_, text)| !text.is_empty()).collect()
}

#[test]
fn sarif_is_read_by_the_types_of_its_schema() {
    for (name, text) in checks("sarif") {
        let log: serde_sarif::sarif::Sarif =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let results = log.runs[0].results.iter().flatten();
        let rules = log.runs[0].tool.driver.rules.as_ref().expect("rules");
        for result in results {
            let index = result.rule_index.and_then(|index| usize::try_from(index).ok()).expect("an index");
            assert_eq!(Some(&rules[index].id), result.rule_id.as_ref(), "{name}");
            assert!(result.partial_fingerprints.is_some(), "{name}");
        }
    }
}

#[test]
fn fingerprints_are_unique_in_a_report() {
    for (name, text) in checks("gitlab") {
        let entries: Vec<Value> = serde_json::from_str(&text).expect("a list");
        let mut prints: Vec<_> =
            entries.iter().map(|entry| entry["fingerprint"].as_str().expect("one")).collect();
        let count = prints.len();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), count, "{name}");
        for entry in &entries {
            let path = entry["location"]["path"].as_str().expect("a path");
            assert!(!path.starts_with('/') && !path.contains(".."), "{name}: {path}");
        }
    }
}

#[test]
fn junit_has_a_case_for_the_plan_and_each_task() {
    for (name, text) in checks("junit") {
        let report = quick_junit::Report::deserialize_from_str(&text)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        assert_eq!(report.test_suites.len(), 1, "{name}");
        let cases = &report.test_suites[0].test_cases;
        assert_eq!(cases[0].name.as_str(), "plan", "{name}");
        assert!(cases.len() > 1, "{name}");
    }
}

#[test]
fn annotations_stay_within_the_limits() {
    for (name, text) in checks("github") {
        for level in ["::error ", "::warning ", "::notice "] {
            assert!(text.lines().filter(|line| line.starts_with(level)).count() <= 10, "{name}");
        }
        assert!(text.lines().all(|line| line.starts_with("::")), "{name}: {text}");
    }
}
