//! Markup that nothing untrusted can break out of.
//!
//! Names of elements and attributes are our own literals. Every other text passes [`escaped`] here, so no caller has to
//! remember which text came from a plan.

use std::fmt::Write as _;

use super::super::text::plain;

/// Names of attributes with their values.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements without content and end tag (HTML, section "Void elements"), as far as they are used.
const VOID: [&str; 2] = ["input", "meta"];

/// A document under construction.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An element with whatever `content` puts into it.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes,
        content: impl FnOnce(&mut Self),
    ) {
        self.start(tag, attributes);
        content(self);
        let _ = write!(self.out, "</{tag}>");
    }

    /// An element with a text.
    pub(super) fn element(&mut self, tag: &'static str, attributes: Attributes, text: &str) {
        self.within(tag, attributes, |markup| markup.text(text));
    }

    /// An element without content.
    pub(super) fn empty(&mut self, tag: &'static str, attributes: Attributes) {
        self.start(tag, attributes);
        if !VOID.contains(&tag) {
            let _ = write!(self.out, "</{tag}>");
        }
    }

    /// Text on one line: a line end in it is spelled out.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text));
    }

    /// Text whose lines are kept, for preformatted elements.
    pub(super) fn lines(&mut self, text: &str) {
        for line in text.lines() {
            self.text(line);
            self.out.push('\n');
        }
    }

    /// Our own sentences: what stands between backticks is code.
    pub(super) fn prose(&mut self, text: &str) {
        let parts: Vec<&str> = text.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return self.text(text);
        }
        for (at, part) in parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            match at % 2 {
                0 => self.text(part),
                _ => self.element("code", &[], part),
            }
        }
    }

    /// An element with a sentence of ours.
    pub(super) fn sentence(&mut self, tag: &'static str, attributes: Attributes, text: &str) {
        self.within(tag, attributes, |markup| markup.prose(text));
    }

    /// Markup, style or script of our own, as it stands.
    pub(super) fn own(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// JSON for a script to read. Neither `</script>` nor `<!--` can stand in it, for it has no `<`.
    pub(super) fn json(&mut self, id: &str, json: &str) {
        self.start("script", &[("type", "application/json"), ("id", id)]);
        self.out.push_str(&json.replace('<', "\\u003c"));
        self.out.push_str("</script>\n");
    }

    fn start(&mut self, tag: &'static str, attributes: Attributes) {
        let _ = write!(self.out, "<{tag}");
        for (name, value) in attributes {
            match value.is_empty() {
                true => _ = write!(self.out, " {name}"),
                false => _ = write!(self.out, " {name}=\"{}\"", escaped(value)),
            }
        }
        self.out.push('>');
    }
}

/// Text that is text wherever it stands in a document.
fn escaped(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(make: impl FnOnce(&mut Markup)) -> String {
        let mut markup = Markup::default();
        make(&mut markup);
        markup.finish()
    }

    #[test]
    fn text_ends_no_element_and_no_attribute() {
        let made = made(|markup| markup.element("p", &[("title", "\" onclick='x'")], "</p><script>&"));
        assert_eq!(made, "<p title=\"&quot; onclick=&#39;x&#39;\">&lt;/p&gt;&lt;script&gt;&amp;</p>");
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        assert_eq!(made(|markup| markup.text("a\u{202e}b\u{1b}\nc")), "a\\u{202e}b\\u{1b}\\nc");
        assert_eq!(made(|markup| markup.lines("a\r\nb\u{0}")), "a\nb\\u{0}\n");
    }

    #[test]
    fn backticks_make_code_where_they_come_in_pairs() {
        assert_eq!(made(|markup| markup.prose("run `a<b` now")), "run <code>a&lt;b</code> now");
        assert_eq!(made(|markup| markup.prose("one ` alone")), "one ` alone");
    }

    #[test]
    fn json_has_no_markup() {
        let made = made(|markup| markup.json("d", r#"{"a":"</script><!--"}"#));
        let content = "{\"a\":\"\\u003c/script>\\u003c!--\"}";
        assert_eq!(made, format!("<script type=\"application/json\" id=\"d\">{content}</script>\n"));
    }
}
