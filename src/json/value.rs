//! A parsed document: plain values, each with the bytes it came from.

use std::ops::Range;

/// A whole file: its root value and what a stricter reader would have refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The outermost value.
    pub root: Node,
    /// Oddities the harness tolerates, in the order of the file.
    pub defects: Vec<Defect>,
    /// How many values it holds, those within others counted.
    pub values: usize,
}

/// A value and the bytes that spell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte range in the source, without surrounding white space.
    pub span: Range<usize>,
    /// The value itself.
    pub value: Value,
}

/// A JSON value. Numbers keep only their spelling (through the span): nothing here computes with them.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite number, or Python's `NaN`, `Infinity` and `-Infinity`, as spelled.
    Number(String),
    /// A decoded string; a lone surrogate became U+FFFD and is listed as a defect.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, in the order of the file, duplicates included.
    Object(Vec<Member>),
}

/// One `"key": value` of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The decoded key.
    pub key: String,
    /// Byte range of the key with its quotes.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

/// Something Python's `json` accepts and a standard parser refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// JSON pointer (RFC 6901) of the value concerned.
    pub pointer: String,
    /// One-based line in the source.
    pub line: usize,
}

/// The kinds of [`Defect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectKind {
    /// A key occurs twice in one object; the harness takes the last value.
    DuplicateKey,
    /// `NaN`, `Infinity` or `-Infinity`.
    NotFinite,
    /// A `\uD8xx` escape without its partner.
    LoneSurrogate,
}

impl DefectKind {
    /// A noun phrase for messages.
    pub fn describe(self) -> &'static str {
        match self {
            Self::DuplicateKey => "a duplicate key",
            Self::NotFinite => "a number that is not finite",
            Self::LoneSurrogate => "a lone surrogate",
        }
    }
}

impl Node {
    /// The value of `key` if this is an object that has it: the last one, as in the harness.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The members of an object; empty for every other value.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array, or `None` for every other value.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number without sign, if it is spelled as one.
    pub fn as_usize(&self) -> Option<usize> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether another value is the same wherever it stands, keys in the same order.
    pub fn is_same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (Value::Object(a), Value::Object(b)) => {
                let is_same = |(a, b): (&Member, &Member)| a.key == b.key && a.value.is_same(&b.value);
                a.len() == b.len() && a.iter().zip(b).all(is_same)
            }
            (a, b) => a == b,
        }
    }

    /// A value that stands in no file.
    pub fn new(value: Value) -> Self {
        Self { span: 0..0, value }
    }

    /// A string that stands in no file.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::String(text.into()))
    }

    /// A list of strings that stands in no file.
    pub fn texts<I: IntoIterator<Item: Into<String>>>(items: I) -> Self {
        Self::new(Value::Array(items.into_iter().map(Self::text).collect()))
    }

    /// An object that stands in no file.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Node)>) -> Self {
        let member = |(key, value): (K, Node)| Member { key: key.into(), key_span: 0..0, value };
        Self::new(Value::Object(members.into_iter().map(member).collect()))
    }

    /// Whether this is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Python's truthiness of the value, which is how the harness asks "is there evidence?".
    pub fn is_truthy(&self) -> bool {
        match &self.value {
            Value::Null => false,
            Value::Bool(value) => *value,
            // `0`, `-0` and `0.0e5` are false; `NaN` is true.
            Value::Number(text) => text.parse::<f64>() != Ok(0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
        }
    }

    /// What kind of value this is, for messages.
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}
