//! Spelling of paths that may be any bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The path as text; if it is not UTF-8, the way git quotes it, double quotes included.
pub(super) fn spell(bytes: &[u8]) -> String {
    spelled(bytes).into_owned()
}

/// Likewise, and as it lies there if it is UTF-8.
pub(super) fn spelled(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(quote(bytes)),
    }
}

fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            0x07 => quoted.push_str("\\a"),
            0x08 => quoted.push_str("\\b"),
            b'\t' => quoted.push_str("\\t"),
            b'\n' => quoted.push_str("\\n"),
            0x0b => quoted.push_str("\\v"),
            0x0c => quoted.push_str("\\f"),
            b'\r' => quoted.push_str("\\r"),
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}"); // Writing to a string cannot fail.
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_are_not_text_are_quoted() {
        assert_eq!(spell("café \"x\"".as_bytes()), "café \"x\"");
        assert_eq!(spell(b"caf\xe9"), r#""caf\351""#);
        assert_eq!(spell(b"a\"b\\\t\x01\xff"), r#""a\"b\\\t\001\377""#);
    }
}
