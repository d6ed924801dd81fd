//! Differences and their replay, judged by a model in which every line is a token of its own.

use std::collections::HashMap;

use super::Bytes;

/// Versions of a file are made by edits that the bytes choose.
pub fn ownership(data: &[u8]) {
    let mut choose = Bytes(data);
    let mut next = 0_u32;
    let mut fresh = |count: usize| -> Vec<u32> {
        (0..count)
            .map(|_| {
                next += 1;
                next
            })
            .collect()
    };
    let mut lines: Vec<u32> = fresh(choose.below(24));
    let mut owners: HashMap<u32, usize> = lines.iter().map(|token| (*token, 0)).collect();
    let mut versions = vec![spell(&lines)];
    let mut expected: Vec<HashMap<usize, u32>> = vec![HashMap::new()];
    while !choose.0.is_empty() && versions.len() < 40 {
        let version = versions.len();
        let mut lost: HashMap<usize, u32> = HashMap::new();
        for _ in 0..=choose.below(4) {
            let at = choose.below(lines.len() + 1);
            let until = (at + choose.below(5)).min(lines.len());
            let new = fresh(choose.below(5));
            owners.extend(new.iter().map(|token| (*token, version)));
            for token in lines.splice(at..until, new) {
                // A line that came in this very version leaves no trace.
                if owners[&token] != version {
                    *lost.entry(owners[&token]).or_default() += 1;
                }
            }
        }
        let text = spell(&lines);
        rebuild(&versions[version - 1], &text);
        versions.push(text);
        expected.push(lost);
    }
    let found = taskproof::fuzzing::overwrites(&versions);
    assert_eq!(found.len(), expected.len());
    for (version, (found, expected)) in found.into_iter().zip(expected).enumerate() {
        let found: HashMap<usize, u32> = found.into_iter().collect();
        assert_eq!(found, expected, "version {version} of {:?}", versions.len());
    }
}

fn spell(lines: &[u32]) -> Vec<u8> {
    lines.iter().map(|token| format!("line {token}\n")).collect::<String>().into_bytes()
}

/// The hunks lead from one text to the other.
fn rebuild(old: &[u8], new: &[u8]) {
    let split = |text: &'_ [u8]| -> Vec<Vec<u8>> {
        text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    let (before, after) = (split(old), split(new));
    let mut rebuilt = Vec::new();
    let mut at = 0;
    for [old_start, old_lines, new_start, new_lines] in taskproof::fuzzing::hunks(old, new) {
        let start = |first: u32, count: u32| first as usize - usize::from(count > 0);
        let (from, to) = (start(old_start, old_lines), start(new_start, new_lines));
        assert!(at <= from, "hunks come in order");
        rebuilt.extend_from_slice(&before[at..from]);
        assert_eq!(rebuilt.len(), to, "a hunk starts where it says");
        rebuilt.extend_from_slice(&after[to..to + new_lines as usize]);
        at = from + old_lines as usize;
    }
    rebuilt.extend_from_slice(&before[at..]);
    assert_eq!(rebuilt, after);
}
