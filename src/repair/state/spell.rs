//! How new values are spelled so that they look like the rest of the file.

use crate::json::write::string;
use crate::json::{Node, Value};

/// The layout of a file, read from its outermost object.
pub(super) struct Style {
    /// Line ending and what each level adds to the indentation; `None` where everything is on one line.
    lines: Option<(String, String)>,
    colon: String,
    comma: String,
    ascii: bool,
}

impl Style {
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let ascii = text.bytes().all(|byte| byte < 0x7f);
        let Some(first) = root.members().first() else {
            let lines = Some(("\n".to_owned(), "  ".to_owned()));
            return Self { lines, colon: ": ".into(), comma: ", ".into(), ascii };
        };
        let gap = &text[root.span.start + 1..first.key_span.start];
        let colon = text[first.key_span.end..first.value.span.start].to_owned();
        let lines = gap.rfind(['\n', '\r']).map(|end| {
            let newline = if gap[..=end].ends_with("\r\n") { "\r\n" } else { "\n" };
            (newline.to_owned(), gap[end + 1..].to_owned())
        });
        let comma = if colon.ends_with(':') { "," } else { ", " }.to_owned();
        Self { lines, colon, comma, ascii }
    }

    /// A value that starts on a line indented by `outer`.
    pub(super) fn value(&self, node: &Node, outer: &str) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(digits) => digits.clone(),
            Value::String(text) => string(text, self.ascii),
            Value::Array(items) => {
                let inner = self.inner(outer);
                let items: Vec<String> = items.iter().map(|item| self.value(item, &inner)).collect();
                self.block('[', &items, ']', outer)
            }
            Value::Object(members) => {
                let inner = self.inner(outer);
                let members: Vec<String> =
                    members.iter().map(|member| self.member(&member.key, &member.value, &inner)).collect();
                self.block('{', &members, '}', outer)
            }
        }
    }

    /// A key and its value, on a line indented by `outer`.
    pub(super) fn member(&self, key: &str, value: &Node, outer: &str) -> String {
        format!("{}{}{}", string(key, self.ascii), self.colon, self.value(value, outer))
    }

    /// What stands between the last item of a container and one that is added, up to the added one.
    pub(super) fn next(&self, indentation: &str) -> String {
        match &self.lines {
            Some((newline, _)) => format!(",{newline}{indentation}"),
            None => self.comma.clone(),
        }
    }

    /// Indentation of what stands within a container on a line indented by `outer`.
    pub(super) fn inner(&self, outer: &str) -> String {
        format!("{outer}{}", self.lines.as_ref().map_or("", |(_, unit)| unit))
    }

    /// A container with those items; it starts on a line indented by `outer`.
    pub(super) fn block(&self, open: char, items: &[String], close: char, outer: &str) -> String {
        let Some((newline, unit)) = self.lines.as_ref().filter(|_| !items.is_empty()) else {
            return format!("{open}{}{close}", items.join(&self.comma));
        };
        let between = format!(",{newline}{outer}{unit}");
        format!("{open}{newline}{outer}{unit}{}{newline}{outer}{close}", items.join(&between))
    }
}

/// The white space at the start of the line that holds `offset`.
pub(super) fn indentation(text: &str, offset: usize) -> &str {
    let line = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let rest = &text[line..offset];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}
