//! Text to values, accepting exactly what Python's `json.loads` accepts.

use std::collections::HashSet;

use super::lines::LineCounter;
use super::pointer::child;
use super::value::{Defect, DefectKind, Document, Member, Node, Value};

/// What an untrusted file may demand of us.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Deepest nesting of arrays and objects.
    pub depth: usize,
    /// Most values of a document, those within others counted.
    pub values: usize,
}

impl Limits {
    /// The deepest nesting that the reader can bear, which calls itself once per level.
    pub const DEEPEST: usize = 1000;

    /// For a text that was read within its limits before: only what the reader itself can bear.
    pub const READ_BEFORE: Self = Self { depth: Self::DEEPEST, values: usize::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        // Python's own parser gives up near 1,000; real artifacts stay below 12.
        Self { depth: 200, values: 3_000_000 }
    }
}

/// Why a text is not a JSON document of the harness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct ParseError {
    /// What was found or missing.
    pub message: String,
    /// One-based line.
    pub line: usize,
    /// One-based column, in bytes.
    pub column: usize,
    /// Whether the text may be JSON, and is only more than the limits allow.
    pub is_limit: bool,
}

/// Parses a whole document.
///
/// Fails on whatever the harness could not read either: bad syntax, a byte order mark, text after
/// the value, and nesting beyond `limits`. `NaN`, lone surrogates and duplicate keys are reported in
/// [`Document::defects`].
pub fn parse(text: &str, limits: Limits) -> Result<Document, ParseError> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        path: Vec::new(),
        limits,
        values: 0,
        defects: Vec::new(),
    };
    if text.starts_with('\u{feff}') {
        return Err(parser.error("the file starts with a byte order mark"));
    }
    parser.skip_space();
    let root = parser.value()?;
    parser.skip_space();
    if parser.at < parser.bytes.len() {
        return Err(parser.error("text after the end of the document"));
    }
    let mut defects = parser.defects;
    let mut line = LineCounter::new(text);
    let defects = defects
        .drain(..)
        .map(|(kind, pointer, offset)| Defect { kind, pointer, line: line.at(offset) })
        .collect();
    Ok(Document { root, defects, values: parser.values })
}

/// The most defects that are reported. One is enough to keep a file from being edited.
const MOST_DEFECTS: usize = 100;

/// One step from a value to a value within it.
enum Step {
    Key(String),
    Index(usize),
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the value that is read stands. Spelled out for a defect only: a pointer for every value
    /// would let long keys and long lists multiply.
    path: Vec<Step>,
    limits: Limits,
    /// How many values were begun.
    values: usize,
    defects: Vec<(DefectKind, String, usize)>,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Node, ParseError> {
        if self.values == self.limits.values {
            return Err(self.limit(&format!("more values than the limit leaves ({})", self.limits.values)));
        }
        self.values += 1;
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, value })
    }

    fn nested(&mut self, parse: fn(&mut Self) -> Result<Value, ParseError>) -> Result<Value, ParseError> {
        if self.path.len() == self.limits.depth {
            return Err(self.limit(&format!("nested deeper than {} levels", self.limits.depth)));
        }
        self.at += 1;
        self.skip_space();
        parse(self)
    }

    fn member(&mut self, step: Step) -> Result<Node, ParseError> {
        self.path.push(step);
        let value = self.value();
        self.path.pop();
        value
    }

    fn report(&mut self, kind: DefectKind, offset: usize) {
        if self.defects.len() == MOST_DEFECTS {
            return;
        }
        let pointer = self.path.iter().fold(String::new(), |pointer, step| match step {
            Step::Key(key) => child(&pointer, key),
            Step::Index(at) => child(&pointer, at),
        });
        self.defects.push((kind, pointer, offset));
    }

    fn object(&mut self) -> Result<Value, ParseError> {
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        while !self.eat(b'}') {
            if !members.is_empty() {
                self.expect(b',', "expected `,` or `}`")?;
                self.skip_space();
            }
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in double quotes"));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = start..self.at;
            if !seen.insert(key.clone()) {
                self.path.push(Step::Key(key.clone()));
                self.report(DefectKind::DuplicateKey, start);
                self.path.pop();
            }
            self.skip_space();
            self.expect(b':', "expected `:`")?;
            self.skip_space();
            let value = self.member(Step::Key(key.clone()))?;
            self.skip_space();
            members.push(Member { key, key_span, value });
        }
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Result<Value, ParseError> {
        let mut items = Vec::new();
        while !self.eat(b']') {
            if !items.is_empty() {
                self.expect(b',', "expected `,` or `]`")?;
                self.skip_space();
            }
            items.push(self.member(Step::Index(items.len()))?);
            self.skip_space();
        }
        Ok(Value::Array(items))
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let opened = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
                self.at += 1;
            }
            out.push_str(&self.text[run..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                Some(_) => return Err(self.error("a control character inside a string")),
                None => {
                    self.at = opened;
                    return Err(self.error("a string that never ends"));
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        let plain = match self.peek() {
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(out, start);
            }
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.error("an unknown escape")),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    fn unicode_escape(&mut self, out: &mut String, start: usize) -> Result<(), ParseError> {
        let first = self.hex4()?;
        if let Some(plain) = char::from_u32(first) {
            out.push(plain);
            return Ok(());
        }
        // A surrogate: the second half must follow at once, or the harness keeps it alone.
        let resume = self.at;
        if first < 0xDC00 && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if (0xDC00..0xE000).contains(&second)
                && let Some(joined) = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                out.push(joined);
                return Ok(());
            }
            self.at = resume;
        }
        self.report(DefectKind::LoneSurrogate, start);
        out.push('\u{fffd}');
        Ok(())
    }

    fn hex4(&mut self) -> Result<u32, ParseError> {
        let digits =
            self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("expected four hexadecimal digits"));
        };
        let code =
            digits.iter().fold(0, |code, digit| code * 16 + (*digit as char).to_digit(16).unwrap_or(0));
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        if self.text[self.at..].starts_with("-Infinity") {
            return self.word();
        }
        let start = self.at;
        self.eat(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.error("expected a digit")),
        }
        if self.peek() == Some(b'.') && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            let before = self.at;
            self.at += 1;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.digits();
            } else {
                self.at = before;
            }
        }
        Ok(Value::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        const WORDS: [(&str, Option<Value>); 6] = [
            ("null", Some(Value::Null)),
            ("true", Some(Value::Bool(true))),
            ("false", Some(Value::Bool(false))),
            ("NaN", None),
            ("Infinity", None),
            ("-Infinity", None),
        ];
        for (word, value) in WORDS {
            if self.text[self.at..].starts_with(word) {
                let value = value.unwrap_or_else(|| {
                    self.report(DefectKind::NotFinite, self.at);
                    Value::Number(word.to_owned())
                });
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.error(if self.peek().is_none() { "the text ends too early" } else { "expected a value" }))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), ParseError> {
        if self.eat(byte) { Ok(()) } else { Err(self.error(message)) }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, message: &str) -> ParseError {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        ParseError {
            message: message.to_owned(),
            line: LineCounter::new(self.text).at(self.at),
            column: before.len() - line_start + 1,
            is_limit: false,
        }
    }

    fn limit(&self, message: &str) -> ParseError {
        ParseError { is_limit: true, ..self.error(message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        parse(text, Limits::default()).unwrap()
    }

    fn refused(text: &str) -> String {
        parse(text, Limits::default()).unwrap_err().to_string()
    }

    #[test]
    fn spans_name_the_bytes_of_each_value() {
        let text = "{ \"a\": [1, \"x\"] }\n";
        let document = parsed(text);
        let list = document.root.get("a").unwrap();
        assert_eq!(&text[list.span.clone()], "[1, \"x\"]");
        assert_eq!(&text[list.as_array().unwrap()[1].span.clone()], "\"x\"");
        assert_eq!(&text[document.root.members()[0].key_span.clone()], "\"a\"");
    }

    #[test]
    fn what_python_tolerates_is_read_and_reported() {
        let document = parsed("{\"a\": NaN,\n \"a\": -Infinity, \"s\": \"\\ud83d!\"}");
        assert_eq!(document.root.get("a").unwrap().value, Value::Number("-Infinity".into()));
        assert_eq!(document.root.get("s").unwrap().as_str(), Some("\u{fffd}!"));
        let defects: Vec<_> = document.defects.iter().map(|d| (d.kind, d.pointer.as_str(), d.line)).collect();
        assert_eq!(
            defects,
            [
                (DefectKind::NotFinite, "/a", 1),
                (DefectKind::DuplicateKey, "/a", 2),
                (DefectKind::NotFinite, "/a", 2),
                (DefectKind::LoneSurrogate, "/s", 2)
            ]
        );
    }

    #[test]
    fn surrogate_pairs_join() {
        assert_eq!(parsed(r#""\ud83d\ude00\u00e9""#).root.as_str(), Some("\u{1f600}\u{e9}"));
    }

    #[test]
    fn a_surrogate_before_another_escape_keeps_that_escape() {
        assert_eq!(parsed(r#""\ud83d\u0041""#).root.as_str(), Some("\u{fffd}A"));
    }

    #[test]
    fn errors_name_the_place() {
        assert_eq!(refused("{\"a\": 1,}"), "expected a key in double quotes at line 1, column 9");
        assert_eq!(refused("[1\n 2]"), "expected `,` or `]` at line 2, column 2");
        assert_eq!(refused(""), "the text ends too early at line 1, column 1");
        assert_eq!(refused("\u{feff}{}"), "the file starts with a byte order mark at line 1, column 1");
        assert_eq!(refused("{} x"), "text after the end of the document at line 1, column 4");
        assert_eq!(refused("[01]"), "expected `,` or `]` at line 1, column 3");
        assert_eq!(refused("\"a\nb\""), "a control character inside a string at line 1, column 3");
    }

    #[test]
    fn deep_nesting_is_refused_without_overflowing_the_stack() {
        let text = "[".repeat(100_000);
        assert!(refused(&text).starts_with("nested deeper than 200 levels"));
    }

    #[test]
    fn long_keys_and_long_lists_do_not_multiply() {
        let (key, list) = ("k".repeat(1 << 20), "NaN,".repeat(1 << 18));
        let document = parsed(&format!("{{\"{key}\": [{list}0]}}"));
        assert_eq!(document.defects.len(), MOST_DEFECTS);
        assert!(document.defects[1].pointer.ends_with("kk/1"));
    }

    #[test]
    fn truthiness_is_pythons() {
        for (text, truthy) in [
            ("null", false),
            ("0", false),
            ("-0.0", false),
            ("NaN", true),
            ("\"\"", false),
            ("[]", false),
            ("[\"\"]", true),
            ("{}", false),
            ("false", false),
            ("\" \"", true),
        ] {
            assert_eq!(parsed(text).root.is_truthy(), truthy, "{text}");
        }
    }
}
