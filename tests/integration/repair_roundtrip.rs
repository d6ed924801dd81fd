//! Repairs of generated documents: the result is what the harness's serialiser would have written,
//! and in files of another style every byte outside the edits stays.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use taskproof::json::write::{document, string};
use taskproof::json::{Limits, Member, Node, Value, parse};
use taskproof::model::{Artifact, FieldChange};
use taskproof::repair::apply::{apply, edit};
use taskproof::repair::json_edit::{Change, splices};

/// A value before it has a place in a text.
fn node(value: Value) -> Node {
    Node { span: 0..0, value }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{0,8}",
        any::<String>(),
        "[\"\\\\/\u{0}-\u{1f}\u{7f}\u{80}\u{e9}\u{2028}\u{1f600}]{0,6}",
        Just("taskproof: caf\u{e9} \u{2014} \u{1f600}".to_owned()),
    ]
}

const ODD_NUMBERS: [&str; 8] =
    ["0", "-0.0", "1e-07", "1.5e+16", "1e+100", "-12.25", "123456789012345678901234567890", "0.1"];

/// Numbers as Python spells them.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        prop::sample::select(&ODD_NUMBERS[..]).prop_map(str::to_owned)
    ]
}

fn value() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        text().prop_map(Value::String),
    ];
    leaf.prop_map(node).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| node(Value::Array(items))),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    prop::collection::btree_map(text(), inner, 0..4).prop_map(|members| {
        let member = |(key, value)| Member { key, key_span: 0..0, value };
        node(Value::Object(members.into_iter().map(member).collect()))
    })
}

/// A document with rows, some of which have the fields to be filled.
fn plan() -> impl Strategy<Value = Node> {
    let hole = prop_oneof![Just(Value::Null), Just(Value::Array(vec![]))];
    let row = (object(value()), prop::option::of(hole), any::<bool>()).prop_map(|(mut row, hole, first)| {
        if let (Some(hole), Value::Object(members)) = (hole, &mut row.value) {
            members.retain(|member| member.key != "files_changed");
            let at = if first { 0 } else { members.len() };
            members.insert(at, Member { key: "files_changed".into(), key_span: 0..0, value: node(hole) });
        }
        row
    });
    (prop::collection::vec(row, 1..5), object(value())).prop_map(|(rows, mut root)| {
        if let Value::Object(members) = &mut root.value {
            members.retain(|member| member.key != "tasks");
            let tasks = node(Value::Array(rows));
            members.insert(0, Member { key: "tasks".into(), key_span: 0..0, value: tasks });
        }
        root
    })
}

fn fills() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    prop::collection::btree_map(0..5usize, prop::collection::vec(text(), 0..4), 0..4)
        .prop_map(|fills| fills.into_iter().collect())
}

/// The changes for the rows that exist: a list, a flag and a marker each.
fn changes(root: &Node, fills: &[(usize, Vec<String>)]) -> Vec<Change> {
    let rows = root.get("tasks").and_then(Node::as_array).map_or(0, <[Node]>::len);
    let row = |(at, files): &(usize, Vec<String>)| {
        let change = |key: &str, value| Change { object: format!("/tasks/{at}"), key: key.to_owned(), value };
        [
            change("files_changed", FieldChange::List(files.clone())),
            change("auto_attributed_files", FieldChange::Bool(true)),
            change("auto_attributed_metadata_source", FieldChange::Text("taskproof:\u{e9}".to_owned())),
        ]
    };
    fills.iter().filter(|(at, _)| *at < rows).flat_map(row).collect()
}

/// The document with the changes made in memory.
fn changed(mut root: Node, changes: &[Change]) -> Node {
    for change in changes {
        let at: usize = change.object.rsplit('/').next().and_then(|at| at.parse().ok()).expect("an index");
        let Value::Object(members) = &mut root.value else { continue };
        let tasks = members.iter_mut().find(|member| member.key == "tasks").expect("tasks");
        let Value::Array(rows) = &mut tasks.value.value else { continue };
        let Value::Object(row) = &mut rows[at].value else { continue };
        let value = node(match &change.value {
            FieldChange::Bool(value) => Value::Bool(*value),
            FieldChange::Text(text) => Value::String(text.clone()),
            FieldChange::List(items) => {
                Value::Array(items.iter().map(|item| node(Value::String(item.clone()))).collect())
            }
            FieldChange::Json(value) => value.value.clone(),
        });
        match row.iter_mut().find(|member| member.key == change.key) {
            Some(member) => member.value = value,
            None => row.push(Member { key: change.key.clone(), key_span: 0..0, value }),
        }
    }
    root
}

fn artifact(text: String) -> Artifact {
    let document = parse(&text, Limits::default()).expect("generated JSON parses");
    Artifact { name: "finalize.json".to_owned(), text, document: Some(document) }
}

/// Another style of writing JSON.
#[derive(Debug, Clone)]
struct Layout {
    indent: Option<&'static str>,
    newline: &'static str,
    comma: &'static str,
    colon: &'static str,
    ascii: bool,
    end: &'static str,
}

fn layout() -> impl Strategy<Value = Layout> {
    (
        prop::sample::select(&[None, Some("  "), Some("    "), Some("\t"), Some("")][..]),
        prop::sample::select(&["\n", "\r\n"][..]),
        prop::sample::select(&[(",", ":"), (", ", ": "), (", ", " : ")][..]),
        any::<bool>(),
        prop::sample::select(&["", "\n", "\r\n\n"][..]),
    )
        .prop_map(|(indent, newline, (comma, colon), ascii, end)| Layout {
            indent,
            newline,
            comma,
            colon,
            ascii,
            end,
        })
}

impl Layout {
    fn spell(&self, node: &Node, level: usize) -> String {
        let (open, close, items): (_, _, Vec<String>) = match &node.value {
            Value::Null => return "null".to_owned(),
            Value::Bool(value) => return value.to_string(),
            Value::Number(text) => return text.clone(),
            Value::String(text) => return string(text, self.ascii),
            Value::Array(items) => ('[', ']', items.iter().map(|item| self.spell(item, level + 1)).collect()),
            Value::Object(members) => {
                let spell = |member: &Member| {
                    let key = string(&member.key, self.ascii);
                    format!("{key}{}{}", self.colon, self.spell(&member.value, level + 1))
                };
                ('{', '}', members.iter().map(spell).collect())
            }
        };
        let Some(indent) = self.indent.filter(|_| !items.is_empty()) else {
            return format!("{open}{}{close}", items.join(self.comma));
        };
        let line = |level: usize| format!("{}{}", self.newline, indent.repeat(level));
        let (inner, outer) = (line(level + 1), line(level));
        format!("{open}{inner}{}{outer}{close}", items.join(&format!(",{inner}")))
    }
}

proptest! {
    #[test]
    fn a_harness_file_becomes_what_the_harness_would_write(root in plan(), fills in fills()) {
        let before = artifact(document(&root) + "\n");
        let changes = changes(&root, &fills);
        let after = edit(&before, &changes).expect("an edit");
        prop_assert_eq!(after, document(&changed(root, &changes)) + "\n");
    }

    #[test]
    fn another_style_keeps_every_other_byte(root in plan(), fills in fills(), layout in layout()) {
        let before = artifact(layout.spell(&root, 0) + layout.end);
        let changes = changes(&root, &fills);
        let after = edit(&before, &changes).expect("an edit");
        let parsed = parse(&after, Limits::default()).expect("the result parses");
        prop_assert_eq!(document(&parsed.root), document(&changed(root, &changes)));

        // Taking the splices out again leaves the bytes around them.
        let mut rest = after.as_str();
        let mut at = 0;
        for splice in splices(&before, &changes).expect("splices") {
            let kept = &before.text[at..splice.range.start];
            rest = rest.strip_prefix(kept).and_then(|rest| rest.strip_prefix(splice.text.as_str())).expect("kept bytes");
            at = splice.range.end;
        }
        prop_assert_eq!(rest, &before.text[at..]);
    }

    #[test]
    fn a_uniform_style_is_followed(root in plan(), fills in fills(), layout in layout()) {
        // Only what the file shows can be followed: an escaped or raw character, a member, an indentation.
        prop_assume!(layout.indent != Some(""));
        let changes = changes(&root, &fills);
        let edited = changed(root.clone(), &changes);
        let before = layout.spell(&root, 0) + layout.end;
        prop_assume!(layout.ascii || before.bytes().any(|byte| byte >= 0x7f));
        let after = edit(&artifact(before), &changes).expect("an edit");
        prop_assert_eq!(after, layout.spell(&edited, 0) + layout.end);
    }

    #[test]
    fn no_edits_leave_the_source(root in plan(), layout in layout()) {
        let before = artifact(layout.spell(&root, 0) + layout.end);
        prop_assert_eq!(apply(&before.text, &[]).expect("a text"), before.text.as_str());
        prop_assert_eq!(edit(&before, &[]).expect("an edit"), before.text.as_str());
    }
}

/// Reads an array of documents and answers each as `json.dumps(document, indent=2)`.
const PYTHON: &str = r"
import json, sys
for document in json.loads(sys.stdin.buffer.read().decode('utf-8')):
    out = json.dumps(json.loads(document), indent=2).encode('ascii')
    sys.stdout.buffer.write(out + b'\0')
";

#[test]
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn documents_are_written_as_python_writes_them() {
    let mut runner = TestRunner::deterministic();
    let roots: Vec<Node> = (0..300)
        .map(|_| plan().new_tree(&mut runner).map(|tree| tree.current()).expect("a document"))
        .collect();
    let layout = Layout { indent: None, newline: "\n", comma: ",", colon: ":", ascii: false, end: "" };
    let sources: Vec<String> = roots.iter().map(|root| layout.spell(root, 0)).collect();
    let Ok(mut python) =
        Command::new("python3").args(["-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
    else {
        eprintln!("skipped: there is no python3 to compare with");
        return;
    };
    let mut input = python.stdin.take().expect("a pipe");
    input.write_all(serde_json::to_string(&sources).expect("JSON").as_bytes()).expect("Python reads");
    drop(input);
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success());
    let written = String::from_utf8(output.stdout).expect("ASCII");
    let written: Vec<&str> = written.split_terminator('\0').collect();
    assert_eq!(written.len(), roots.len());
    for (root, written) in roots.iter().zip(written) {
        assert_eq!(document(root), written);
    }
}
