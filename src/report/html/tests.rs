use super::*;
use crate::model::{
    Assessment, Claim, ClaimClass, ClaimKind, ClaimOrigin, ClaimWitness, Content, Decision, Ruling, Verdict,
};
use crate::report::sample;

fn page(report: &Report) -> String {
    document(std::slice::from_ref(report)).expect("a page")
}

/// The data of the script with that id.
fn data(page: &str, id: &str) -> serde_json::Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).expect("its start");
    serde_json::from_str(rest.split_once("</script>").expect("its end").0).expect("JSON")
}

/// Everything before the scripts: what is there without one.
fn without_scripts(page: &str) -> &str {
    page.split("<script").next().expect("a first part").split("</style>").nth(1).expect("a body")
}

#[test]
fn the_page_is_whole_without_its_script() {
    let page = page(&sample::report());
    let body = without_scripts(&page);
    for text in [
        "<h1>m8</h1>",
        "needs an answer about T10",
        // A task, what it was to do, and its files.
        "<strong>T9</strong>",
        "Move the <code>conftest</code>.",
        "<code>tests/conftest.py</code>",
        "99.8 %",
        "<code>pytest tests -q</code>",
        // The question and its line.
        "Did T10 change src/a.py?",
        "{&quot;task_id&quot;: &quot;T10&quot;",
        // The course of it.
        "<h3>Batch 3</h3>",
        "<time>2026-05-28 20:26</time>",
        "Worked on 2026-05-28 20:10 to 2026-05-28 20:36",
        "41 commits of the range show no file of a task",
        "<noscript>",
    ] {
        assert!(body.contains(text), "{text} is not in {body}");
    }
    assert!(body.contains("class=\"scripted\" hidden"), "what needs a script is hidden");
}

#[test]
fn claims_and_changes_are_shown() {
    let mut report = sample::report();
    report.claims = vec![Assessment {
        claim: Claim {
            id: "c1".to_owned(),
            text: "The `flag` is missing".to_owned(),
            origin: ClaimOrigin { artifact: "review.json".to_owned(), pointer: "/issues/0".to_owned() },
            task_ids: Vec::new(),
            evidence_file: None,
            made_at: None,
            stance: None,
            is_blocker: false,
        },
        class: ClaimClass::Implementation,
        ruling: Ruling {
            kind: ClaimKind::ContentAbsent,
            verdict: Verdict::Stale,
            confidence: 0.97,
            reason: "it is there by now".to_owned(),
            witness: Some(ClaimWitness {
                path: "src/a.py".to_owned(),
                blob: None,
                lines: Some((7, 8)),
                commit: None,
                excerpt: "flag = True\nif flag < 1:".to_owned(),
            }),
        },
        duplicate_of: Some("c0".to_owned()),
        resolution: None,
    }];
    report.diff = Some("--- a\n+++ b\n@@ -1 +1 @@\n-old\n+<new>\n".to_owned());
    let page = page(&report);
    for text in [
        "<span class=\"tag good\">stale</span>",
        "1 claim: 0 hold, 1 is stale, 0 cannot be told; 1 said before",
        "<figcaption>src/a.py:7-8</figcaption>",
        "<span class=\"number\">    8  </span>if flag &lt; 1:\n",
        "<span class=\"added\">+&lt;new&gt;</span>",
        "<h2 id=\"p0-changes-heading\">Changes, not written yet</h2>",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

#[test]
fn the_policy_names_the_style_and_the_script_and_nothing_else_is_loaded() {
    let page = page(&sample::report());
    let policy = policy::of(STYLE, SCRIPT).replace('\'', "&#39;");
    assert!(
        page.contains(&format!("http-equiv=\"Content-Security-Policy\" content=\"{policy}\"")),
        "{policy}"
    );
    assert!(
        page.contains(&format!("<style>{STYLE}</style>"))
            && page.contains(&format!("<script>{SCRIPT}</script>"))
    );
    // Neither the policy nor a hash lets these through: they would be dead.
    for forbidden in
        [" style=\"", " src=", "@import", "url(", "http://", "https://", "<link", "innerHTML", "eval("]
    {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let handlers: Vec<&str> = page.split(" on").skip(1).filter(|rest| rest.starts_with("click=")).collect();
    assert_eq!(handlers, [""; 0]);
}

#[test]
fn the_script_finds_the_tasks_in_their_order() {
    let report = sample::report();
    let page = page(&report);
    let data = data(&page, "p0-data");
    assert_eq!(data["plan"], "plans/m8");
    assert_eq!(data["tasks"][1]["description"], "Move the `conftest`.");
    // The list of the page and the data have the same order, for the script goes by places.
    for (at, task) in report.tasks.iter().enumerate() {
        assert_eq!(data["tasks"][at]["id"], task.task.0);
        assert!(page.contains(&format!("data-task=\"{at}\"")));
    }
    let files: Vec<_> =
        data["tasks"][2]["files"].as_array().expect("files").iter().map(|file| &file["path"]).collect();
    assert_eq!(files, ["src/a.py", "src/gone.py"]);
    let rows = page.split("data-task=\"2\"").nth(1).expect("its entry");
    assert!(rows.find("src/a.py") < rows.find("src/gone.py"));
    assert_eq!(
        data["commits"][sample::witness().to_hex()],
        serde_json::json!(["Move the tests", "2026-05-28 20:26"])
    );
    assert_eq!(data["commits"].as_object().map(serde_json::Map::len), Some(1), "only those that show a file");
}

#[test]
fn lines_of_witnesses_are_there_masked_and_spelled_out() {
    let mut report = sample::report();
    let Content::Text(hunks) = &mut report.lines.diffs[0].content else { panic!("text") };
    hunks[0].added = ["deploy --token abc", "\u{202e}</script>"].into_iter().collect();
    report.lines.left_out = 2;
    let data = data(&page(&report), "p0-data");
    assert_eq!(
        data["lines"],
        serde_json::json!([{
            "commit": sample::witness().to_hex(),
            "path": "tests/conftest.py",
            "hunks": [{
                "at": [12, 4],
                "old": [11, 1],
                "header": "def client():",
                "removed": ["    return None"],
                "added": ["deploy --token ***", "\\u{202e}</script>"],
            }],
        }])
    );
    assert_eq!(data["lines_left_out"], 2);
}

#[test]
fn words_of_the_script_are_those_of_the_report() {
    let page = page(&sample::report());
    let words = data(&page, "words");
    let names = |kind: &str| -> Vec<String> {
        let list = words[kind].as_array().expect("a list").iter();
        list.map(|word| word["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("source"), ["recorded", "batch", "git", "review", "inferred", "operator"]);
    assert_eq!(names("decision"), ["recorded", "backfill", "candidate", "rejected"]);
    assert_eq!(names("outcome"), ["ambiguous", "backfill", "no_evidence", "none"]);
    let marks: std::collections::BTreeSet<&str> =
        words["source"].as_array().expect("a list").iter().filter_map(|word| word["mark"].as_str()).collect();
    assert_eq!(marks.len(), 6, "a source is told by its mark alone");
}

#[test]
fn several_plans_and_none_are_one_page() {
    let two = document(&[sample::report(), sample::report()]).expect("a page");
    assert!(two.contains("id=\"p0-t1\"") && two.contains("id=\"p1-t1\""));
    assert_eq!(two.matches("<h1>").count(), 2);
    assert_eq!(two.matches("</html>").count(), 1);
    assert!(document(&[]).expect("a page").contains("There is no plan to report on."));
    let mut claims = sample::report();
    claims.plan = crate::report::PlanFacts::none();
    claims.tasks.clear();
    claims.repair_request = None;
    let page = page(&claims);
    assert!(page.contains("<h1>Claims</h1>") && !page.contains("id=\"p0-matrix\""), "{page}");
}

#[test]
fn hostile_texts_are_texts() {
    const EVIL: &str =
        "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"' `\u{202e}\u{1b}\u{0}<!--";
    let mut report = sample::report();
    report.plan.name = EVIL.to_owned();
    report.plan.descriptions.insert(report.tasks[1].task.clone(), EVIL.to_owned());
    report.history.commits[0].subject = EVIL.to_owned();
    report.tasks[1].reason = EVIL.to_owned();
    report.tasks[1].files[0].path = EVIL.to_owned();
    report.tasks[1].files[0].decision = Decision::Backfill;
    let request = report.repair_request.as_mut().expect("a request");
    request.tasks[0].candidate_files = vec![EVIL.to_owned()];
    let page = page(&report);
    assert_eq!(page.matches("<script").count(), 3, "words, data and ours");
    assert_eq!(page.matches("</script").count(), 3);
    assert!(!page.contains("<img") && !page.contains("<!--"), "{page}");
    assert!(page.chars().all(|character| character == '\n' || !character.is_control()), "{page}");
    let data = data(&page, "p0-data");
    let path = data["tasks"][1]["files"][0]["path"].as_str().expect("a path");
    assert!(path.contains("\\u{202e}\\u{1b}\\u{0}"), "what is shown is spelled out: {path}");
    assert_eq!(data["questions"][0]["files_changed"][0], EVIL, "what is answered with is not");
}
