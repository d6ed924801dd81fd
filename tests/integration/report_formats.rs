use taskproof::json::Node;
use taskproof::model::{
    Assessment, Attribution, BaseSource, BatchWindow, BlockerDiagnosis, ChangeKind, Claim, ClaimClass,
    ClaimKind, ClaimOrigin, ClaimWitness, Code, CommandCandidate, Content, Cost, Decision, Diagnosis, Edit,
    Evidence, Field, FieldChange, FileCandidate, Finding, Gap, Generation, Hunk, Kind, Layout, Mode,
    Obstacle, Oid, Outcome, PatchHunk, PlanStatus, RepairRequest, Resolution, Route, Ruling, Rung,
    Settlement, Signal, Source, Status, Step, TaskId, TaskQuestion, Verdict, Witness, WitnessDiff,
    WitnessLines,
};
use taskproof::report::schema::report_schema;
use taskproof::report::{CommitFacts, Format, HistoryFacts, Look, PlanFacts, Report, render};

/// Clears the screen, sets a title, rewrites the line, reverses text, ends a line, C1, NUL, tags.
const HOSTILE: &str =
    "x\u{1b}[2J\u{1b}]0;owned\u{7}\rok\u{202e}txt\u{2066}\n::error::y\u{9b}31m\u{0}\u{7f}\u{2028}\u{e0041}";

/// A report in which every text that can come from outside is `text`.
fn report_of(text: &str) -> Report {
    let own = || text.to_owned();
    let signals = || vec![Signal { name: "batch_row", weight: f64::NAN, detail: own() }];
    let decisions = [Decision::Backfill, Decision::Candidate, Decision::Rejected, Decision::Recorded];
    let task = Attribution {
        task: TaskId(own()),
        status: Status::Other(own()),
        kind: Kind::Other(own()),
        batch: Some(u32::MAX),
        gap: Gap { evidence: Evidence::Hollow, missing: vec![Field::Files, Field::Commands, Field::Notes] },
        outcome: Outcome::Ambiguous,
        reason: own(),
        files: decisions
            .map(|decision| FileCandidate {
                path: own(),
                written: own(),
                decision,
                confidence: f64::INFINITY,
                rung: Some(Rung::TaskRow),
                source: Source::Batch,
                signals: signals(),
                witnesses: vec![Witness {
                    commit: Some(Oid([7; 20])),
                    blob: Some(Oid([7; 20])),
                    hunks: vec![(u32::MAX, u32::MAX), (0, 0)],
                }],
            })
            .into(),
        commands: decisions
            .map(|decision| CommandCandidate {
                command: own(),
                decision,
                confidence: f64::NAN,
                rung: None,
                source: Source::Operator,
                signals: signals(),
            })
            .into(),
    };
    let edit = |pointer, new| Edit {
        artifact: own(),
        pointer,
        old: Some(own()),
        new,
        task: Some(TaskId(own())),
        rung: Some(Rung::TaskRow),
        confidence: 1.0,
        signals: signals(),
    };
    Report {
        tool_version: own(),
        command: own(),
        plan: PlanFacts {
            name: own(),
            directory: own(),
            checkout_path: Some(own()),
            layout: Layout::Flat,
            mode: Mode::Prose(own()),
            descriptions: [(TaskId(own()), own())].into(),
            batch_windows: vec![BatchWindow { batch: u32::MAX, start: i64::MIN, end: i64::MAX }],
        },
        history: HistoryFacts {
            base: Some(Oid([7; 20])),
            base_source: BaseSource::Flag,
            head: Some(Oid([7; 20])),
            commits: vec![CommitFacts { id: Oid([7; 20]), subject: own(), time: i64::MAX }],
            worktree: true,
            reason: Some(own()),
        },
        status: PlanStatus::BlockedMetadata,
        lines: WitnessLines { diffs: vec![diff(text)], left_out: 1 },
        repair_request: Some(RepairRequest {
            tasks: vec![TaskQuestion {
                task: task.task.clone(),
                missing: vec![Field::Files],
                candidate_files: vec![own()],
                candidate_commands: vec![own()],
                question: own(),
                answer: own(),
            }],
        }),
        tasks: vec![task],
        claims: vec![claim(text)],
        recovery: Some(diagnosis(text)),
        edits: vec![
            edit(Some(own()), FieldChange::List(vec![own()])),
            edit(Some(own()), FieldChange::Text(own())),
            edit(None, FieldChange::Bool(true)),
            edit(Some(own()), FieldChange::Json(Node::object([(own(), Node::text(own()))]))),
        ],
        diff: Some(format!("--- {text}\n+++ {text}\n@@ -1 +1 @@\n-{text}\n+{text}\n {text}")),
        run_id: Some(own()),
        findings: Code::ALL.iter().map(|&code| Finding::new(code, text, text).at(text).on_line(1)).collect(),
    }
}

fn diff(text: &str) -> WitnessDiff {
    let lines = || [text, text].into_iter().collect();
    let at = Hunk { old_start: 0, old_lines: u32::MAX, new_start: u32::MAX, new_lines: 0 };
    let hunk = PatchHunk { at, header: text.to_owned(), removed: lines(), added: lines() };
    WitnessDiff {
        path: text.to_owned(),
        commit: Some(Oid([7; 20])),
        subject: text.to_owned(),
        time: Some(i64::MIN),
        kind: ChangeKind::Copied,
        content: Content::Text(vec![hunk]),
    }
}

fn claim(text: &str) -> Assessment {
    let own = || text.to_owned();
    Assessment {
        claim: Claim {
            id: own(),
            text: own(),
            origin: ClaimOrigin { artifact: own(), pointer: own() },
            task_ids: vec![TaskId(own())],
            evidence_file: Some(own()),
            made_at: Some(Oid([7; 20])),
            stance: None,
            is_blocker: true,
        },
        class: ClaimClass::Implementation,
        ruling: Ruling {
            kind: ClaimKind::Location,
            verdict: Verdict::Holds,
            confidence: 0.9,
            reason: own(),
            witness: Some(ClaimWitness {
                path: own(),
                blob: Some(Oid([7; 20])),
                lines: Some((1, 2)),
                commit: Some(Oid([7; 20])),
                excerpt: format!("{text}\n{text}"),
            }),
        },
        duplicate_of: Some(own()),
        resolution: Some(Resolution { blocker_id: own(), resolution: own(), carried_over: true }),
    }
}

fn rendered(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    render(report, format, &Look::default(), &mut out).expect("rendered");
    String::from_utf8(out).expect("UTF-8")
}

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.iter().copied()
}

#[test]
fn nothing_from_a_plan_reaches_the_terminal_raw() {
    let report = report_of(HOSTILE);
    for format in formats() {
        let text = rendered(&report, format);
        let raw: Vec<_> = text
            .chars()
            .filter(|&c| c != '\n' && (c.is_control() || "\u{202e}\u{2066}\u{2028}\u{e0041}".contains(c)))
            .collect();
        assert!(raw.is_empty(), "{format:?}: {raw:?}");
    }
}

#[test]
fn nothing_from_a_plan_starts_a_line_of_its_own() {
    let report = report_of("x\n::error::injected\r::error::injected");
    for format in formats() {
        let text = rendered(&report, format);
        // A diff has lines of its own, so there the second line of a text is one more line of the diff.
        let text = text.split("\nWritten\n").next().unwrap_or_default();
        // Annotations are commands: ours have a title, or count what is not shown.
        let is_titled =
            |line: &str| line.contains(",title=taskproof TP") || line.contains("more findings of this");
        let ours = |line: &str| format == Format::Github && is_titled(line);
        let is_command = |line: &str| line.trim_start().starts_with("::");
        assert!(text.lines().all(|line| !is_command(line) || ours(line)), "{format:?}: {text}");
    }
}

#[test]
fn json_says_what_was_there() {
    let report: serde_json::Value =
        serde_json::from_str(&rendered(&report_of(HOSTILE), Format::Json)).expect("JSON");
    assert_eq!(report["plan"]["name"], HOSTILE);
    assert_eq!(report["tasks"][0]["id"], HOSTILE);
    assert_eq!(report["tasks"][0]["status"], HOSTILE);
    assert_eq!(report["tasks"][0]["files"][0]["confidence"], 1.0);
    assert_eq!(report["tasks"][0]["commands"][0]["confidence"], 0.0);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(Code::ALL.len()));
}

#[test]
fn every_report_fits_the_schema() {
    let validator = jsonschema::draft202012::new(&report_schema()).expect("a valid schema");
    for text in ["plain", "", HOSTILE] {
        let report = serde_json::from_str(&rendered(&report_of(text), Format::Json)).expect("JSON");
        let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn json_lines_hold_what_the_document_holds() {
    let report = report_of("plain");
    let document: serde_json::Value = serde_json::from_str(&rendered(&report, Format::Json)).expect("JSON");
    let text = rendered(&report, Format::Jsonl);
    let mut lines = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON on every line");
        let kind = line.as_object_mut().and_then(|members| members.shift_remove("type")).expect("a type");
        (kind.as_str().expect("a word").to_owned(), line)
    });
    let (kind, mut whole) = lines.next().expect("a first line");
    assert_eq!(kind, "report");
    let mut lists = (Vec::new(), Vec::new(), Vec::new());
    for (kind, line) in lines {
        match kind.as_str() {
            "task" => lists.0.push(line),
            "claim" => lists.1.push(line),
            "finding" => lists.2.push(line),
            other => panic!("unknown type {other}"),
        }
    }
    whole["tasks"] = lists.0.into();
    whole["claims"] = lists.1.into();
    whole["findings"] = lists.2.into();
    assert_eq!(whole, document);
}

#[test]
fn the_same_report_gives_the_same_bytes_in_any_order_of_its_lists() {
    let mut report = report_of("plain");
    for (index, file) in report.tasks[0].files.iter_mut().enumerate() {
        file.path = format!("file {index}");
        file.confidence = 0.5;
    }
    for (index, command) in report.tasks[0].commands.iter_mut().enumerate() {
        command.command = format!("command {index}");
    }
    let mut turned = report.clone();
    turned.tasks[0].files.reverse();
    turned.tasks[0].commands.reverse();
    turned.findings.reverse();
    for format in formats() {
        assert_eq!(rendered(&report, format), rendered(&turned, format));
    }
}

#[test]
fn secrets_in_commands_are_masked_in_every_format() {
    let command = "deploy --password hunter2 \"https://me:hunter2@host\"";
    let mut report = report_of("plain");
    let task = &mut report.tasks[0];
    task.reason = format!("batch 3 ran `{command}`");
    for candidate in &mut task.commands {
        candidate.command = command.to_owned();
        candidate.signals[0].detail = command.to_owned();
    }
    let question = &mut report.repair_request.as_mut().expect("a request").tasks[0];
    question.candidate_commands = vec![command.to_owned()];
    question.question = format!("Did `{command}` run for it?");
    let list = serde_json::json!([command]).to_string();
    question.answer = format!(r#"{{"task_id": "plain", "commands_run": {list}}}"#);
    report.edits.truncate(1);
    report.edits[0].pointer = Some("/tasks/0/commands_run".to_owned());
    report.edits[0].old = Some(list.clone());
    report.edits[0].new = FieldChange::List(vec![command.to_owned()]);
    report.diff = Some(format!("-  \"commands_run\": []\n+  \"commands_run\": {list}\n"));
    report.findings = vec![Finding::new(Code::GapFillable, "finalize.json", command)];
    report.lines = WitnessLines {
        diffs: vec![WitnessDiff { path: "plain".to_owned(), commit: None, ..diff(command) }],
        left_out: 0,
    };
    for format in formats() {
        let text = rendered(&report, format).replace('\\', "");
        assert!(!text.contains("hunter2"), "{format:?}: {text}");
        assert!(text.contains("deploy --password ***"), "{format:?}");
    }
    let shown: serde_json::Value = serde_json::from_str(&rendered(&report, Format::Json)).expect("JSON");
    let masked = "deploy --password *** \"https://me:***@host\"";
    assert_eq!(shown["edits"][0]["new"], serde_json::json!([masked]));
    assert_eq!(shown["edits"][0]["old"], serde_json::json!([masked]));
    let answer = shown["repair_request"]["tasks"][0]["answer"].as_str().expect("a line");
    let answer: serde_json::Value = serde_json::from_str(answer).expect("still JSON");
    assert_eq!(answer["commands_run"], serde_json::json!([masked]));
}

/// A recovery in which every text is hostile.
fn diagnosis(text: &str) -> Diagnosis {
    let own = || text.to_owned();
    Diagnosis {
        generation: Generation::Early,
        state: own(),
        phase: own(),
        blockers: vec![BlockerDiagnosis {
            id: own(),
            text: own(),
            pointer: own(),
            class: ClaimClass::Implementation,
            verdict: Verdict::Holds,
            settlement: Settlement::Work,
            note: own(),
        }],
        obstacles: vec![Obstacle { kind: Settlement::Work, reason: own(), claim: Some(own()) }],
        route: Some(Route::Resolve),
        reason: own(),
        cost: Cost { tasks: vec![TaskId(own())], overwrites: Some(own()) },
        steps: vec![Step { what: own(), is_ours: true }],
        commands: vec![own()],
        answers: Vec::new(),
    }
}
