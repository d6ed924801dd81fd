//! Words and identifiers of a text, prose or code alike.

/// Shorter words say too little.
const SHORTEST: usize = 3;
/// Longer tokens are data: hashes, base64, minified code.
const LONGEST: usize = 64;

/// Words that tasks and commits use whatever they are about.
const STOP_WORDS: &[&str] = &[
    "about",
    "above",
    "across",
    "actually",
    "add",
    "added",
    "adding",
    "adds",
    "after",
    "again",
    "against",
    "agent",
    "all",
    "already",
    "also",
    "although",
    "always",
    "and",
    "another",
    "any",
    "are",
    "around",
    "back",
    "based",
    "because",
    "been",
    "before",
    "being",
    "below",
    "between",
    "both",
    "but",
    "call",
    "can",
    "cannot",
    "change",
    "changed",
    "changes",
    "check",
    "code",
    "confirm",
    "confirmed",
    "correct",
    "could",
    "create",
    "created",
    "current",
    "currently",
    "data",
    "default",
    "description",
    "did",
    "directly",
    "does",
    "doesn",
    "don",
    "done",
    "during",
    "each",
    "either",
    "ensure",
    "etc",
    "even",
    "every",
    "exactly",
    "existing",
    "expected",
    "fail",
    "fails",
    "false",
    "feat",
    "file",
    "files",
    "first",
    "fix",
    "fixed",
    "fixes",
    "following",
    "for",
    "from",
    "full",
    "get",
    "had",
    "has",
    "have",
    "here",
    "how",
    "implement",
    "implementation",
    "implemented",
    "import",
    "including",
    "instead",
    "into",
    "issue",
    "its",
    "itself",
    "just",
    "keep",
    "last",
    "left",
    "let",
    "like",
    "line",
    "lines",
    "make",
    "makes",
    "may",
    "merge",
    "more",
    "must",
    "name",
    "need",
    "needed",
    "needs",
    "new",
    "next",
    "none",
    "not",
    "note",
    "now",
    "null",
    "off",
    "one",
    "only",
    "onto",
    "optional",
    "other",
    "our",
    "out",
    "over",
    "own",
    "part",
    "pass",
    "passed",
    "passes",
    "per",
    "pull",
    "read",
    "ready",
    "remains",
    "remove",
    "removed",
    "request",
    "result",
    "results",
    "return",
    "returns",
    "run",
    "runs",
    "same",
    "see",
    "set",
    "should",
    "since",
    "single",
    "some",
    "still",
    "string",
    "such",
    "support",
    "sure",
    "take",
    "task",
    "tasks",
    "test",
    "tested",
    "tests",
    "text",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "todo",
    "too",
    "true",
    "two",
    "type",
    "under",
    "until",
    "update",
    "updated",
    "updates",
    "upon",
    "use",
    "used",
    "user",
    "uses",
    "using",
    "value",
    "values",
    "verification",
    "verified",
    "verify",
    "via",
    "was",
    "way",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "within",
    "without",
    "work",
    "works",
    "would",
    "yet",
    "you",
    "your",
];

/// Runs of letters, digits and underscores that may be identifiers or words, with their byte offsets.
///
/// This runs over every changed line: bytes are looked at one by one, and characters only where they are not ASCII.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
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
    while let Some(byte) = bytes.get(at) {
        let (is_wanted, length) = if byte.is_ascii() {
            ((byte.is_ascii_alphanumeric() || *byte == b'_') == is_part, 1)
        } else {
            let next = text[at..].chars().next().unwrap_or_default();
            (next.is_alphanumeric() == is_part, next.len_utf8())
        };
        if !is_wanted {
            break;
        }
        at += length;
    }
    at
}

/// Whether a token can hardly be prose: it has an inner underscore, or changes case inside, or mixes in digits.
pub(super) fn is_identifier(token: &str) -> bool {
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

/// The words of a token, in lower case and without endings: `saveTimelineDrafts` is `save`, `timelin`, `draft`.
/// Words that mean nothing by themselves are left out.
pub(super) fn words(token: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_word(token, &mut String::new(), |word| found.push(word.to_owned()));
    found
}

/// Calls `found` for each of the words of a token.
fn each_word(token: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    each_part(token, |part| {
        if let Some(word) = word(part, buffer) {
            found(word);
        }
    });
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

/// What a part of a token means, if anything: its stem in lower case. `buffer` spares an allocation per word.
pub(super) fn word<'b>(part: &str, buffer: &'b mut String) -> Option<&'b str> {
    lower_into(part, buffer);
    telling(buffer)
}

/// Whether a new word begins at a byte of a token: after a small letter, or at the last capital of several.
fn is_hump(part: &str, at: usize) -> bool {
    let bytes = part.as_bytes();
    let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1))
}

fn lower_into(word: &str, buffer: &mut String) {
    buffer.clear();
    if word.is_ascii() {
        buffer.push_str(word);
        buffer.make_ascii_lowercase();
    } else {
        buffer.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The stem of a word in lower case, if it means something.
fn telling(word: &str) -> Option<&str> {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_stop = || STOP_WORDS.binary_search(&word).is_ok();
    (word.len() >= SHORTEST && !is_number && !is_stop()).then(|| stem(word))
}

/// Strips the endings of plurals and verb forms: enough for `locks`, `locked` and `locking` to meet.
fn stem(word: &str) -> &str {
    if !word.is_ascii() {
        return word;
    }
    let endings = [("ing", 6), ("ed", 5), ("es", 5), ("s", 4)];
    let stripped = endings
        .iter()
        .filter(|(_, least)| word.len() >= *least && !word.ends_with("ss"))
        .find_map(|(ending, _)| word.strip_suffix(ending))
        .unwrap_or(word);
    match stripped.strip_suffix('e') {
        Some(shorter) if stripped.len() > 4 => shorter,
        _ => stripped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(token: &str) -> Vec<String> {
        words(token)
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
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
        assert_eq!(split("saveTimelineDrafts"), ["save", "timelin", "draft"]);
        assert_eq!(split("HTTPServer_config"), ["http", "server", "config"]);
        assert_eq!(split("the"), [""; 0]);
        assert_eq!(split("locking"), split("locked"));
        assert_eq!(split("caches"), split("cached"));
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
