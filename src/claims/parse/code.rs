//! What a piece of quoted code is, by its look.

use crate::word_list::{WordList, words};

/// The form of an atom; it decides how it is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A name that only code has: `useFoo`, `shot_id`, `Foo.bar`. Matched as a whole word.
    Identifier,
    /// A plain word that was quoted: `blur`, `Escape`. Matched as a whole word, and weak on its own.
    Word,
    /// Code with signs or spaces. Matched without regard to white space and kind of quotation mark.
    Code,
    /// A sentence that was quoted. Matched like code.
    Prose,
}

/// Programs whose names start a command line.
static PROGRAMS: WordList = WordList::new(
    "npm npx pnpm yarn bun bunx deno node tsc eslint vitest jest playwright rg grep git cargo rustc go \
    make cmake pytest python python3 pip poetry uv ruff mypy tox bash sh zsh cd ls cat sed awk find docker supabase gh curl",
);

/// The longest text that is searched for.
const MAX_LENGTH: usize = 300;

/// The form of quoted code, and the text to search for; `None` for what is no code: commands, task ids, steps.
pub(super) fn form(code: &str) -> Option<(Form, String)> {
    let code = code.trim().trim_end_matches([',', ';', '.']).trim();
    // `a -> b -> c` is a path through code and no code.
    let is_way = code.contains('>') && code.matches(" -> ").count() > 1;
    if is_way || (!code.is_ascii() && code.contains('\u{2192}')) {
        return None;
    }
    if code.len() < 2 || code.len() > MAX_LENGTH || is_command(code) || is_label(code) || is_place(code) {
        return None;
    }
    let name = bare_name(code);
    if is_name(name) {
        let form = if is_telling(name) || name.len() < code.len() { Form::Identifier } else { Form::Word };
        return (name.len() >= 2).then(|| (form, name.to_owned()));
    }
    if !code.contains(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let count = words(code).count();
    let is_sign =
        |c: &char| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, ',' | '.' | '\'' | '-');
    let is_prose = count >= 4 && code.chars().filter(is_sign).count() * 4 < count;
    let form = if is_prose { Form::Prose } else { Form::Code };
    Some((form, code.to_owned()))
}

/// The form of an unquoted word; only names that cannot be English count.
pub(super) fn bare_form(word: &str) -> Option<(Form, String)> {
    let is_call = word.ends_with("()");
    // Most words are those of prose.
    if !is_call && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let name = bare_name(word.split('<').next().unwrap_or(word));
    let plain = name.len() >= 4 && name.len() < 100 && is_name(name);
    (plain && (is_call || has_humps(name)) && !is_label(name)).then(|| (Form::Identifier, name.to_owned()))
}

/// `foo` of `foo()`, `.foo`, `<Foo />`, `@foo`; else the code itself.
fn bare_name(code: &str) -> &str {
    let code = code.strip_suffix("()").unwrap_or(code);
    let tag = code.strip_prefix('<').map(|tag| tag.trim_end_matches(['>', '/', ' ']));
    tag.or_else(|| code.strip_prefix('.')).or_else(|| code.strip_prefix('#')).unwrap_or(code)
}

/// Names joined by dots, `::` or `->`.
fn is_name(text: &str) -> bool {
    let is_of_name = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b':' | b'?' | b'.') || !byte.is_ascii()
    };
    if !text.bytes().all(is_of_name) {
        return false;
    }
    let mut parts = text.split("::").flat_map(|part| part.split("?.")).flat_map(|part| part.split('.'));
    parts.all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    })
}

/// Whether a name looks like code and not like a word of prose.
fn is_telling(name: &str) -> bool {
    has_humps(name) || name.contains(['.', ':', '$']) || name.contains(|c: char| c.is_ascii_digit())
}

/// `camelCase`, `PascalCase` with two humps, `snake_case`, `LOUD_CASE`.
fn has_humps(name: &str) -> bool {
    let hump =
        name.chars().zip(name.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    let snake = name.trim_matches('_').contains('_') && name.contains(char::is_alphabetic);
    hump || snake
}

/// An ending such as `.ts`, or a directory that is spelled without its final slash.
fn is_place(code: &str) -> bool {
    let is_ending =
        code.starts_with('.') && code.len() <= 5 && code[1..].chars().all(|c| c.is_ascii_lowercase());
    let is_plain = code.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c));
    is_ending || (is_plain && code.matches('/').count() >= 2)
}

fn is_command(code: &str) -> bool {
    let first = words(code).next().unwrap_or_default();
    PROGRAMS.has(first)
}

/// Ids of tasks, checks and flags, commit ids, and bare numbers.
fn is_label(code: &str) -> bool {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '-');
    let is_id = code.len() <= 12 && digits.len() < code.len() && !digits.is_empty() && all_digits(digits);
    let is_hash = (7..=40).contains(&code.len())
        && code.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
        && code.contains(|c: char| c.is_ascii_digit());
    is_id || is_hash || all_digits(code)
}

fn all_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_the_look() {
        for (code, wanted) in [
            ("useFoo()", Some((Form::Identifier, "useFoo"))),
            ("PREVIEW_FPS", Some((Form::Identifier, "PREVIEW_FPS"))),
            ("window.blur", Some((Form::Identifier, "window.blur"))),
            ("<EffectLayer />", Some((Form::Identifier, "EffectLayer"))),
            ("Escape", Some((Form::Word, "Escape"))),
            ("params?: Record<string, unknown>", Some((Form::Code, "params?: Record<string, unknown>"))),
            (
                "These counts are kept as evidence only",
                Some((Form::Prose, "These counts are kept as evidence only")),
            ),
            ("npm run build", None),
            ("T12", None),
            ("FLAG-003", None),
            ("19cec706", None),
            ("x", None),
            ("=>", None),
        ] {
            let found = form(code);
            assert_eq!(found.as_ref().map(|(form, text)| (*form, text.as_str())), wanted, "{code}");
        }
    }

    #[test]
    fn unquoted_names_must_look_like_code() {
        assert!(bare_form("ParameterControls").is_some() && bare_form("run_all").is_some());
        assert!(bare_form("UseAutoSave<T>").is_some() && bare_form("restart()").is_some());
        for word in ["Parameter", "the", "SD-002", "re-ran", "3.5"] {
            assert!(bare_form(word).is_none(), "{word}");
        }
    }
}
