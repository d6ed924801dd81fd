//! Names that may have been meant by one that is not there.

/// So many names are offered.
const OFFERED: usize = 3;

/// Those of `names` that are spelled most like `wanted`, whatever their case: at most one slip in three characters,
/// and one in any name.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    let distance = |name: &str| strsim::osa_distance(&wanted, &name.to_lowercase());
    let mut near: Vec<(usize, &str)> =
        names.into_iter().map(|name| (distance(name), name)).filter(|(slips, _)| *slips <= most).collect();
    let least = near.iter().map(|(slips, _)| *slips).min();
    near.retain(|(slips, _)| Some(*slips) == least);
    near.into_iter().map(|(_, name)| name).take(OFFERED).collect()
}

/// What to say of a name that is not there: what may have been meant, else all there is.
pub fn hint<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let near: Vec<String> =
        nearest(wanted, names.iter().copied()).into_iter().map(|name| format!("`{name}`")).collect();
    match near.split_last() {
        None => format!("there are: {}", names.join(", ")),
        Some((last, [])) => format!("did you mean {last}?"),
        Some((last, rest)) => format!("did you mean {} or {last}?", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_alike_is_offered_and_else_everything() {
        let names = ["json", "jsonl", "html", "human"];
        assert_eq!(hint("htlm", names), "did you mean `html`?");
        assert_eq!(hint("JSON", names), "did you mean `json`?");
        assert_eq!(hint("jsom", names), "did you mean `json`?");
        assert_eq!(hint("jsonx", names), "did you mean `json` or `jsonl`?");
        assert_eq!(hint("yaml", names), "there are: json, jsonl, html, human");
        assert_eq!(nearest("x", []), [""; 0]);
    }
}
