//! A text as what it speaks of: files, symbols and words, each as a hash. Order does not matter.

use super::vocabulary::{COMPLAINING, CONFIRMING, EMPTY, EXTENSIONS, NEGATIONS, USUAL};
use super::wording;
use crate::model::Claim;
use crate::word_list::{is_lower, lower};

/// What a claim speaks of; every list is sorted and without repetition.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// The statement without what does not matter.
    pub(super) wording: u64,
    /// Base names of files.
    pub(super) files: Vec<u64>,
    /// Names from code: quoted, or spelled as nobody spells words.
    pub(super) symbols: Vec<u64>,
    /// Names of files without extension; they often name what is in them.
    pub(super) stems: Vec<u64>,
    /// Words, and the words that symbols and file names are made of.
    pub(super) words: Vec<(u64, f64)>,
    /// Words outside code.
    pub(super) prose: Vec<u64>,
    /// What a statement numbers itself with: `Criterion 9`, `Step 5`.
    pub(super) label: Option<(u64, u64)>,
    /// Numbers that are neither lines nor part of a name.
    pub(super) numbers: Vec<u64>,
    /// How many negations.
    pub(super) negations: usize,
    /// Confirmation or complaint.
    pub(super) tone: Tone,
    /// Base name of the evidence file.
    pub(super) evidence: Option<u64>,
    /// Tasks of the record.
    pub(super) tasks: Vec<u64>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    /// Says that something is as it should be.
    Confirms,
    /// Says that something is not.
    Complains,
    /// Neither is plain.
    #[default]
    States,
}

/// Share of a word that reviews are full of.
const USUAL_WEIGHT: f64 = 0.35;
/// Longer statements are cut: what they are about is said by then.
const LONGEST: usize = 16 << 10;

/// Memory for words while they are looked at. Most texts have many of them.
#[derive(Default)]
struct Desk {
    /// A word in lower case.
    lower: String,
    /// A part of a name.
    part: String,
}

impl Features {
    pub(super) fn of(claim: &Claim) -> Self {
        let statement = wording::statement(&claim.text);
        let end = (0..=LONGEST.min(statement.len())).rev().find(|&at| statement.is_char_boundary(at));
        let statement = &statement[..end.unwrap_or(0)];
        let mut features = Self {
            wording: hash(&wording::normal(statement)),
            evidence: claim.evidence_file.as_deref().map(|path| hash(&lower(base_name(path)))),
            tasks: claim.task_ids.iter().map(|id| hash(&id.0)).collect(),
            // Of most claims none of these grows.
            words: Vec::with_capacity(24),
            prose: Vec::with_capacity(8),
            symbols: Vec::with_capacity(8),
            ..Self::default()
        };
        let linked = wording::without_link_texts(statement);
        let mut desk = Desk::default();
        let mut pieces = linked.split('`').peekable();
        let mut is_quoted = false;
        while let Some(piece) = pieces.next() {
            // A piece that is cut off before its closing quote is prose.
            features.read(piece, is_quoted && pieces.peek().is_some(), &mut desk);
            is_quoted = !is_quoted;
        }
        // What code says is no complaint.
        features.tone = tone(statement.split('`').step_by(2));
        features.label = label(statement);
        for list in [
            &mut features.files,
            &mut features.symbols,
            &mut features.stems,
            &mut features.prose,
            &mut features.numbers,
            &mut features.tasks,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        features.words.sort_by_key(|(word, _)| *word);
        features.words.dedup_by_key(|(word, _)| *word);
        features
    }

    fn read(&mut self, piece: &str, is_quoted: bool, desk: &mut Desk) {
        for raw in piece.split(|c: char| !is_part(c)).filter(|raw| !raw.is_empty()) {
            let named = trimmed(raw, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'+'));
            if let Some(name) = file_name(named) {
                let stem = name.split('.').next().unwrap_or(name);
                self.files.push(hash(lowered(name, &mut desk.lower)));
                self.stems.push(hash(lowered(stem, &mut desk.lower)));
                self.parts(stem, &mut desk.part);
                continue;
            }
            let token = trimmed(raw, |byte| matches!(byte, b'.' | b'\'' | b'-' | b'+' | b'/'));
            let words = token.split(['.', '/', '@', '+']);
            words.filter(|word| !word.is_empty()).for_each(|word| self.word(word, is_quoted, desk));
        }
    }

    fn word(&mut self, word: &str, is_quoted: bool, desk: &mut Desk) {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            if !is_quoted {
                self.numbers.push(hash(word));
            }
            return;
        }
        let lower = lowered(word, &mut desk.lower);
        if NEGATIONS.has(lower) || lower.ends_with("n't") {
            self.negations += 1;
        }
        let is_long = is_longer(word, 2);
        if (is_quoted || is_code_name(word)) && is_long && !EMPTY.has(lower) {
            self.symbols.push(hash(lower));
            self.parts(word, &mut desk.part);
        } else if !is_quoted {
            for part in lower.split('-') {
                self.prose.push(hash(stem(part)));
                self.plain(part);
            }
        }
    }

    /// The words of a name: `useSelectedClips`, `snake_case`, `kebab-case`.
    fn parts(&mut self, name: &str, part: &mut String) {
        let mut was_lower = false;
        part.clear();
        for c in name.chars() {
            if !c.is_alphabetic() || (c.is_uppercase() && was_lower) {
                self.plain(part);
                part.clear();
            }
            match c {
                'a'..='z' => part.push(c),
                'A'..='Z' => part.push(c.to_ascii_lowercase()),
                _ if c.is_alphabetic() => part.extend(c.to_lowercase()),
                _ => {}
            }
            was_lower = c.is_lowercase();
        }
        self.plain(part);
    }

    fn plain(&mut self, word: &str) {
        let word = trimmed(word, |byte| byte == b'\'');
        if !is_longer(word, 2) || EMPTY.has(word) || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        let stem = stem(word);
        let is_usual = USUAL.has(word) || (stem.len() < word.len() && USUAL.has(stem));
        self.words.push((hash(stem), if is_usual { USUAL_WEIGHT } else { 1.0 }));
    }
}

/// A text in lower case, in `memory` if it is not so by itself.
fn lowered<'t>(text: &'t str, memory: &'t mut String) -> &'t str {
    if is_lower(text) {
        return text;
    }
    memory.clear();
    if text.is_ascii() {
        memory.push_str(text);
        memory.make_ascii_lowercase();
    } else {
        memory.push_str(&text.to_lowercase());
    }
    memory
}

/// A text without what is at its edges, all of it ASCII.
fn trimmed(text: &str, is_edge: impl Fn(u8) -> bool) -> &str {
    let start = text.bytes().take_while(|&byte| is_edge(byte)).count();
    let end = text.bytes().rposition(|byte| !is_edge(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Characters of names and paths.
fn is_part(c: char) -> bool {
    const ASCII: [bool; 128] = {
        let mut table = [false; 128];
        let mut byte = 0;
        while byte < 128_u8 {
            let is_sign = matches!(byte, b'_' | b'$' | b'.' | b'/' | b'@' | b'+' | b'-' | b'\'');
            table[byte as usize] = byte.is_ascii_alphanumeric() || is_sign;
            byte += 1;
        }
        table
    };
    ASCII.get(c as usize).copied().unwrap_or_else(|| c.is_alphanumeric())
}

/// Files that a text names, as spelled, in order and without repetition.
pub(super) fn file_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for raw in wording::without_link_texts(text).split(|c: char| !is_part(c)) {
        let token = raw.trim_matches(['.', '\'', '-', '+']);
        if file_name(token).is_some() && !names.iter().any(|name| name == token) {
            names.push(token.to_owned());
        }
    }
    names
}

/// The base name if a token is a path with an extension.
fn file_name(token: &str) -> Option<&str> {
    // Most words have no extension.
    memchr::memrchr(b'.', token.as_bytes())?;
    let name = base_name(token);
    let (stem, extension) = name.rsplit_once('.')?;
    let is_extension = (1..=5).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.starts_with(|c: char| c.is_ascii_lowercase());
    // `state.isReady` and `e.g` are no files.
    let known = token.contains('/') || EXTENSIONS.has(extension);
    (is_extension && known && !stem.is_empty()).then_some(name)
}

fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether a word is spelled as only code is: `camelCase`, `snake_case`, `$x`.
fn is_code_name(word: &str) -> bool {
    let bytes = word.as_bytes();
    let humps = || bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    bytes.iter().any(|byte| matches!(byte, b'_' | b'$')) || humps()
}

/// Whether a word has more characters than `most`.
fn is_longer(word: &str, most: usize) -> bool {
    word.len() > most && (word.is_ascii() || word.chars().nth(most).is_some())
}

/// A word without its ending, if enough is left.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 11] = ["ingly", "edly", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "ly"];
    if !word.ends_with(['g', 'y', 's', 'd']) {
        return word;
    }
    let cut = |ending: &&str| word.strip_suffix(*ending).filter(|rest| is_longer(rest, 3));
    ENDINGS.iter().find_map(cut).unwrap_or(word)
}

fn tone<'a>(pieces: impl Iterator<Item = &'a str>) -> Tone {
    let is_part = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '\'' | '-') || (!c.is_ascii() && c.is_alphanumeric())
    };
    let mut words = pieces
        .flat_map(|piece| piece.split(move |c: char| !is_part(c)))
        .filter(|word| !word.is_empty())
        .map(lower);
    let Some(first) = words.find(|word| !is_flag(word)) else { return Tone::States };
    if CONFIRMING.has(&first) {
        return Tone::Confirms;
    }
    let mut is_over = false;
    let mut before = first;
    let mut complains = COMPLAINING.has(&before);
    for word in words {
        complains |= COMPLAINING.has(&word);
        is_over |= word == "longer" && before == "no";
        complains |= word == "not" && matches!(&*before, "does" | "do" | "did" | "is" | "are");
        before = word;
    }
    match (complains, is_over) {
        (true, _) => Tone::Complains,
        (false, true) => Tone::Confirms,
        (false, false) => Tone::States,
    }
}

/// `flag-003`, as a review calls what it speaks of.
fn is_flag(word: &str) -> bool {
    let parts = word.split_once('-');
    parts.is_some_and(|(name, number)| {
        name.chars().all(char::is_alphabetic) && number.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The first two words, where the second is a number.
fn label(statement: &str) -> Option<(u64, u64)> {
    let mut words = statement.split_whitespace();
    let (name, number) = (words.next()?, words.next()?.trim_end_matches([':', '.', ',', ';', ')']));
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| (hash(&lower(name)), hash(number)))
}

/// FNV-1a: the same on every machine and in every run.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
