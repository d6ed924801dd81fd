//! Commit messages: subject, body, trailers.

use crate::model::Trailer;

/// A message taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// First line.
    pub(super) subject: String,
    /// The rest, without blank lines around it.
    pub(super) body: String,
    /// `Key: value` lines of the last paragraph.
    pub(super) trailers: Vec<Trailer>,
}

/// Takes a message apart. Bytes that are not UTF-8 are replaced.
pub(super) fn parse(bytes: &[u8]) -> Message {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let text = text.trim_start_matches('\n');
    let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
    let body = body.trim_start_matches('\n').trim_end();
    Message { subject: subject.trim_end().to_owned(), body: body.to_owned(), trailers: trailers(text) }
}

/// Trailers of a message, as git finds them: in the last paragraph, never in the first.
fn trailers(text: &str) -> Vec<Trailer> {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let Some(blank) = lines.iter().rposition(|line| line.trim().is_empty()) else { return Vec::new() };
    let block = &lines[blank + 1..];
    if is_trailer_block(block) { read_block(block) } else { Vec::new() }
}

/// All lines are trailers; or git wrote one of them, and at least a quarter are.
fn is_trailer_block(block: &[&str]) -> bool {
    let (mut trailers, mut others, mut by_git) = (0, 0, false);
    let mut after_trailer = false;
    for line in block {
        if line.starts_with([' ', '\t']) {
            others += usize::from(!after_trailer);
            continue;
        }
        let generated =
            line.starts_with("(cherry picked from commit ") || line.starts_with("Signed-off-by: ");
        by_git |= generated;
        after_trailer = generated || key_value(line).is_some();
        if after_trailer {
            trailers += 1;
        } else {
            others += 1;
        }
    }
    trailers > 0 && (others == 0 || (by_git && trailers * 3 >= others))
}

fn read_block(block: &[&str]) -> Vec<Trailer> {
    let mut trailers: Vec<Trailer> = Vec::new();
    let mut continues = false;
    for line in block {
        if line.starts_with([' ', '\t']) {
            if continues && let Some(last) = trailers.last_mut() {
                extend(&mut last.value, line.trim());
            }
            continue;
        }
        let pair = key_value(line);
        continues = pair.is_some();
        trailers.extend(pair.map(|(key, value)| Trailer { key: key.to_owned(), value: value.to_owned() }));
    }
    trailers.shrink_to_fit();
    trailers
}

/// Adds a line to a value, in place: a message may consist of such lines.
fn extend(value: &mut String, line: &str) {
    if !value.is_empty() && !line.is_empty() {
        value.push(' ');
    }
    value.push_str(line);
}

fn key_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let valid = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    valid.then(|| (key, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(message: &str) -> Vec<(String, String)> {
        parse(message.as_bytes()).trailers.into_iter().map(|t| (t.key, t.value)).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn subject_and_body_are_split_at_the_first_line() {
        let message = parse(b"\nsubject\n\nfirst\n\nsecond\n\n");
        assert_eq!((message.subject.as_str(), message.body.as_str()), ("subject", "first\n\nsecond"));
        assert_eq!(parse(b""), Message::default());
    }

    #[test]
    fn trailers_stand_in_the_last_paragraph() {
        let found = pairs("subject\n\nbody\n\nTask: T1\nReviewed-by: a\n  b\n");
        assert_eq!(found, [pair("Task", "T1"), pair("Reviewed-by", "a b")]);
        assert!(pairs("Task: T1\n").is_empty(), "a subject is no trailer");
        assert!(pairs("subject\nTask: T1\n").is_empty(), "the first paragraph has none");
        assert!(pairs("subject\n\nTask: T1\n\nlast words\n").is_empty());
        assert!(pairs("subject\n\nNote: this\nis prose\n").is_empty());
    }

    #[test]
    fn a_value_of_very_many_lines_is_joined_in_one_go() {
        let found = pairs(&format!("subject\n\nTask:\n{}", " T1\n".repeat(500_000)));
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].1[..6], found[0].1.len()), ("T1 T1 ", 3 * 500_000 - 1));
    }

    #[test]
    fn a_sign_off_makes_a_mixed_paragraph_a_block() {
        let found = pairs("subject\n\nsome prose\nSigned-off-by: a <a@b>\n");
        assert_eq!(found, [pair("Signed-off-by", "a <a@b>")]);
    }

    #[test]
    fn bytes_that_are_not_text_are_replaced() {
        assert_eq!(parse(b"caf\xe9").subject, "caf\u{fffd}");
    }
}
