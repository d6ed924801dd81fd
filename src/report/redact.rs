//! Masks secrets in what is shown. Recorded commands carry passwords and tokens more often than one
//! would like, and reports end up in build logs.
//!
//! Only the report is masked. What is written into artifacts comes from the records themselves.

mod rules;

use std::borrow::Cow;

use rayon::prelude::*;
use serde_json::Value;

use super::Report;
use crate::json::{self as harness, Node};
use crate::model::{
    Assessment, Attribution, Content, Diagnosis, Edit, Explanation, Field, FieldChange, Finding, Lines,
    TaskQuestion, WitnessDiff,
};
use rules::{HINTS, RULES};

/// What stands for a secret.
pub const MASK: &str = "***";

/// The text with the values of obvious secrets masked. Masking twice changes nothing more.
pub fn text(text: &str) -> Cow<'_, str> {
    settled(text, |text| HINTS.likely(text))
}

/// The text masked by the likely rules until they change nothing more: without the quotation mark that is masked with a
/// secret, another word may begin elsewhere.
fn settled(text: &str, likely: impl Fn(&str) -> u32) -> Cow<'_, str> {
    /// Two do, but for texts that are made to need more.
    const MOST_ROUNDS: usize = 16;
    let likely_rules = likely(text);
    if likely_rules == 0 {
        return Cow::Borrowed(text);
    }
    let mut shown = masked(text, likely_rules);
    for _ in 1..MOST_ROUNDS {
        let Cow::Owned(before) = &shown else { break };
        match masked(before, likely(before)) {
            Cow::Owned(after) if after != *before => shown = Cow::Owned(after),
            _ => break,
        }
    }
    shown
}

/// The text with whatever the `likely` rules find masked.
fn masked(text: &str, likely: u32) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    for (_, (rule, _)) in RULES.iter().enumerate().filter(|(at, _)| likely >> at & 1 == 1) {
        let mut secrets = rule.find_all(&shown, "value");
        secrets.retain(|value| is_secret(&shown[value.clone()]));
        // From the last to the first, so that the others stay where they were.
        for value in secrets.into_iter().rev() {
            shown.to_mut().replace_range(value, MASK);
        }
    }
    shown
}

/// Whether a value tells something: a variable's name does not, `-` starts the next option, and words with `sk-` need
/// a digit.
fn is_secret(value: &str) -> bool {
    let bare = value.trim_start_matches(['"', '\'', '\\']);
    // `$'…'` and `$"…"` are quoted words, and no variables.
    let is_variable = bare.strip_prefix('$').is_some_and(|name| !name.starts_with(['\'', '"']));
    let harmless = bare.is_empty()
        || is_variable
        || bare.starts_with(['=', '-', '<'])
        || bare.starts_with("%{")
        || (value.starts_with("sk-") && !value.contains(|c: char| c.is_ascii_digit()));
    !harmless
}

/// The report as it may be shown: every text that may quote a command, masked. Paths stay.
pub fn report(report: &Report) -> Report {
    Report {
        claims: report.claims.par_iter().map(claim).collect(),
        findings: report.findings.par_iter().map(finding).collect(),
        ..without_lists(report)
    }
}

/// Likewise, without its claims and findings: there may be so many that they are better shown one by one.
pub(super) fn without_lists(report: &Report) -> Report {
    let mut shown = Report {
        tool_version: report.tool_version.clone(),
        command: report.command.clone(),
        plan: report.plan.clone(),
        history: report.history.clone(),
        status: report.status,
        tasks: report.tasks.clone(),
        lines: report.lines.clone(),
        repair_request: report.repair_request.clone(),
        claims: Vec::new(),
        recovery: report.recovery.clone(),
        edits: report.edits.clone(),
        diff: report.diff.clone(),
        run_id: report.run_id.clone(),
        findings: Vec::new(),
    };
    shown.plan.descriptions.values_mut().for_each(string);
    shown.history.commits.par_iter_mut().for_each(|commit| string(&mut commit.subject));
    shown.tasks.iter_mut().for_each(attribution);
    shown.lines.diffs.iter_mut().for_each(diff);
    shown.repair_request.iter_mut().flat_map(|request| &mut request.tasks).for_each(question);
    shown.recovery.iter_mut().for_each(recovery);
    shown.edits.iter_mut().for_each(edit);
    shown.diff.iter_mut().for_each(string);
    shown
}

/// Claims quote commands and lines of files, and both may hold secrets.
fn claim(assessed: &Assessment) -> Assessment {
    let mut shown = assessed.clone();
    string(&mut shown.claim.text);
    string(&mut shown.ruling.reason);
    shown.ruling.witness.iter_mut().for_each(|witness| string(&mut witness.excerpt));
    shown
}

fn finding(finding: &Finding) -> Finding {
    let mut shown = finding.clone();
    string(&mut shown.message);
    shown
}

/// What a recovery tells quotes claims.
fn recovery(diagnosis: &mut Diagnosis) {
    string(&mut diagnosis.reason);
    for blocker in &mut diagnosis.blockers {
        string(&mut blocker.text);
        string(&mut blocker.note);
    }
    diagnosis.obstacles.iter_mut().for_each(|obstacle| string(&mut obstacle.reason));
    diagnosis.steps.iter_mut().for_each(|step| string(&mut step.what));
}

/// The explanation as it may be shown. Lines of files are masked like commands: they hold as many secrets.
pub fn explanation(explanation: &Explanation) -> Explanation {
    let mut shown = explanation.clone();
    string(&mut shown.description);
    attribution(&mut shown.attribution);
    shown.question.iter_mut().for_each(question);
    for change in &mut shown.changes {
        string(&mut change.advice);
        change.commands.iter_mut().for_each(string);
    }
    shown.diffs.iter_mut().for_each(diff);
    shown.findings = shown.findings.iter().map(finding).collect();
    shown
}

fn diff(diff: &mut WitnessDiff) {
    string(&mut diff.subject);
    let Content::Text(hunks) = &mut diff.content else { return };
    for hunk in hunks {
        string(&mut hunk.header);
        lines(&mut hunk.removed);
        lines(&mut hunk.added);
    }
}

fn attribution(task: &mut Attribution) {
    string(&mut task.reason);
    for file in &mut task.files {
        file.signals.iter_mut().for_each(|signal| string(&mut signal.detail));
    }
    for command in &mut task.commands {
        string(&mut command.command);
        command.signals.iter_mut().for_each(|signal| string(&mut signal.detail));
    }
}

fn question(question: &mut TaskQuestion) {
    question.candidate_commands.iter_mut().for_each(string);
    string(&mut question.question);
    json(&mut question.answer);
}

/// As one text, for a key takes several lines.
fn lines(lines: &mut Lines) {
    let joined = lines.as_terminated();
    if let Cow::Owned(masked) = text(joined.strip_suffix('\n').unwrap_or(joined)) {
        *lines = Lines::from_terminated(masked + "\n");
    }
}

fn edit(edit: &mut Edit) {
    edit.signals.iter_mut().for_each(|signal| string(&mut signal.detail));
    // In a text artifact any line may be a command.
    let commands = edit.pointer.as_deref().is_none_or(|pointer| pointer.ends_with(Field::Commands.key()));
    // A recorded failure quotes whatever failed.
    if !commands && edit.artifact != "state.json" {
        return;
    }
    match (&mut edit.old, edit.pointer.is_some()) {
        (Some(old), true) => json(old),
        (Some(old), false) => string(old),
        (None, _) => {}
    }
    match &mut edit.new {
        FieldChange::List(items) => items.iter_mut().for_each(string),
        FieldChange::Text(new) => string(new),
        FieldChange::Bool(_) => {}
        FieldChange::Json(node) => nodes(node),
    }
}

fn nodes(node: &mut Node) {
    match &mut node.value {
        harness::Value::String(text) => string(text),
        harness::Value::Array(items) => items.iter_mut().for_each(nodes),
        harness::Value::Object(members) => members.iter_mut().for_each(|member| nodes(&mut member.value)),
        harness::Value::Null | harness::Value::Bool(_) | harness::Value::Number(_) => {}
    }
}

fn string(value: &mut String) {
    if let Cow::Owned(masked) = text(value) {
        *value = masked;
    }
}

/// Masks the strings of a JSON text, which stays JSON, and stays as it was where nothing is masked.
fn json(value: &mut String) {
    let Ok(parsed) = serde_json::from_str::<Value>(value) else {
        string(value);
        return;
    };
    let mut masked = parsed.clone();
    strings(&mut masked);
    if masked != parsed {
        *value = masked.to_string();
    }
}

fn strings(value: &mut Value) {
    match value {
        Value::String(text) => string(text),
        Value::Array(items) => items.iter_mut().for_each(strings),
        Value::Object(members) => members.values_mut().for_each(strings),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_are_masked_and_the_command_stays_readable() {
        // Assembled here so that no scanner takes this file for a leak.
        let github = format!("ghp_{}", "a1".repeat(18));
        let amazon = format!("AKIA{}", "Q7".repeat(8));
        let open = format!("sk-{}", "Zz9".repeat(8));
        let cases = [
            ("deploy --password hunter2 --verbose", "deploy --password *** --verbose"),
            ("deploy --db-password='a b' x", "deploy --db-password=*** x"),
            ("deploy --password \"it's\" x", "deploy --password *** x"),
            ("GITHUB_TOKEN=abc make", "GITHUB_TOKEN=*** make"),
            ("env api_key=abc DB_PASS=x PGPASSWORD=y run", "env api_key=*** DB_PASS=*** PGPASSWORD=*** run"),
            (
                "SECRET_KEY_BASE=1 AWS_SECRET_ACCESS_KEY=2 x",
                "SECRET_KEY_BASE=*** AWS_SECRET_ACCESS_KEY=*** x",
            ),
            ("curl -H 'Authorization: Bearer abc' x", "curl -H 'Authorization: Bearer ***' x"),
            ("curl -H \"Authorization: token\" x", "curl -H \"Authorization: ***\" x"),
            ("curl -u me:pw https://x", "curl -u me:*** https://x"),
            ("curl -d '{\"password\": \"x y\"}' h", "curl -d '{\"password\": \"***\"}' h"),
            ("deploy --token=\"a b\"c|x", "deploy --token=***"),
            ("git clone https://me:p@ss@host/r", "git clone https://me:***@host/r"),
            ("psql postgres://me:pw@host/db", "psql postgres://me:***@host/db"),
            ("mysql -uroot -ppw db", "mysql -uroot -p*** db"),
            ("sshpass -p pw ssh h", "sshpass -p *** ssh h"),
            (&format!("echo {github} {amazon} {open}."), "echo *** *** ***."),
            (&format!("git clone https://{github}@host/r"), "git clone https://***@host/r"),
            (r#"+    "run --token \"a b\" x","#, r#"+    "run --token *** x","#),
            ("-----BEGIN RSA PRIVATE KEY-----\nabc", "-----BEGIN RSA PRIVATE KEY-----***"),
            ("PGPASSWORD=$'a b' psql", "PGPASSWORD=*** psql"),
            ("TOKEN=\\\n  abc make", "TOKEN=\\\n  *** make"),
            ("deploy --token \\\n abc", "deploy --token \\\n ***"),
            ("set -gx GH_TOKEN abc && x", "set -gx GH_TOKEN *** && x"),
            ("curl -s -b 'sid=1; a=2' h", "curl -s -b *** h"),
            ("curl -H 'Cookie: sid=1; a=2' h", "curl -H 'Cookie: ***' h"),
            ("http h Authorization:'Token abc'", "http h Authorization:'Token ***'"),
            ("git clone https://abc:x-oauth-basic@h/r", "git clone https://***:***@h/r"),
            ("curl https://hooks.slack.com/services/T0/B0/xyz", "curl https://hooks.slack.com/services/***"),
            ("redis-cli -h h -a abc ping", "redis-cli -h h -a *** ping"),
            ("openssl rsa -in k -passin pass:abc -out o", "openssl rsa -in k -passin pass:*** -out o"),
            ("zip -r -P abc a.zip a", "zip -r -P *** a.zip a"),
            ("aws configure set aws_secret_access_key abc", "aws configure set aws_secret_access_key ***"),
            ("npm config set //h/:_authToken abc", "npm config set //h/:_authToken ***"),
            (
                "echo abc | docker login -u me --password-stdin h",
                "echo *** | docker login -u me --password-stdin h",
            ),
            ("gh auth login --with-token <<< abc", "gh auth login --with-token <<< ***"),
        ];
        for (command, expected) in cases {
            let shown = text(command);
            assert_eq!(shown, expected);
            assert_eq!(text(&shown), expected, "masking twice");
        }
    }

    #[test]
    fn what_a_mask_uncovers_is_masked() {
        let text = "\n-uk:9]\0--token=\"'-\0\0\0\0-token=***\u{fffd}\u{4}w-uk:9\0:-ik-token=b\"\"\"\"\"\"k\0:-i-H \n-";
        assert_ne!(
            masked(&masked(text, u32::MAX), u32::MAX),
            masked(text, u32::MAX),
            "one round is not enough"
        );
        let shown = super::text(text);
        assert_eq!(super::text(&shown), shown);
    }

    #[test]
    fn harmless_commands_stay() {
        let commands = [
            "pytest tests/auth/test_token.py -k 'token and secret' -q",
            "TOKEN=$CI_TOKEN make",
            "cli --password \"$PASSWORD\" --max-tokens 500 --token-file t",
            "cli --no-password --quiet",
            "git clone ssh://git@host/r && cargo test --workspace",
            "python -c 'assert token==1'",
            "cd sk-learn-examples-and-more && PWD=/x ls",
            "key=value PASSES=3 BYPASS=1 run",
            "checks that the api key: works as before",
        ];
        for command in commands {
            assert_eq!(text(command), command);
        }
    }

    #[test]
    fn all_rules_compile() {
        assert_eq!(RULES.len(), 22);
        assert!(RULES.iter().all(|(rule, _)| rule.is_valid()));
    }

    proptest! {
        #[test]
        fn hints_spare_no_secret(text in SECRETS) {
            let shown = super::text(&text);
            prop_assert_eq!(&shown, &settled(&text, |_| u32::MAX));
            prop_assert_eq!(super::text(&shown), &*shown, "masking twice");
        }
    }

    /// Texts of what the rules are made of, and of what looks like it.
    const SECRETS: &str = r#"(?x)(
        -|--|=|:\ |:|\ |\t|\n|"|'|\\|@|/|://|,|\.|_|x|1|K|\u{212a}|\u{17f}|\u{e9}
        |(?i:password|passwd|passphrase|secret|token|credentials?|api|access|private|signing|encryption|key|id|pass|pwd)
        |_key|_base|_value|db_|jwt|set\ -x\ |curl|\ -b\ |--cookie|cookie:|redis-cli|zip|az\ login|\ -a\ |\ -P\ |openssl|\ -k\ |-passin\ pass:
        |configure\ set\ |_authToken|vault\ login|echo\ |printf\ |\||--password-stdin|--with-token|<<<|x-oauth-basic
        |hooks.slack.com/services/|discord.com/api/webhooks/|[sr]k_live_|whsec_|\ -u|--user|--proxy-user|sshpass|mysql|mysqldump|docker\ login|\ -p\ ?
        |(?i:proxy-|authorization|bearer|https?|ssh)
        |gh[pousr]_|github_pat_|glpat-|sk-|AKIA|ASIA|xoxb-|AIza|npm_|hf_|pypi-|eyJ|-----BEGIN\ RSA\ |-----END\ |PRIVATE\ KEY-----
        |[A-Za-z0-9]{8,40}
    ){0,14}"#;

    #[test]
    fn an_answer_line_stays_json_and_stays_untouched_without_a_secret() {
        let mut line = r#"{"task_id": "T1", "commands_run": ["x --token \"a b\""]}"#.to_owned();
        json(&mut line);
        assert_eq!(line, r#"{"task_id":"T1","commands_run":["x --token ***"]}"#);
        let mut line = r#"{"task_id": "T1",   "commands_run": ["x"]}"#.to_owned();
        json(&mut line);
        assert_eq!(line, r#"{"task_id": "T1",   "commands_run": ["x"]}"#);
    }
}
