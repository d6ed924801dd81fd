//! The tokens of a text, prose or code alike, and the parts of tokens that may be words.

/// Shorter words say too little.
pub(super) const SHORTEST: usize = 3;
/// Longer tokens are data: hashes, base64, minified code.
const LONGEST: usize = 64;

/// Runs of letters, digits and underscores that may be identifiers or words, with their byte offsets.
///
/// This runs over every changed line: bytes are looked at one by one, and characters only where they are not ASCII.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = skip(text, at, false);
            if start == text.len() {
                return None;
            }
            at = skip(text, start, true);
            if (SHORTEST..=LONGEST).contains(&(at - start)) {
                return Some((start, &text[start..at]));
            }
        }
    })
}

/// The first place, from `at` on, where a character is not of the wanted sort: part of a token or not.
fn skip(text: &str, mut at: usize, is_part: bool) -> usize {
    let bytes = text.as_bytes();
    let wanted = if is_part { Sort::Part } else { Sort::Between };
    loop {
        at += bytes[at..].iter().take_while(|byte| SORTS[usize::from(**byte)] == wanted).count();
        match bytes.get(at).map(|byte| SORTS[usize::from(*byte)]) {
            Some(Sort::Wide) => {
                let next = text[at..].chars().next().unwrap_or_default();
                if next.is_alphanumeric() != is_part {
                    return at;
                }
                at += next.len_utf8();
            }
            _ => return at,
        }
    }
}

/// What a byte can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Of a token.
    Part,
    /// Of what stands between tokens.
    Between,
    /// The first of a character that is not ASCII.
    Wide,
}

const SORTS: [Sort; 256] = {
    let mut sorts = [Sort::Wide; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        let is_part = byte.is_ascii_alphanumeric() || byte == b'_';
        sorts[byte as usize] = if is_part { Sort::Part } else { Sort::Between };
        byte += 1;
    }
    sorts
};

/// Whether a token can hardly be prose: it has an inner underscore, or changes case inside, or mixes in digits.
pub(crate) fn is_identifier(token: &str) -> bool {
    let bytes = token.as_bytes();
    let inner_underscore = token.trim_matches('_').contains('_');
    let has_hump = bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let is_constant = bytes.len() > 3
        && bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let mixes_digits = bytes.len() > 3
        && bytes[0].is_ascii_alphabetic()
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count() > 2;
    inner_underscore || has_hump || is_constant || mixes_digits
}

/// Calls `found` for each part of a token that may be a word, as it is spelled.
pub(super) fn each_part<'a>(token: &'a str, mut found: impl FnMut(&'a str)) {
    for part in token.split('_').filter(|part| part.len() >= SHORTEST) {
        let mut start = 0;
        for at in 1..=part.len() {
            if at == part.len() || is_hump(part, at) {
                let word = &part[start..at];
                start = at;
                if word.len() >= SHORTEST {
                    found(word);
                }
            }
        }
    }
}

/// Whether a new word begins at a byte of a token: after a small letter, or at the last capital of several.
fn is_hump(part: &str, at: usize) -> bool {
    let bytes = part.as_bytes();
    let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(token: &str) -> Vec<&str> {
        let mut found = Vec::new();
        each_part(token, |part| found.push(part));
        found
    }

    #[test]
    fn tokens_keep_their_offsets() {
        let found: Vec<_> = tokens("a fooBar, x_y-z!").collect();
        assert_eq!(found, [(2, "fooBar"), (10, "x_y")]);
        assert_eq!(tokens(&"x".repeat(65)).count(), 0);
        let found: Vec<_> = tokens("«größe» – naïve_ß").collect();
        assert_eq!(found, [(2, "größe"), (16, "naïve_ß")]);
    }

    #[test]
    fn tokens_split_at_humps_and_underscores() {
        assert_eq!(parts("saveTimelineDrafts"), ["save", "Timeline", "Drafts"]);
        assert_eq!(parts("HTTPServer_config"), ["HTTP", "Server", "config"]);
        assert_eq!(parts("a_bc"), [""; 0]);
    }

    #[test]
    fn identifiers_are_not_prose() {
        for token in ["fooBar", "foo_bar", "MAX_SIZE", "sha256", "JSONL"] {
            assert!(is_identifier(token), "{token}");
        }
        for token in ["timeline", "Timeline", "_", "the", "API"] {
            assert!(!is_identifier(token), "{token}");
        }
    }
}
