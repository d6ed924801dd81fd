//! Reports on plans whose every text is hostile, in every format.

use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};
use taskproof::attribute::{Input, attribute};
use taskproof::config::Config;
use taskproof::load;
use taskproof::model::{History, ProjectPaths, WitnessLines};
use taskproof::repair;
use taskproof::report::{Format, HistoryFacts, Look, PlanFacts, Report, render};

use super::directory;

/// Markup of our own.
const OURS: [&str; 4] = ["<details>", "</details>", "<summary>", "</summary>"];

/// Texts divided by a byte that no UTF-8 text holds, used in turn for whatever a plan says.
pub fn report(data: &[u8]) {
    let texts: Vec<String> = data
        .split(|byte| *byte == 0xff)
        .take(12)
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    let Some(report) = reported(&texts) else { return };
    for format in Format::ALL.iter().copied() {
        let mut out = Vec::new();
        render(&report, format, &Look::default(), &mut out).expect("every report can be written");
        let out = String::from_utf8(out).expect("reports are UTF-8");
        judge(format, &out);
    }
}

fn reported(texts: &[String]) -> Option<Report> {
    let text = |at: usize| texts[at % texts.len()].as_str();
    let directory = directory();
    let write = |name: &str, value: &Value| {
        fs::write(directory.path().join(name), value.to_string()).expect("an artifact");
    };
    let task = |at: usize| {
        json!({"id": text(at), "status": "done", "kind": text(at + 1), "description": text(at + 2), "depends_on": [text(at + 3)],
            "files_changed": [], "commands_run": [], "executor_notes": text(at + 4)})
    };
    let row = |at: usize| {
        json!({"task_id": text(at), "status": "done", "files_changed": [text(at + 1), text(at + 2)],
            "commands_run": [text(at + 3)], "executor_notes": text(at)})
    };
    write(
        "state.json",
        &json!({"name": text(1), "current_state": text(2), "config": {"project_dir": text(3)},
        "meta": {"overrides": [text(4)]}}),
    );
    write(
        "finalize.json",
        &json!({"tasks": [task(0), task(1), task(2)],
        "sense_checks": [{"id": text(3), "task_id": text(0), "question": text(5), "executor_note": ""}]}),
    );
    write("execution_batch_1.json", &json!({"task_updates": [row(0), row(1)], "deviations": [text(6)]}));
    write(
        "phase_result.json",
        &json!({"deviations": [text(5), text(6)], "blocked_tasks": [{"task_id": text(0), "reason": text(7)}]}),
    );
    let config = Config::default();
    let (plan, mut findings) = load::plan(directory.path(), &config).ok()?;
    let (history, paths) = (History::absent(text(8)), ProjectPaths::default());
    let input = Input { plan: &plan, history: &history, paths: &paths, answers: &[], config: &config };
    let outcome = attribute(&input).ok()?;
    findings.extend(outcome.findings);
    let proposed = repair::propose(&plan, &repair::fills(&outcome.attributions)).ok();
    let (repair, _) = proposed.unwrap_or_default();
    Some(Report {
        tool_version: "0".into(),
        command: "backfill".into(),
        plan: PlanFacts { directory: text(9).to_owned(), ..PlanFacts::of(&plan, Some(text(10).to_owned())) },
        history: HistoryFacts::from(&history),
        status: outcome.status,
        tasks: outcome.attributions,
        repair_request: outcome.request,
        claims: Vec::new(),
        recovery: None,
        diff: Some(repair::unified(&repair)),
        edits: repair.edits,
        run_id: None,
        lines: WitnessLines::default(),
        findings,
    })
}

fn judge(format: Format, out: &str) {
    let hostile = |character: char| {
        (character.is_control() && !['\n', '\t'].contains(&character))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
    };
    assert!(!out.contains(hostile), "{format:?} lets {:?} through", out.chars().find(|it| hostile(*it)));
    // Only the format for them may speak to a build server.
    let commands = out.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##vso["));
    match format {
        Format::Github => {
            for line in out.lines().filter(|line| line.starts_with("::")) {
                let known =
                    ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
                assert!(known, "{line}");
            }
            let strange =
                out.lines().find(|line| !line.starts_with("::") && line.trim_start().starts_with("::"));
            assert_eq!(strange, None);
        }
        Format::Json | Format::Sarif | Format::Gitlab => {
            serde_json::from_str::<Value>(out).expect("one document");
        }
        Format::Jsonl => {
            out.lines().for_each(|line| drop(serde_json::from_str::<Value>(line).expect("a document")))
        }
        Format::Junit => {
            let mut reader = quick_xml::Reader::from_str(out);
            while !matches!(reader.read_event().expect("XML"), quick_xml::events::Event::Eof) {}
        }
        Format::Human => assert_eq!(commands.count(), 0),
        Format::Markdown => {
            assert_eq!(commands.count(), 0);
            for event in Parser::new_ext(out, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
                let is_markup = match &event {
                    Event::Html(html) | Event::InlineHtml(html) => {
                        OURS.iter().fold(html.to_string(), |rest, tag| rest.replace(tag, "")).contains('<')
                    }
                    Event::Start(tag) => matches!(tag, Tag::Link { .. } | Tag::Image { .. }),
                    _ => false,
                };
                assert!(!is_markup, "{event:?} in {out}");
            }
        }
        Format::Html => assert!(!out.to_lowercase().contains("<script>alert")),
    }
}
