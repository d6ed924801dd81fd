//! Values to text, byte for byte as Python's `json.dumps(value, indent=2)` writes them.
//!
//! `ensure_ascii` is on in the harness: everything outside U+0020..U+007E is escaped, with
//! lower-case hexadecimal digits and surrogate pairs (spec section 2).

use std::fmt::Write as _;

use super::value::{Node, Value};

/// How a file lays its values out. [`Style::HARNESS`] is what the harness writes itself; worker-written
/// files differ, and an inserted value follows the file it goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Spaces per level, or `None` for everything on one line.
    pub indent: Option<usize>,
    /// Whether characters beyond ASCII are escaped.
    pub ascii: bool,
    /// Line ending.
    pub newline: &'static str,
}

impl Style {
    /// `json.dumps(value, indent=2)`.
    pub const HARNESS: Self = Self { indent: Some(2), ascii: true, newline: "\n" };
}

/// A string literal with its quotes.
pub fn string(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            // With `ensure_ascii=False` Python escapes the C0 controls alone: DEL and the rest stay.
            _ if !ascii && u32::from(character) >= 0x20 => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

/// A list of strings, as it stands `level` levels deep in a document.
pub fn string_list(items: &[String], level: usize, style: Style) -> String {
    let literals: Vec<String> = items.iter().map(|item| string(item, style.ascii)).collect();
    list(&literals, level, style)
}

/// A whole document in the harness's style, without the final newline.
///
/// Numbers keep their spelling; Python would write `1e5` as `100000.0`, so a document that came from
/// elsewhere may differ there.
pub fn document(root: &Node) -> String {
    node(root, 0, Style::HARNESS)
}

fn node(node_: &Node, level: usize, style: Style) -> String {
    match &node_.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => string(text, style.ascii),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| node(item, level + 1, style)).collect();
            list(&items, level, style)
        }
        Value::Object(_) => {
            let members: Vec<String> = last_wins(node_)
                .map(|(key, value)| {
                    format!("{}: {}", string(key, style.ascii), node(value, level + 1, style))
                })
                .collect();
            block('{', &members, '}', level, style)
        }
    }
}

/// Members as Python keeps them: the first position, the last value.
fn last_wins(object: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let members = object.members();
    members.iter().enumerate().filter_map(move |(at, member)| {
        let first = members[..at].iter().all(|earlier| earlier.key != member.key);
        let value = object.get(&member.key)?;
        first.then_some((member.key.as_str(), value))
    })
}

fn list(items: &[String], level: usize, style: Style) -> String {
    block('[', items, ']', level, style)
}

fn block(open: char, items: &[String], close: char, level: usize, style: Style) -> String {
    if items.is_empty() {
        return format!("{open}{close}");
    }
    let Some(indent) = style.indent else {
        return format!("{open}{}{close}", items.join(", "));
    };
    let inner = " ".repeat(indent * (level + 1));
    let outer = " ".repeat(indent * level);
    let newline = style.newline;
    let separator = format!(",{newline}{inner}");
    format!("{open}{newline}{inner}{}{newline}{outer}{close}", items.join(&separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn strings_are_escaped_as_python_escapes_them() {
        assert_eq!(string("a\"\\/\u{7f}\u{e9}\u{1f600}\n", true), r#""a\"\\/\u007f\u00e9\ud83d\ude00\n""#);
        assert_eq!(string("\u{e9}\u{1}\u{7f}", false), "\"\u{e9}\\u0001\u{7f}\"");
    }

    #[test]
    fn lists_stand_one_item_a_line() {
        let items = ["a".to_owned(), "b".to_owned()];
        assert_eq!(string_list(&items, 1, Style::HARNESS), "[\n    \"a\",\n    \"b\"\n  ]");
        assert_eq!(string_list(&[], 3, Style::HARNESS), "[]");
        assert_eq!(string_list(&items, 1, Style { indent: None, ..Style::HARNESS }), "[\"a\", \"b\"]");
    }

    #[test]
    fn a_document_in_the_harness_style_comes_back_unchanged() {
        let text = "{\n  \"tasks\": [\n    {\n      \"id\": \"T1\",\n      \"n\": -1.5e-07,\n      \"l\": [],\n      \"o\": {}\n    }\n  ],\n  \"x\": null\n}";
        assert_eq!(document(&parse(text, Limits::default()).unwrap().root), text);
    }

    #[test]
    fn duplicate_keys_collapse_as_in_python() {
        let root = parse("{\"a\": 1, \"b\": 2, \"a\": 3}", Limits::default()).unwrap().root;
        assert_eq!(document(&root), "{\n  \"a\": 3,\n  \"b\": 2\n}");
    }
}
