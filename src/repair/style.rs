//! How a JSON file is laid out around one of its objects, read from the file itself.

use crate::json::Node;
use crate::json::write::Spread;

/// The layout around one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Local {
    /// What stands between two members: a comma and white space.
    pub(super) between: String,
    /// What stands between a key and its value.
    pub(super) colon: String,
    /// White space before the first member of an object that was empty.
    pub(super) opening: String,
    /// White space after its last member.
    pub(super) closing: String,
    /// How a list of strings stands.
    pub(super) list: Spread,
    /// Whether characters beyond ASCII are escaped.
    pub(super) ascii: bool,
}

/// A file whose layout is asked for.
pub(super) struct Reader<'a> {
    text: &'a str,
    ascii: bool,
    /// The first list of strings of the document: the model where an object has none of its own.
    template: Option<&'a Node>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, root: &'a Node) -> Self {
        let ascii = text.bytes().all(|byte| byte < 0x7f);
        Self { text, ascii, template: first_string_list(root) }
    }

    /// The layout around `object`; the nodes `above` contain it, outermost first.
    pub(super) fn around(&self, object: &Node, above: &[&Node]) -> Local {
        if object.members().is_empty() { self.empty(object, above) } else { self.filled(object, above) }
    }

    /// The layout of an object that has members: as the last of them stands.
    fn filled(&self, object: &Node, above: &[&Node]) -> Local {
        let members = object.members();
        let newest = &members[members.len() - 1];
        let colon = self.text[newest.key_span.end..newest.value.span.start].to_owned();
        let before = match members.len() {
            1 => self.text[object.span.start + 1..newest.key_span.start].to_owned(),
            many => self.text[members[many - 2].value.span.end..newest.key_span.start].to_owned(),
        };
        let list = match line_break(&before) {
            Some((newline, outer)) => self.spread(object, above, newline, outer),
            None => self.line(object, &colon),
        };
        let between = match (members.len(), line_break(&before)) {
            (1, Some(_)) => format!(",{before}"),
            (1, None) => separator(&colon).to_owned(),
            _ => before,
        };
        Local { between, colon, opening: String::new(), closing: String::new(), list, ascii: self.ascii }
    }

    /// The layout of an object that has none yet: as its surroundings suggest.
    fn empty(&self, object: &Node, above: &[&Node]) -> Local {
        let colon = self.colon(above);
        let first = above.last().and_then(|parent| first_start(parent).map(|start| (parent, start)));
        let newline = match first {
            Some((parent, start)) => {
                let Some((newline, _)) = line_break(&self.text[parent.span.start + 1..start]) else {
                    return self.one_line(object, colon);
                };
                newline
            }
            None => line_ending(self.text),
        };
        let outer = self.indentation(object.span.start);
        let unit = self.unit(above, None);
        let inner = format!("{outer}{unit}");
        Local {
            between: format!(",{newline}{inner}"),
            colon,
            opening: format!("{newline}{inner}"),
            closing: format!("{newline}{outer}"),
            list: Spread::Lines { newline: newline.to_owned(), outer: inner, unit },
            ascii: self.ascii,
        }
    }

    fn one_line(&self, object: &Node, colon: String) -> Local {
        let list = self.line(object, &colon);
        let between = separator(&colon).to_owned();
        Local { between, colon, opening: String::new(), closing: String::new(), list, ascii: self.ascii }
    }

    /// What stands between key and value in the nearest object that has any.
    fn colon(&self, above: &[&Node]) -> String {
        let member = above.iter().rev().find_map(|node| node.members().first());
        member.map_or_else(
            || ": ".to_owned(),
            |member| self.text[member.key_span.end..member.value.span.start].to_owned(),
        )
    }

    /// A list in an object that stands on one line.
    fn line(&self, object: &Node, colon: &str) -> Spread {
        let template = self.template(object).and_then(|list| self.one_line_list(list, colon));
        template.unwrap_or_else(|| Spread::Line {
            padding: String::new(),
            separator: separator(colon).to_owned(),
        })
    }

    /// A list in an object whose members stand on lines of their own: one item a line, unless the
    /// other lists keep to one line.
    fn spread(&self, object: &Node, above: &[&Node], newline: &str, outer: &str) -> Spread {
        let template = self.template(object);
        let colon = self.colon(&[object]);
        if let Some(line) = template.and_then(|list| self.one_line_list(list, &colon)) {
            return line;
        }
        let around: Vec<&Node> = above.iter().copied().chain([object]).collect();
        let unit = self.unit(&around, template);
        Spread::Lines { newline: newline.to_owned(), outer: outer.to_owned(), unit }
    }

    /// A list of strings to take as the model: one of this object, else the first of the document.
    fn template<'b>(&self, object: &'b Node) -> Option<&'b Node>
    where
        'a: 'b,
    {
        let own = object.members().iter().map(|member| &member.value).find(|value| is_string_list(value));
        own.or(self.template)
    }

    fn one_line_list(&self, model: &Node, colon: &str) -> Option<Spread> {
        let items = model.as_array()?;
        let (first, last) = (items.first()?, items.last()?);
        let padding = &self.text[model.span.start + 1..first.span.start];
        let end = &self.text[last.span.end..model.span.end - 1];
        let between = match items {
            [one, two, ..] => &self.text[one.span.end..two.span.start],
            _ => separator(colon),
        };
        let broken = [padding, end, between].iter().any(|gap| line_break(gap).is_some());
        (!broken).then(|| Spread::Line { padding: padding.to_owned(), separator: between.to_owned() })
    }

    /// What one level adds to the indentation: from the nearest container that shows it.
    fn unit(&self, around: &[&Node], template: Option<&Node>) -> String {
        let nearest = around.iter().rev().copied().chain(template).find_map(|node| self.unit_of(node));
        nearest.unwrap_or_else(|| "  ".to_owned())
    }

    fn unit_of(&self, container: &Node) -> Option<String> {
        let start = first_start(container)?;
        let (_, inner) = line_break(&self.text[container.span.start + 1..start])?;
        let outer = self.indentation(container.span.start);
        inner.strip_prefix(outer.as_str()).filter(|unit| !unit.is_empty()).map(str::to_owned)
    }

    /// The white space at the start of the line that holds `offset`.
    fn indentation(&self, offset: usize) -> String {
        let line = self.text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        self.text[line..offset].chars().take_while(|character| matches!(character, ' ' | '\t')).collect()
    }
}

/// The last line ending in `gap` and the indentation after it.
fn line_break(gap: &str) -> Option<(&str, &str)> {
    let end = gap.rfind(['\n', '\r'])? + 1;
    let start = if gap[..end].ends_with("\r\n") { end - 2 } else { end - 1 };
    Some((&gap[start..end], &gap[end..]))
}

/// The line ending of a file whose containers show none.
fn line_ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The separator on one line that goes with a file's colons.
fn separator(colon: &str) -> &'static str {
    if colon.ends_with(':') { "," } else { ", " }
}

fn first_start(container: &Node) -> Option<usize> {
    match container.as_array() {
        Some(items) => items.first().map(|item| item.span.start),
        None => container.members().first().map(|member| member.key_span.start),
    }
}

fn is_string_list(node: &Node) -> bool {
    node.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(|item| item.as_str().is_some()))
}

fn first_string_list(node: &Node) -> Option<&Node> {
    if is_string_list(node) {
        return Some(node);
    }
    match node.as_array() {
        Some(items) => items.iter().find_map(first_string_list),
        None => node.members().iter().find_map(|member| first_string_list(&member.value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_are_told_apart() {
        assert_eq!(line_break(",\r\n  "), Some(("\r\n", "  ")));
        assert_eq!(line_break("\n\n\t"), Some(("\n", "\t")));
        assert_eq!(line_break(", "), None);
    }
}
