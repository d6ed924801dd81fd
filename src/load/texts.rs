//! Every text that the files of a plan hold: blocker ids are hashes of some of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::artifact::read_artifact;
use crate::config::Config;
use crate::json::{Limits, Node, Value, parse};

/// No more files than this are searched, and no more bytes kept.
const FILES: usize = 2000;
const BYTES: usize = 64 << 20;

/// Texts of the JSON files and journals in a plan's directory, and of what earlier runs of ours replaced. What
/// cannot be read is left out: it only means that an old id stays a riddle.
pub fn texts(directory: &Path, config: &Config) -> Vec<String> {
    let mut texts = Vec::new();
    let mut bytes = 0;
    for (directory, name) in files(directory) {
        let Ok(Some(artifact)) = read_artifact(&directory, &name, config) else { continue };
        let documents = match artifact.document {
            Some(document) => vec![document.root],
            None => artifact
                .text
                .lines()
                .filter_map(|line| {
                    Some(
                        parse(line, Limits { depth: config.max_json_depth, values: config.max_json_values })
                            .ok()?
                            .root,
                    )
                })
                .collect(),
        };
        for document in &documents {
            collect(document, &mut texts, &mut bytes);
        }
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn files(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let wanted = |name: &str| [".json", ".jsonl", ".ndjson"].iter().any(|ending| name.ends_with(ending));
    found.extend(
        names(directory).into_iter().filter(|name| wanted(name)).map(|name| (directory.to_path_buf(), name)),
    );
    let runs = directory.join(".taskproof/runs");
    for run in names(&runs) {
        let run = runs.join(run);
        let kept = names(&run).into_iter().filter(|name| name == "audit.jsonl");
        found.extend(kept.map(|name| (run.clone(), name)));
    }
    found.truncate(FILES);
    found
}

/// Sorted, so that the answer does not depend on the file system.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

fn collect(node: &Node, texts: &mut Vec<String>, bytes: &mut usize) {
    match &node.value {
        Value::String(text) if *bytes < BYTES => {
            *bytes += text.len();
            texts.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts, bytes)),
        Value::Object(members) => members.iter().for_each(|member| collect(&member.value, texts, bytes)),
        _ => {}
    }
}
