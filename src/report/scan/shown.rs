//! A line that somebody else may have written, as it may be shown.

use super::super::redact;
use super::super::text::json_visible;

/// The same JSON value on one line, with secrets masked in its texts, and spelled out what a terminal or a runner would obey.
/// What we wrote stays as it is, but for names that look like secrets.
pub(super) fn shown(line: &str) -> Result<String, serde_json::Error> {
    let mut shown = String::with_capacity(line.len() + 1);
    let mut rest = line;
    while let Some(start) = rest.find('"') {
        bare(&rest[..start], &mut shown);
        let (text, after) = rest[start..].split_at(length(&rest[start..]));
        add_text(text, &mut shown)?;
        rest = after;
    }
    bare(rest, &mut shown);
    shown.push('\n');
    Ok(json_visible(&shown).into_owned())
}

/// What stands between texts: white space there means nothing.
fn bare(between: &str, out: &mut String) {
    out.extend(between.chars().filter(|character| !character.is_ascii_whitespace()));
}

/// Bytes of the text that begins here, with both of its quotation marks.
fn length(from: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in from.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    from.len()
}

fn add_text(quoted: &str, out: &mut String) -> Result<(), serde_json::Error> {
    let text: String = serde_json::from_str(quoted)?;
    let masked = redact::text(&text);
    if *masked == text {
        out.push_str(quoted);
    } else {
        out.push_str(&serde_json::to_string(&masked)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        let line = r#"{"type":"task","a\\":["\"x\\",1.10,-0,1e400],"b":{"é":null,"b":"\u00e9/"}}"#;
        assert_eq!(shown(line).unwrap(), format!("{line}\n"));
    }

    #[test]
    fn what_is_obeyed_is_spelled_out_and_secrets_are_masked() {
        let line =
            "\t{\"a\":\r\"##[error]\u{202e}\u{9b}\", \"b \u{7f}\": [\"curl -u me:q7Zx9Kw2 \\\"x\\\"\"] }";
        let shown = shown(line).unwrap();
        assert_eq!(
            shown,
            "{\"a\":\"##\\u005berror]\\u202e\\u009b\",\"b \\u007f\":[\"curl -u me:*** \\\"x\\\"\"]}\n"
        );
        let value: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(value["a"], "##[error]\u{202e}\u{9b}");
    }

    #[test]
    fn a_text_without_an_end_is_none() {
        assert!(shown("{\"a").is_err() && shown("\"a\\\"").is_err());
    }
}
