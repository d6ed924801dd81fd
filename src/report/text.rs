//! Text for terminals: a page that nothing untrusted can break out of.
//!
//! Everything that reaches a [`Page`] passes [`plain`]; only the page itself writes line ends and
//! colours. So no caller has to remember which text came from a plan.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::Style;

use super::Look;

/// Narrower than this, wrapping does more harm than a long line.
const NARROWEST: usize = 40;

/// Lines of text under construction.
pub(super) struct Page {
    out: String,
    look: Look,
}

impl Page {
    pub(super) fn new(look: &Look) -> Self {
        Self { out: String::new(), look: Look { width: look.width.max(NARROWEST), ..*look } }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An empty line between two parts, never two and never at the top.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// One line, however long: for paths, commands and everything that is copied.
    pub(super) fn line(&mut self, indent: usize, style: Style, text: &str) {
        self.push(indent, style, plain(text).trim_end_matches(' '));
    }

    /// Running text, if there is any: wrapped, with the lines after the first indented by two more columns.
    pub(super) fn prose(&mut self, indent: usize, style: Style, text: &str) {
        let text = plain(text);
        if text.trim().is_empty() {
            return;
        }
        for (number, line) in wrap(&text, self.look.width.saturating_sub(indent)).into_iter().enumerate() {
            self.push(if number == 0 { indent } else { indent + 2 }, style, &line);
        }
    }

    /// A line that ends where the page does: for what only has to be recognised.
    pub(super) fn clipped(&mut self, indent: usize, style: Style, text: &str) {
        let text = plain(text);
        let room = self.look.width.saturating_sub(indent);
        if columns(&text) <= room {
            return self.push(indent, style, text.trim_end_matches(' '));
        }
        let start: String = text.chars().take(room.saturating_sub(1)).collect();
        self.push(indent, style, &format!("{start}…"));
    }

    /// A label and a text that is wrapped beside it.
    pub(super) fn row(&mut self, indent: usize, style: Style, label: &str, text: &str) {
        let (label, text) = (plain(label), plain(text));
        let beside = wider(0, &label) + 2;
        let room = self.look.width.saturating_sub(indent + beside).max(NARROWEST / 2);
        for (number, line) in wrap(&text, room).into_iter().enumerate() {
            if number == 0 {
                self.push(indent, style, format!("{label}  {line}").trim_end_matches(' '));
            } else {
                self.push(indent + beside, style, &line);
            }
        }
    }

    fn push(&mut self, indent: usize, style: Style, text: &str) {
        let text = &*inert(text);
        let _ = if self.look.colour && style != Style::new() && !text.is_empty() {
            writeln!(self.out, "{:indent$}{style}{text}{style:#}", "")
        } else if text.is_empty() {
            writeln!(self.out)
        } else {
            writeln!(self.out, "{:indent$}{text}", "")
        };
    }
}

/// A line that a CI job would take for a command, with its first character spelled out.
fn inert(line: &str) -> Cow<'_, str> {
    let start = line.trim_start();
    match start.strip_prefix("::") {
        Some(rest) => format!("{}\\u{{3a}}:{rest}", &line[..line.len() - start.len()]).into(),
        None => Cow::Borrowed(line),
    }
}

/// Breaks at spaces so that the first line takes `width` columns and the others two less.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = if lines.is_empty() { width } else { width.saturating_sub(2) };
        let length = columns(word);
        if !line.is_empty() && used + 1 + length > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    lines.push(line);
    lines
}

/// Columns that a text takes, near enough for lining up names.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// A label, or a cell of a table, that is wider stands out, and what is beside it stays where it is: an id may have a million
/// letters.
const WIDEST: usize = 100;

/// The width of a column that was so wide, and has this cell.
pub(super) fn wider(width: usize, cell: &str) -> usize {
    width.max(columns(cell).min(WIDEST))
}

/// What a cell lacks to be as wide as its column.
pub(super) fn padding(cell: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(columns(cell)))
}

/// The text with everything spelled out that a terminal would obey or a reader could not see: control
/// characters, line ends among them, and what reorders or hides text.
///
/// The same is done to the bracket of `##[` and `##vso[`, which the runners of GitHub Actions and Azure Pipelines take for
/// commands wherever they stand in a line.
pub fn plain(text: &str) -> Cow<'_, str> {
    disarmed(replace(text, b' ', |character, out| out.extend(character.escape_default())), "\\u{5b}")
}

/// JSON text with the same characters as `\uXXXX`, which leaves its meaning as it was. Line feeds
/// stay: in valid JSON they stand between values only.
pub(super) fn json_visible(text: &str) -> Cow<'_, str> {
    let visible = replace(text, b'\n', |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    });
    disarmed(visible, "\\u005b")
}

/// The text with `harmless` for the bracket of every command of a runner.
fn disarmed<'a>(text: Cow<'a, str>, harmless: &str) -> Cow<'a, str> {
    let (mut out, mut written) = (String::new(), 0);
    for bracket in memchr::memchr_iter(b'[', text.as_bytes()) {
        if ends_with_command(&text.as_bytes()[..bracket]) {
            out.push_str(&text[written..bracket]);
            out.push_str(harmless);
            written = bracket + 1;
        }
    }
    if written == 0 {
        return text;
    }
    out.push_str(&text[written..]);
    Cow::Owned(out)
}

/// Whether what stands before a bracket makes it a command's: `##` or `##vso`.
pub(super) fn ends_with_command(before: &[u8]) -> bool {
    let name = before.len().saturating_sub(3);
    let bare = if before[name..].eq_ignore_ascii_case(b"vso") { &before[..name] } else { before };
    bare.ends_with(b"##")
}

/// The text with hidden characters replaced, except for `kept`, which is ASCII.
fn replace(text: &str, kept: u8, escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let Some(first) = next_hidden(text, kept) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    let (mut rest, mut next) = (text, Some(first));
    while let Some((at, hidden)) = next {
        out.push_str(&rest[..at]);
        escape(hidden, &mut out);
        rest = &rest[at + hidden.len_utf8()..];
        next = next_hidden(rest, kept);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The first hidden character of a text, and its byte. Nearly all of a text is printable ASCII, which is passed over by the
/// block.
fn next_hidden(text: &str, kept: u8) -> Option<(usize, char)> {
    const BLOCK: usize = 32;
    let is_plain = |byte: &u8| (0x20..0x7f).contains(byte) || *byte == kept;
    let mut at = 0;
    loop {
        let blocks = text.as_bytes()[at..].chunks_exact(BLOCK);
        at += BLOCK
            * blocks.take_while(|block| block.iter().fold(true, |all, byte| all & is_plain(byte))).count();
        at += text.as_bytes()[at..].iter().take_while(|byte| is_plain(byte)).count();
        let next = text[at..].chars().next()?;
        if is_hidden(next) {
            return Some((at, next));
        }
        at += next.len_utf8();
    }
}

/// Control characters, line separators, what reorders or hides text, and what shows as nothing. The joiners U+200C and
/// U+200D and the selectors U+FE00 to U+FE0F stay, for scripts and emoji need them.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{3164}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn series(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_is_a_command_of_a_ci_job() {
        let mut page = Page::new(&Look { colour: false, width: 40 });
        page.prose(2, Style::new(), "a text that is long enough to wrap ::error::x and ##[group]y");
        page.line(0, Style::new(), "  ##vso[task.x] and ##VSO[y]");
        page.line(0, Style::new(), "## a heading");
        let page = page.finish();
        assert!(page.contains("\\u{3a}:error::x"), "{page}");
        assert!(page.contains("##vso\\u{5b}task.x] and ##VSO\\u{5b}y]"), "{page}");
        assert!(page.lines().all(|line| !line.trim_start().starts_with("::")), "{page}");
        assert!(page.contains("\n## a heading"));
    }

    #[test]
    fn a_very_long_label_stands_out() {
        let mut page = Page::new(&Look { colour: false, width: 40 });
        page.row(0, Style::new(), &"T".repeat(100_000), "a text that is long enough to wrap");
        let page = page.finish();
        assert!(page.lines().skip(1).all(|line| line.len() < 200), "{page}");
    }

    #[test]
    fn what_a_terminal_obeys_is_spelled_out() {
        assert_eq!(plain("a\u{1b}[31mb\r\n\tc\u{9b}d\u{202e}"), "a\\u{1b}[31mb\\r\\n\\tc\\u{9b}d\\u{202e}");
        assert_eq!(plain("plain: ä 漢 👩\u{200d}🚀"), "plain: ä 漢 👩\u{200d}🚀");
    }

    #[test]
    fn no_text_is_a_command_of_a_runner() {
        assert_eq!(plain("# ##[error]x"), "# ##\\u{5b}error]x");
        assert_eq!(plain("a file=##vso[task]x #[b]"), "a file=##vso\\u{5b}task]x #[b]");
        assert_eq!(
            plain("###[x] #####vSo[y] ##vs[z] ##é[ ##"),
            "###\\u{5b}x] #####vSo\\u{5b}y] ##vs[z] ##é[ ##"
        );
        assert_eq!(json_visible("[\"##[error]\"]"), "[\"##\\u005berror]\"]");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = "{\n \"a\u{7f}\": \"\u{202e}\u{e0041}\u{85}\"\n}";
        let safe = json_visible(text);
        assert_eq!(safe, "{\n \"a\\u007f\": \"\\u202e\\udb40\\udc41\\u0085\"\n}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("valid JSON");
        assert_eq!(parse(text), parse(&safe));
    }

    proptest! {
        #[test]
        fn every_hidden_character_is_spelled_out(text in "([ -~]{0,70}|[\\x00-\\x1f\\x7f-\\u{9f}é\u{202e}\u{200d}漢]){0,6}") {
            let slowly: String = text.chars().map(|c| if is_hidden(c) { c.escape_default().to_string() } else { c.into() }).collect();
            prop_assert_eq!(replace(&text, b' ', |c, out| out.extend(c.escape_default())), slowly);
        }
    }

    #[test]
    fn what_shows_as_nothing_is_hidden() {
        assert!("\u{ad}\u{34f}\u{115f}\u{17b4}\u{180e}\u{3164}\u{ffa0}\u{e0100}".chars().all(is_hidden));
        assert!(!"\u{200c}\u{200d}\u{fe0f}é漢".chars().any(is_hidden), "emoji and scripts need these");
    }

    #[test]
    fn no_line_starts_with_a_command_of_a_build_server() {
        let mut page = Page::new(&Look { colour: false, width: 40 });
        page.prose(0, Style::new(), &format!("{} ::error::x ##[error]y", "word ".repeat(8)));
        let text = page.finish();
        assert!(text.contains("error::x"), "{text}");
        assert!(text.lines().map(str::trim_start).all(|line| !line.starts_with("::")), "{text}");
    }

    #[test]
    fn words_are_never_broken() {
        let mut page = Page::new(&Look { colour: false, width: 40 });
        page.prose(
            2,
            Style::new(),
            "one two three four five six seven src/a/very/long/path/that/does/not/fit/at_all.rs end",
        );
        let expected = "  one two three four five six seven\n    src/a/very/long/path/that/does/not/fit/at_all.rs\n    end\n";
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn lists_read_as_sentences() {
        let items: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert_eq!(series(&items), "a, b and c");
        assert_eq!(series(&items[..2]), "a and b");
        assert_eq!(count(1, "file"), "1 file");
    }
}
