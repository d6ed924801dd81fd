//! Values to text, byte for byte as Python's `json.dumps(value, indent=2)` writes them.
//!
//! `ensure_ascii` is on in the harness: everything outside U+0020..U+007E is escaped, with
//! lower-case hexadecimal digits and surrogate pairs (spec section 2).

use std::fmt::Write as _;

use super::value::{Node, Value};

/// How the items of one container stand. The harness uses [`Spread::Lines`] throughout; files that a
/// worker wrote differ, and an inserted list follows the file it goes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spread {
    /// Everything on one line.
    Line {
        /// What stands inside the brackets at either end; usually nothing.
        padding: String,
        /// What stands between two items: `, ` or `,`.
        separator: String,
    },
    /// One item a line.
    Lines {
        /// Line ending.
        newline: String,
        /// Indentation of the line on which the container starts.
        outer: String,
        /// What each level adds to it.
        unit: String,
    },
}

impl Spread {
    /// As `json.dumps(value, indent=2)` spreads a container that starts `level` levels deep.
    pub fn harness(level: usize) -> Self {
        Self::Lines { newline: "\n".to_owned(), outer: "  ".repeat(level), unit: "  ".to_owned() }
    }
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

/// A list of strings.
///
/// ```
/// use taskproof::json::write::{Spread, string_list};
///
/// assert_eq!(string_list(&["a".to_owned()], true, &Spread::harness(1)), "[\n    \"a\"\n  ]");
/// ```
pub fn string_list(items: &[String], ascii: bool, spread: &Spread) -> String {
    let literals: Vec<String> = items.iter().map(|item| string(item, ascii)).collect();
    block('[', &literals, ']', spread)
}

/// A whole document in the harness's style, without the final newline.
///
/// Numbers keep their spelling; Python would write `1e5` as `100000.0`, so a document that came from
/// elsewhere may differ there.
pub fn document(root: &Node) -> String {
    node(root, 0)
}

fn node(node_: &Node, level: usize) -> String {
    match &node_.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => text.clone(),
        Value::String(text) => string(text, true),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| node(item, level + 1)).collect();
            block('[', &items, ']', &Spread::harness(level))
        }
        Value::Object(_) => {
            let members: Vec<String> = last_wins(node_)
                .map(|(key, value)| format!("{}: {}", string(key, true), node(value, level + 1)))
                .collect();
            block('{', &members, '}', &Spread::harness(level))
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

fn block(open: char, items: &[String], close: char, spread: &Spread) -> String {
    if items.is_empty() {
        return format!("{open}{close}");
    }
    match spread {
        Spread::Line { padding, separator } => {
            format!("{open}{padding}{}{padding}{close}", items.join(separator))
        }
        Spread::Lines { newline, outer, unit } => {
            let separator = format!(",{newline}{outer}{unit}");
            format!("{open}{newline}{outer}{unit}{}{newline}{outer}{close}", items.join(&separator))
        }
    }
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
    fn lists_stand_as_the_file_has_them() {
        let items = ["a".to_owned(), "b".to_owned()];
        assert_eq!(string_list(&items, true, &Spread::harness(1)), "[\n    \"a\",\n    \"b\"\n  ]");
        assert_eq!(string_list(&[], true, &Spread::harness(3)), "[]");
        let line = Spread::Line { padding: " ".to_owned(), separator: ", ".to_owned() };
        assert_eq!(string_list(&items, true, &line), "[ \"a\", \"b\" ]");
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
