//! What secrets look like in commands.

use std::sync::LazyLock;

use crate::pattern::{Hints, Pattern};

/// A shell word after `=` or a space: bare, or quoted, or quoted within a JSON string, and then it may go on bare. It may
/// stand on the next line, after a backslash.
const WORD: &str = r#"(?:\\\r?\n[ \t]*)?(?P<value>\$?(?:\\"[^"\n]*"|"[^"\n]*"|'[^'\n]*')(?:[^\s"'\\]|\\[^"'\s])*|(?:[^\s"'\\]|\\[^"'\s])+)"#;

/// Names that end like this hold secrets.
const NAME: &str = r"(?:password|passwd|passphrase|secret|token|credentials?|(?:api|access|private|secret|signing|encryption)[-_]?key(?:[-_]id)?)";
/// How such names begin and end, ...
const NAMES: [&str; 6] = ["password", "passwd", "passphrase", "secret", "token", "credential"];
/// ... or only begin, ...
const STARTS: [&str; 5] = ["api", "access", "private", "signing", "encryption"];
/// ... or only end.
const ENDS: [&str; 4] = ["credentials", "key", "key-id", "key_id"];

/// What a secret is known by. It is the group `value`; one of the literals is in whatever is found.
type Rule = (String, Vec<String>);

/// All of them.
pub(super) static RULES: LazyLock<Vec<(Pattern, Vec<String>)>> = LazyLock::new(|| {
    let rules = [names(), programs(), headers(), addresses(), tokens()];
    rules.into_iter().flatten().map(|(source, literals)| (Pattern::built(source), literals)).collect()
});

pub(super) static HINTS: LazyLock<Hints> =
    LazyLock::new(|| Hints::new(RULES.iter().map(|(_, literals)| literals)));

fn is(literals: &[&str]) -> Vec<String> {
    literals.iter().map(|&literal| literal.to_owned()).collect()
}

/// Options, variables and members with a name that tells.
fn names() -> Vec<Rule> {
    let ends = || NAMES.into_iter().chain(ENDS);
    vec![
        // `--db-password x`, `--token=x`
        (
            format!(r"(?i)(?:^|[\s\x22'])--?(?:[a-z0-9]+-)*{NAME}(?:=|[ \t]+){WORD}"),
            NAMES.iter().chain(&STARTS).map(|start| format!("-{start}")).collect(),
        ),
        // `GITHUB_TOKEN=x`, `SECRET_KEY_BASE=x`, `DB_PASS=x`
        (
            format!(
                r"(?i)\b(?:[a-z0-9_]*{NAME}(?:_key)?(?:_base|_value)?|(?:[a-z0-9_]+_)?(?:pass|jwt)|[a-z0-9_]+_pwd)={WORD}"
            ),
            ends().chain(["_base", "_value", "pass", "jwt", "_pwd"]).map(|end| format!("{end}=")).collect(),
        ),
        // `set -x GITHUB_TOKEN x`
        (
            format!(r"(?i)\bset[ \t]+(?:-{{1,2}}[a-z]+[ \t]+)+[a-z0-9_]*{NAME}[ \t]+{WORD}"),
            is(&["set ", "set\t"]),
        ),
        // `{"password": "x"}`
        (
            format!(r#"(?i)\\?["'][a-z0-9_-]*{NAME}\\?["']\s*:\s*\\?["'](?P<value>[^"'\\\n]+)"#),
            ends().flat_map(|end| ["\"", "'", "\\"].map(|after| format!("{end}{after}"))).collect(),
        ),
    ]
}

/// What certain programs take secrets after.
fn programs() -> Vec<Rule> {
    vec![
        // `curl -u user:x`
        (
            String::from(
                r"(?:^|\s)(?:-u|--user|--proxy-user)[ =]?[\x22']?[^\s:\x22'/]+:(?P<value>[^\s\x22'\\]+)",
            ),
            is(&["-u"]),
        ),
        // `curl -b x`
        (format!(r"\bcurl\b[^|;&\n]*?\s(?:-b|--cookie)[ =]+{WORD}"), is(&["curl"])),
        // `sshpass -p x`, `mysql -px`
        (
            format!(r"\b(?:sshpass|mysql\w*|docker login)\b[^|;&\n]*?\s-p[ \t]*{WORD}"),
            is(&["sshpass", "mysql", "docker login"]),
        ),
        // `redis-cli -a x`, `zip -P x`, `az login -p x`
        (
            format!(
                r"\b(?:redis-cli\b[^|;&\n]*?\s-a|zip\b[^|;&\n]*?\s-P|az[ \t]+login\b[^|;&\n]*?\s-p)[ \t]+{WORD}"
            ),
            is(&["redis-cli", "zip", "az ", "az\t"]),
        ),
        // `openssl enc -k x`, `openssl rsa -passin pass:x`
        (format!(r"\bopenssl\b[^|;&\n]*?\s-(?:k[ \t]+|pass(?:in|out)?[ \t]+pass:){WORD}"), is(&["openssl"])),
        // `aws configure set aws_secret_access_key x`, `npm config set //host/:_authToken x`, `vault login x`
        (
            format!(
                r"(?i)(?:\bconfigure[ \t]+set[ \t]+[a-z0-9_.]*{NAME}|_auth(?:token)?|\bvault[ \t]+login)[ \t]+{WORD}"
            ),
            is(&["configure", "_auth", "vault"]),
        ),
        // `echo x | docker login --password-stdin`, `gh auth login --with-token <<< x`
        (
            format!(
                r"\b(?:echo|printf)[ \t]+(?:-[a-z]+[ \t]+)*{WORD}[ \t]*\|[^|\n]*--(?:password-stdin|with-token)"
            ),
            is(&["-stdin", "with-token"]),
        ),
        (format!(r"--(?:password-stdin|with-token)[ \t]*<<<[ \t]*{WORD}"), is(&["<<<"])),
    ]
}

/// `Authorization: Bearer x`, `X-Api-Key: x`, `Cookie: x`
fn headers() -> Vec<Rule> {
    vec![
        (
            String::from(
                r"(?i)\b(?:proxy-)?authorization:[\s\x22']*(?:[a-z]+[ \t]+)?(?P<value>[^\s\x22'\\]+)",
            ),
            is(&["authorization:"]),
        ),
        (
            String::from(r"(?i)\b[a-z0-9-]*(?:key|token|secret):\s*(?P<value>[A-Za-z0-9._~+/=-]{16,})"),
            is(&["key:", "token:", "secret:"]),
        ),
        (String::from(r"(?i)\bbearer[ \t]+(?P<value>[A-Za-z0-9._~+/=-]{20,})"), is(&["bearer"])),
        (String::from(r"(?i)\bcookie:[ \t]*(?P<value>[^\x22'\\\n]*[^\x22'\\\s])"), is(&["cookie:"])),
    ]
}

/// `https://user:x@host`, `https://x@host`, and addresses that are secrets themselves.
fn addresses() -> Vec<Rule> {
    vec![
        (String::from(r"(?i)\bhttps?://(?P<value>[^\s/@:\x22']+):x-oauth-basic@"), is(&["x-oauth-basic"])),
        (String::from(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s/@:\x22']*:(?P<value>[^\s/\x22']+)@"), is(&["://"])),
        (String::from(r"(?i)\bhttps?://(?P<value>[^\s/@:\x22']+)@"), is(&["http://", "https://"])),
        (
            String::from(
                r"(?i)\b(?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks)/(?P<value>[\w/-]+)",
            ),
            is(&["hooks.slack.com", "/api/webhooks"]),
        ),
    ]
}

/// Secrets that show what they are.
fn tokens() -> Vec<Rule> {
    vec![
        (
            String::from(
                r"(?x)\b(?P<value>
                gh[pousr]_[A-Za-z0-9]{8,} | github_pat_\w{16,} | glpat-[\w-]{16,} | sk-[\w-]{16,}
                | [sr]k_(?:live|test)_[A-Za-z0-9]{8,} | whsec_[A-Za-z0-9]{16,}
                | (?:AKIA|ASIA)[0-9A-Z]{12,} | xox[a-z]-[\w-]{10,} | AIza[\w-]{30,} | npm_[A-Za-z0-9]{30,}
                | hf_[A-Za-z0-9]{20,} | pypi-[\w-]{30,} | eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)? )",
            ),
            is(&[
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_",
                "github_pat_",
                "glpat-",
                "sk-",
                "sk_live_",
                "sk_test_",
                "rk_live_",
                "rk_test_",
                "whsec_",
                "akia",
                "asia",
                "xox",
                "aiza",
                "npm_",
                "hf_",
                "pypi-",
                "eyj",
            ]),
        ),
        (
            String::from(
                r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<value>.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
            ),
            is(&["-----begin "]),
        ),
    ]
}
