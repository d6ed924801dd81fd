//! Secrets in commands of any surroundings.

use taskproof::report::redact;

use super::Bytes;

/// A secret that surroundings do not spell by chance.
const SECRET: &str = "q7Zx9Kw2Lm4Np8Rt6Vy3";

/// One byte chooses how the secret is told, the rest surrounds it.
pub fn redact(data: &[u8]) {
    let mut choose = Bytes(data);
    let told = match choose.below(9) {
        0 => format!("--token={SECRET}"),
        1 => format!("--api-key {SECRET}"),
        2 => format!("GITHUB_TOKEN={SECRET}"),
        3 => format!("DB_PASSWORD='{SECRET}'"),
        4 => format!("curl -u admin:{SECRET} x"),
        5 => format!("Authorization: Bearer {SECRET}"),
        6 => format!("https://user:{SECRET}@host/x"),
        7 => format!("{{\"password\": \"{SECRET}\"}}"),
        _ => format!("ghp_{SECRET}"),
    };
    let rest = String::from_utf8_lossy(choose.0).into_owned();
    if rest.contains(SECRET) {
        return; // Libfuzzer reads it off the comparisons; without what tells it, it is no secret.
    }
    let middle = rest.char_indices().map(|(at, _)| at).nth(rest.chars().count() / 2).unwrap_or_default();
    let (before, after) = rest.split_at(middle);
    let text = format!("{before}\n{told}\n{after}");
    let shown = redact::text(&text);
    assert!(!shown.contains(SECRET), "{shown:?}");
    assert_eq!(redact::text(&shown), shown, "what is masked stays as it is");
}
