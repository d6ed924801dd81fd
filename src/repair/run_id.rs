//! Names of runs: they start with a sortable time, and a counter follows where two share a second.

/// Whether a text can be a run id: one plain file name.
pub(super) fn is_valid(id: &str) -> bool {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '+');
    !id.is_empty() && id.len() <= 128 && !id.starts_with('.') && id.chars().all(plain)
}

/// A key that sorts run ids by age: text by text, numbers by value.
pub(super) fn order(id: &str) -> Vec<(String, u128)> {
    let mut parts: Vec<(String, u128)> = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let text = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest[text..].find(|character: char| !character.is_ascii_digit());
        let end = number.map_or(rest.len(), |length| text + length);
        parts.push((rest[..text].to_owned(), rest[text..end].parse().unwrap_or_default()));
        rest = &rest[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_names() {
        for id in ["20260522T101500Z", "20260522T101500Z-2", "a.b_c+d"] {
            assert!(is_valid(id), "{id}");
        }
        for id in ["", ".", "..", "../x", "a/b", "a\\b", ".x", "a b", "\u{e9}", "C:x"] {
            assert!(!is_valid(id), "{id}");
        }
    }

    #[test]
    fn counters_sort_by_value() {
        let mut ids = ["20260522T101500Z-10", "20260522T101501Z", "20260522T101500Z-2", "20260522T101500Z"];
        ids.sort_by_key(|id| order(id));
        assert_eq!(
            ids,
            ["20260522T101500Z", "20260522T101500Z-2", "20260522T101500Z-10", "20260522T101501Z"]
        );
    }
}
