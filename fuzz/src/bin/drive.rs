//! `drive TARGET|all SECONDS [SEED]`: runs the corpus, then mutations of it, and says how many there were.
//!
//! Without coverage guidance, so for a quick look and for where no nightly toolchain is. A panic ends it; the input is
//! left in `fuzz/found/TARGET`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use taskproof_fuzz::TARGETS;

/// The longest input that is made.
const LONGEST: usize = 8 << 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(wanted), Some(seconds)) = (arguments.first(), arguments.get(1).and_then(|it| it.parse().ok()))
    else {
        eprintln!("usage: drive TARGET|all SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let seed = arguments.get(2).and_then(|it| it.parse().ok()).unwrap_or(1);
    let chosen: Vec<_> = TARGETS.iter().filter(|(name, _)| wanted == "all" || wanted == name).collect();
    if chosen.is_empty() {
        eprintln!("no target {wanted}");
        return ExitCode::from(2);
    }
    let mut failed = false;
    for (name, target) in chosen {
        failed |= !drive(name, *target, Duration::from_secs(seconds), seed);
    }
    ExitCode::from(u8::from(failed))
}

fn drive(name: &str, target: fn(&[u8]), time: Duration, seed: u64) -> bool {
    let corpus = corpus(name);
    let started = Instant::now();
    let mut random = Random(seed | 1);
    let mut executions = 0_u64;
    let mut inputs = corpus.clone();
    while let Some(input) =
        inputs.pop().or_else(|| (started.elapsed() < time).then(|| mutated(&corpus, &mut random)))
    {
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            let path = root().join("found").join(name);
            fs::create_dir_all(&path).expect("a directory for what was found");
            let path = path.join(format!("seed-{seed}-{executions}"));
            fs::write(&path, &input).expect("a file for what was found");
            println!("{name}: failed after {executions} executions, see {}", path.display());
            return false;
        }
        executions += 1;
    }
    println!("{name}: {executions} executions in {:.0} s, nothing found", started.elapsed().as_secs_f64());
    true
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let read = |path: &Path| fs::read(path).expect("a file of the corpus");
    let entries = fs::read_dir(root().join("corpus").join(name)).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut corpus: Vec<Vec<u8>> = paths.iter().map(|path| read(path)).collect();
    corpus.push(Vec::new());
    corpus
}

/// xorshift: the same numbers from the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % limit.max(1)
    }
}

/// Pieces that mean something to some target.
const PIECES: &[&str] = &[
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e999",
    "-0",
    "NaN",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[31m",
    "::error::",
    "<script>",
    "`",
    "](",
    "|",
    "&&",
    "<<EOF\n",
    "--token=",
    "password",
    "src/a.rs:3-9",
    "T1",
    "done",
    "\"files_changed\": []",
    "not",
    "rg ",
    "\0",
    "é",
    "\u{10ffff}",
];

fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        let until = (at + random.below(16)).min(input.len());
        match random.below(7) {
            0 => drop(input.drain(at..until)),
            1 => input.insert(at, u8::try_from(random.below(256)).unwrap_or_default()),
            2 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << random.below(8)
                }
            }
            3 => {
                let piece = PIECES[random.below(PIECES.len())];
                input.splice(at..at, piece.bytes());
            }
            4 => {
                let copy = input[at..until].to_vec();
                let to = random.below(input.len() + 1);
                input.splice(to..to, copy);
            }
            5 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                let to = (from + random.below(64)).min(other.len());
                input.splice(at..until, other[from..to].iter().copied());
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())].repeat(random.below(40));
                input.splice(at..until, piece.bytes());
            }
        }
    }
    input.truncate(LONGEST);
    input
}
