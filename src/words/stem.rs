//! What a part of a token means: its stem, unless it says nothing by itself.

use std::sync::LazyLock;

use hashbrown::HashSet;

use super::token::SHORTEST;

/// Words that tasks and commits use whatever they are about.
const STOP_WORDS: &str = "
    about above across actually add added adding adds after again against agent all already also
    although always and another any are around
    back based because been before being below between both but
    call can cannot change changed changes check code confirm confirmed correct could create created
    current currently
    data default description did directly does doesn don done during
    each either ensure etc even every exactly existing expected
    fail fails false feat file files first fix fixed fixes following for from full
    get
    had has have here how
    implement implementation implemented import including instead into issue its itself
    just
    keep
    last left let like line lines
    make makes may merge more must
    name need needed needs new next none not note now null
    off one only onto optional other our out over own
    part pass passed passes per pull
    read ready remains remove removed request result results return returns run runs
    same see set should since single some still string such support sure
    take task tasks test tested tests text than that the their them then there these they this those
    through todo too true two type
    under until update updated updates upon use used user uses using
    value values verification verified verify via
    was way were what when where whether which while who why will with within without work works would
    yet you your
";

static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

/// The stem of a part of a token in lower case, if it means anything. `buffer` spares an allocation per word.
pub(super) fn word<'b>(part: &str, buffer: &'b mut String) -> Option<&'b str> {
    lower_into(part, buffer);
    let is_number = buffer.bytes().all(|byte| byte.is_ascii_digit());
    let is_telling = buffer.len() >= SHORTEST && !is_number && !STOP.contains(buffer.as_str());
    is_telling.then(|| stem(buffer))
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

    fn stem_of(part: &str) -> Option<String> {
        word(part, &mut String::new()).map(str::to_owned)
    }

    #[test]
    fn forms_of_a_word_meet() {
        assert_eq!(stem_of("locking"), stem_of("Locked"));
        assert_eq!(stem_of("caches"), stem_of("cached"));
        assert_eq!(stem_of("Größen"), Some("größen".to_owned()));
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        for part in ["the", "Update", "tests", "2024", "ab"] {
            assert_eq!(stem_of(part), None, "{part}");
        }
    }
}
