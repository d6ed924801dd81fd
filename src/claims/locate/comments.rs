//! What of a text is no code: comments, and the paths of imports.

use memchr::memmem;

/// How a language writes comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    /// `//` and `/* */`
    Slashes,
    /// `#`
    Hash,
    /// `--`
    Dashes,
    /// None, or not known: everything is text.
    None,
}

/// How comments look in the file at a path, as its ending tells.
pub(super) fn comments(path: &str) -> Comments {
    let ending = path.rsplit(['.', '/']).next().unwrap_or_default();
    match ending {
        "c" | "cc" | "cjs" | "cpp" | "cs" | "css" | "cts" | "cxx" | "dart" | "go" | "groovy" | "h"
        | "hpp" | "java" | "js" | "jsx" | "kt" | "kts" | "less" | "m" | "mjs" | "mm" | "mts" | "php"
        | "prisma" | "proto" | "rs" | "scala" | "scss" | "sol" | "svelte" | "swift" | "ts" | "tsx"
        | "vue" | "zig" => Comments::Slashes,
        "bash" | "ex" | "exs" | "jl" | "nix" | "pl" | "py" | "pyi" | "r" | "rb" | "sh" | "tf" | "zsh" => {
            Comments::Hash
        }
        "hs" | "lua" | "sql" => Comments::Dashes,
        _ => Comments::None,
    }
}

/// A text with its comments blanked, and the paths on lines of imports. Every byte stays where it was.
pub(super) fn blanked(raw: &[u8], comments: Comments) -> Vec<u8> {
    let mut bytes = raw.to_vec();
    let Some(mark) = mark(comments) else { return bytes };
    let (mut at, mut open) = (0, [0; 2]);
    // Between these three bytes nothing starts.
    while let Some(next) = memchr::memchr3(mark, b'"', b'\'', &raw[at..]) {
        at += next;
        at = match comment(raw, at, comments) {
            Some(end) => {
                blank(&mut bytes[at..end]);
                end
            }
            None => match raw[at] {
                b'"' | b'\'' => string_end(raw, at, &mut open),
                _ => at + 1,
            },
        };
    }
    blank_import_paths(raw, &mut bytes);
    bytes
}

/// The first byte of every comment.
fn mark(comments: Comments) -> Option<u8> {
    match comments {
        Comments::Slashes => Some(b'/'),
        Comments::Hash => Some(b'#'),
        Comments::Dashes => Some(b'-'),
        Comments::None => None,
    }
}

/// Where the comment that starts at `at` ends; `None` if none starts there.
fn comment(bytes: &[u8], at: usize, comments: Comments) -> Option<usize> {
    let rest = &bytes[at..];
    let line_end = || at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let starts_word = at == 0 || bytes[at - 1].is_ascii_whitespace();
    match comments {
        Comments::Slashes if rest.starts_with(b"/*") => {
            Some(memmem::find(rest, b"*/").map_or(bytes.len(), |end| at + end + 2))
        }
        // `https://` is no comment.
        Comments::Slashes if rest.starts_with(b"//") && (at == 0 || bytes[at - 1] != b':') => {
            Some(line_end())
        }
        Comments::Hash if rest[0] == b'#' && starts_word => Some(line_end()),
        Comments::Dashes if rest.starts_with(b"--") => Some(line_end()),
        _ => None,
    }
}

/// The byte after a string on one line, which starts with its quotation mark; one without a partner is text.
///
/// `open` tells, for either mark, up to where no partner is: from a later mark one would look at the same bytes again, for the
/// first search passed it as one of a pair with a backslash.
fn string_end(bytes: &[u8], at: usize, open: &mut [usize; 2]) -> usize {
    let quote = bytes[at];
    let open = &mut open[usize::from(quote == b'"')];
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end).filter(|_| at >= *open) {
        match byte {
            b'\n' => break,
            b'\\' => end += 2,
            _ if byte == quote => return end + 1,
            _ => end += 1,
        }
    }
    *open = end.max(*open);
    at + 1
}

fn blank_import_paths(raw: &[u8], bytes: &mut [u8]) {
    let requires = memmem::find(raw, b"require(").is_some();
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', raw).map(|at| at + 1).chain([raw.len()]);
    for end in ends {
        if let Some((from, to)) = import_path(&raw[start..end], requires) {
            blank(&mut bytes[start + from..start + to]);
        }
        start = end;
    }
}

/// The bytes of a line that are the path of an import. `requires` tells whether any line of the text has a `require(`.
fn import_path(line: &[u8], requires: bool) -> Option<(usize, usize)> {
    let head = without_indentation(line);
    let is_likely = matches!(head.first(), Some(b'i' | b'e' | b'}' | b'f'));
    let is_import = is_likely
        && [&b"import "[..], b"export ", b"} from ", b"from "].iter().any(|start| head.starts_with(start));
    let anchor = match is_import {
        true => memmem::rfind(line, b"from ").or_else(|| memmem::find(line, b"import ")),
        false if requires => memmem::find(line, b"require("),
        false => None,
    }?;
    let open = anchor + memchr::memchr2(b'\'', b'"', &line[anchor..])?;
    let close = open + 1 + memchr::memchr2(b'\'', b'"', &line[open + 1..])?;
    Some((open + 1, close))
}

/// A line without the white space that it begins with, of which nearly all is ASCII.
fn without_indentation(line: &[u8]) -> &[u8] {
    let plain = line.trim_ascii_start();
    match plain.first() {
        Some(0x0b | 0x80..) => {
            let valid = plain.utf8_chunks().next().map_or("", |chunk| chunk.valid());
            &plain[valid.len() - valid.trim_start().len()..]
        }
        _ => plain,
    }
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_are_blanked_and_strings_are_not() {
        let words = |text: &str, path: &str| -> Vec<String> {
            let code = String::from_utf8(blanked(text.as_bytes(), comments(path))).unwrap();
            code.split_whitespace().map(str::to_owned).collect()
        };
        let script = words("a // b\n\"http://c\" /* d\ne */ f\nit's // g\n", "a.ts");
        assert_eq!(script, ["a", "\"http://c\"", "f", "it's"]);
        assert_eq!(words("x = 1 # y\nz[#]", "a.py"), ["x", "=", "1", "z[#]"]);
    }

    #[test]
    fn paths_of_imports_are_blanked_behind_any_white_space() {
        for space in ["", " \t", "\u{b}", "\u{a0} "] {
            let code = blanked(format!("{space}import a from 'b'").as_bytes(), Comments::Slashes);
            assert_eq!(String::from_utf8(code).unwrap(), format!("{space}import a from ' '"));
        }
    }

    proptest! {
        #[test]
        fn what_is_known_of_a_line_changes_no_string(raw in "[a'\"\\\\\n/*#]{0,60}") {
            for comments in [Comments::Slashes, Comments::Hash] {
                let (bytes, mut at, mut open) = (raw.as_bytes(), 0, [0; 2]);
                while let Some(next) = memchr::memchr3(mark(comments).unwrap(), b'"', b'\'', &bytes[at..]) {
                    at += next;
                    at = match (comment(bytes, at, comments), bytes[at]) {
                        (Some(end), _) => end,
                        (None, b'"' | b'\'') => {
                            let end = string_end(bytes, at, &mut open);
                            prop_assert_eq!(end, string_end(bytes, at, &mut [0; 2]));
                            end
                        }
                        (None, _) => at + 1,
                    };
                }
            }
        }
    }
}
