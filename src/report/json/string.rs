//! Strings of JSON, safe to show: what [`json_visible`] would spell out is spelled out at once.
//!
//! [`json_visible`]: super::super::text::json_visible

use std::io::Write as _;

use super::super::text::{ends_with_command, is_hidden};

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// Adds a text as a string.
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    // As most texts need it.
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text;
    loop {
        let (plain, other) = rest.split_at(plain_length(rest.as_bytes()));
        out.extend_from_slice(plain.as_bytes());
        let mut characters = other.chars();
        let Some(character) = characters.next() else { break };
        put(character, out);
        rest = characters.as_str();
    }
    out.push(b'"');
}

/// How many bytes a text begins with that stand for themselves. Nearly all of a text does, and is passed over by the block.
fn plain_length(bytes: &[u8]) -> usize {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let is_plain = |block: &&[u8; BLOCK]| block.iter().fold(0, |odd, byte| odd | oddness(*byte)) == 0;
    let passed = BLOCK * blocks.iter().take_while(is_plain).count();
    // The rest is looked at with what is before it.
    let is_rest = passed + rest.len() == bytes.len();
    if is_rest && bytes.last_chunk().as_ref().is_some_and(is_plain) {
        return bytes.len();
    }
    passed + bytes[passed..].iter().take_while(|byte| oddness(**byte) == 0).count()
}

/// 0 for what is printable, ends no string, begins no escape, and is no bracket, which may make a command. Without a branch, so
/// that the compiler looks at a block at once.
fn oddness(byte: u8) -> u8 {
    u8::from(byte < 0x20)
        | u8::from(byte >= 0x7f)
        | u8::from(byte == b'"')
        | u8::from(byte == b'\\')
        | u8::from(byte == b'[')
}

/// Adds a character that may have to be spelled out.
fn put(character: char, out: &mut Vec<u8>) {
    let short = match character {
        '"' => b'"',
        '\\' => b'\\',
        '\u{8}' => b'b',
        '\t' => b't',
        '\n' => b'n',
        '\u{c}' => b'f',
        '\r' => b'r',
        '[' if !ends_with_command(out) => return out.push(b'['),
        _ if character != '[' && !is_hidden(character) => {
            return out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Memory takes everything.
                let _ = write!(out, "\\u{unit:04x}");
            }
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::super::super::text::json_visible;
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_character_is_spelled_as_elsewhere() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            assert_eq!(written(&text), json_visible(&serde_json::to_string(&text).unwrap()), "{character:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_spelled_as_elsewhere(text in "(\\PC|[\\x00-\\x7f]|#|#|##|vso|VSO|\\[|\u{202e}|\u{201c}|[a-z ]{15,17}){0,40}") {
            let expected = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(written(&text), &*json_visible(&expected));
        }
    }
}
