//! Random histories, the same on every run, compared with git.

use crate::support::git::{Git, lines};
use crate::support::oracle::agree;

/// Knuth's linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

struct Author {
    git: Git,
    random: Random,
    made: usize,
}

impl Author {
    fn files(&self) -> Vec<String> {
        let listed = self.git.run(["ls-files"]);
        listed.lines().filter(|path| self.git.root.join(path).exists()).map(str::to_owned).collect()
    }

    fn fresh(&mut self) -> String {
        self.made += 1;
        format!("dir{}/file{}.rs", self.made % 5, self.made)
    }

    fn pick(&mut self) -> Option<String> {
        let files = self.files();
        (!files.is_empty()).then(|| files[self.random.below(files.len())].clone())
    }

    fn change(&mut self) {
        match (self.random.below(6), self.pick()) {
            (0..=2, Some(path)) => self.edit(&path),
            (3, Some(path)) => {
                let new = self.fresh();
                std::fs::create_dir_all(self.git.root.join(&new).parent().expect("a parent"))
                    .expect("created");
                self.git.run(["mv", &path, &new]);
                self.edit(&new);
            }
            (4, Some(path)) => self.git.remove(&path),
            _ => {
                let path = self.fresh();
                let count = 10 + self.random.below(40);
                self.git.write(&path, lines(&format!("fn {path}"), count));
            }
        }
    }

    fn edit(&mut self, path: &str) {
        let text = std::fs::read_to_string(self.git.root.join(path)).expect("readable");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for edit in 0..=self.random.below(3) {
            let place = self.random.below(lines.len() + 1);
            match self.random.below(3) {
                0 if place < lines.len() => drop(lines.remove(place)),
                1 if place < lines.len() => lines[place] = format!("    edited {} {edit}", self.made),
                _ => lines.insert(place, format!("fn inserted_{}_{edit}() {{", self.random.below(1000))),
            }
        }
        self.git.write(path, lines.join("\n") + "\n");
    }

    fn step(&mut self, number: usize) {
        match self.random.below(8) {
            0 => drop(self.git.run(["checkout", "-q", "-b", &format!("b{number}")])),
            1 => {
                let branches = self.git.run(["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
                let branches: Vec<&str> = branches.lines().collect();
                let other = branches[self.random.below(branches.len())];
                self.git.run(["checkout", "-q", other]);
            }
            2 => {
                let branches = self.git.run(["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
                let branches: Vec<&str> = branches.lines().collect();
                let other = branches[self.random.below(branches.len())].to_owned();
                let merged = self.git.output_in(
                    &self.git.root,
                    ["merge", "-q", "--no-ff", "-X", "ours", "-m", "merge", &other],
                );
                if !merged.status.success() {
                    self.git.run(["merge", "--abort"]);
                }
            }
            _ => {}
        }
        for _ in 0..=self.random.below(4) {
            self.change();
        }
        self.git.commit(&format!("step {number}"));
    }
}

#[test]
fn random_histories_agree_with_git() {
    for seed in [1, 7, 42] {
        let mut author = Author { git: Git::init(), random: Random(seed), made: 0 };
        for number in 0..40 {
            author.step(number);
        }
        let commits = agree(&author.git, None, "HEAD");
        assert!(commits.len() > 10, "seed {seed} made {} commits", commits.len());
    }
}
