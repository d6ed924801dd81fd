//! Lists within messages: ids, paths, counts, rows.

use super::Subject;
use crate::word_list::words;

/// Longer names are no ids.
const LONGEST_NAME: usize = 200;

/// Ids joined by `, `; `None` if something among them cannot be an id.
pub(super) fn ids(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    // Most texts are sentences, as the first space tells: in a list a comma stands beside it.
    let space = words(text).next().map(str::len).filter(|&at| at < text.len());
    if space.is_some_and(|at| !text[..at].ends_with(',') && !text[at..].trim_start().starts_with(',')) {
        return None;
    }
    let ids = text.split(", ").map(str::trim);
    ids.clone().all(is_name).then(|| ids.map(str::to_owned).collect())
}

/// Whether a text can name a task or a check: one word.
pub(super) fn is_name(text: &str) -> bool {
    let fits = |character: char| !character.is_whitespace() && !matches!(character, ',' | '"' | '\'');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(fits)
}

/// `k/n ` and what follows.
pub(super) fn count(text: &str) -> Option<(usize, usize, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
        return None;
    }
    let (counts, rest) = text.split_once(' ')?;
    let (open, all) = counts.split_once('/')?;
    Some((open.parse().ok()?, all.parse().ok()?, rest))
}

/// `task_updates[3]`
pub(super) fn row(text: &str) -> Option<Subject> {
    let (list, at) = text.strip_suffix(']')?.split_once('[')?;
    let is_known = ["task_updates", "sense_check_acknowledgments"].contains(&list.to_lowercase().as_str());
    is_known.then(|| at.parse().ok()).flatten().map(|at| Subject::Row { list: list.to_lowercase(), at })
}

/// Strings as Python prints a list of them: `['a', "b's"]`. Escapes stay as they stand, but for quotes and
/// backslashes.
pub(super) fn python_list(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut items = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (item, after) = python_string(&rest[1..], quote)?;
        items.push(item);
        rest = after.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(items)
}

fn python_string(text: &str, quote: char) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                let (_, escaped) = characters.next()?;
                if !matches!(escaped, '\\' | '\'' | '"') {
                    item.push('\\');
                }
                item.push(escaped);
            }
            _ if character == quote => return Some((item, &text[at + 1..])),
            _ => item.push(character),
        }
    }
    None
}

/// The paths of a list joined by `, `. A path may hold that, too: pieces that are `known` only together are
/// one path (spec edge 37). A final `…` stands for more and is left out.
pub fn paths(list: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<String> {
    /// More pieces than this are never one path.
    const LONGEST: usize = 8;
    let pieces: Vec<&str> = list.split(", ").filter(|piece| *piece != "\u{2026}").collect();
    let mut paths = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let most = LONGEST.min(pieces.len() - at);
        let whole = |length: &usize| is_known(&pieces[at..at + length].join(", "));
        let length = match is_known(pieces[at]) {
            true => 1,
            false => (2..=most).find(whole).unwrap_or(1),
        };
        let path = pieces[at..at + length].join(", ");
        if !path.trim().is_empty() {
            paths.push(path.trim().to_owned());
        }
        at += length;
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_within_a_path_do_not_split_it() {
        let known = |path: &str| ["docs/a, b.md", "src/x.rs"].contains(&path);
        assert_eq!(
            paths("src/x.rs, docs/a, b.md, new, \u{2026}", &known),
            ["src/x.rs", "docs/a, b.md", "new"]
        );
        assert_eq!(paths("a, b", &|_| false), ["a", "b"]);
    }

    #[test]
    fn lists_of_python_are_read() {
        assert_eq!(python_list(r#"['a', "b's", 'c\'d']"#).unwrap(), ["a", "b's", "c'd"]);
        assert_eq!(python_list("[]").unwrap(), [""; 0]);
        for broken in ["'a'", "['a", "[a]", "['a' 'b"] {
            assert_eq!(python_list(broken), None, "{broken}");
        }
    }

    #[test]
    fn ids_are_words() {
        for list in ["T1, T10", " T1 , T10\n", "T1,  T10"] {
            assert_eq!(ids(list).unwrap(), ["T1", "T10"], "{list}");
        }
        for prose in ["", "T1 and T2", "T1, ", "'T1'"] {
            assert_eq!(ids(prose), None, "{prose}");
        }
    }
}
