//! temporary dump
use std::collections::BTreeMap;
use taskproof::claims::verify::{answers, rulings};
use taskproof::git::Repository;
use taskproof::load::GitSources;
use taskproof::model::{Claim, ClaimOrigin};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[2]).unwrap();
    let rows: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut groups: BTreeMap<(String, String), Vec<&serde_json::Value>> = BTreeMap::new();
    for row in &rows {
        groups
            .entry((row["repo"].as_str().unwrap().into(), row["rev"].as_str().unwrap().into()))
            .or_default()
            .push(row);
    }
    for ((repo, rev), rows) in groups {
        let dir = std::path::Path::new(&args[1]).join(repo.replace('/', "+")).join("repo");
        let repository = Repository::open(&dir).unwrap();
        let head = repository.resolve(&rev).unwrap();
        let sources = GitSources::new(&repository, head, false);
        let claims: Vec<Claim> = rows
            .iter()
            .map(|row| Claim {
                id: row["id"].as_str().unwrap().into(),
                text: row["text"].as_str().unwrap().into(),
                origin: ClaimOrigin { artifact: String::new(), pointer: String::new() },
                task_ids: vec![],
                evidence_file: row["evidence_file"].as_str().map(Into::into),
                made_at: row["at"].as_str().and_then(|at| repository.resolve(at).unwrap()),
                stance: None,
                is_blocker: false,
            })
            .collect();
        let ruled = rulings(&claims, &sources);
        for ((row, (facts, answer)), ruling) in rows.iter().zip(answers(&claims, &sources)).zip(ruled) {
            let atoms: Vec<_> = facts.reading.atoms.iter().zip(&facts.atoms).map(|(a, f)| serde_json::json!({
                "text": a.text, "form": format!("{:?}", a.form), "pol": format!("{:?}", a.polarity), "marked": a.is_marked,
                "own": f.is_own, "subj": f.is_subject, "then": f.then, "now": f.now, "btw": f.was_between, "count": f.count,
                "moved": f.has_moved, "every": f.is_everywhere, "flip": f.flipped_at.as_ref().map(|o| o.0[..7].to_string()) })).collect();
            println!(
                "{}",
                serde_json::json!({"id": row["id"], "truth": row["truth"], "mech": row["mechanical"], "kind": row["kind"], "plan": row["plan"], "text": row["text"],"note":row["note"],
               "stance": format!("{:?}", facts.reading.manner.stance), "test": facts.reading.manner.tells_test_result, "counts": facts.reading.manner.counts, "still": facts.reading.manner.says_still,
               "complains": facts.reading.manner.complains, "confirms": facts.reading.manner.confirms, "plansp": facts.reading.manner.speaks_of_plan, "same": facts.is_same(), "unres": facts.unresolved, "made": facts.made_at.is_some(),
               "searches": format!("{:?}", facts.reading.searches), "places": facts.places.iter().map(|p| format!("{:?}", p)).collect::<Vec<_>>(), "atoms": atoms,
               "rule": answer.as_ref().map(|a| a.name), "verdict": answer.as_ref().map(|a| format!("{:?}", a.verdict)), "reason": answer.as_ref().map(|a| a.reason.clone()),
               "pointer": answer.as_ref().and_then(|a| a.pointer.clone()).map(|p| serde_json::json!({"path": p.path, "lines": p.lines, "commit": p.commit.map(|c| c.0)})),
               "ruling": format!("{:?} {:.3}", ruling.verdict, ruling.confidence), "witness": row["witness"]})
            );
        }
    }
}
