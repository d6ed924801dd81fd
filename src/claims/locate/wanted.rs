//! Which files some claims ask for by their names: few of a large tree, so that listing all others can be spared.

use hashbrown::HashSet;

use super::tree::name_of_spelled;
use crate::claims::parse::{Form, Reading, read};
use crate::model::Claim;

/// Names of files that are asked for, and what such names begin with up to the first dot; as bytes, for of a large index most
/// are turned down before they are looked at as texts.
pub struct Wanted {
    names: HashSet<Vec<u8>>,
    stems: HashSet<Vec<u8>>,
    /// The first two bytes of all of them, as a bit each.
    heads: Box<[u64; HEADS / 64]>,
}

/// How many there are of two bytes.
const HEADS: usize = 1 << 16;

impl Wanted {
    /// Whatever these claims may ask for, of each of which `most` bytes are read.
    pub fn by<'c>(claims: impl IntoIterator<Item = &'c Claim>, most: usize) -> Self {
        let (names, stems) = (HashSet::new(), HashSet::new());
        let mut wanted = Self { names, stems, heads: Box::new([0; HEADS / 64]) };
        for claim in claims {
            wanted.add(claim, &read(claim, most));
        }
        wanted
    }

    fn add(&mut self, claim: &Claim, reading: &Reading) {
        let paths = reading.paths.iter().map(|path| path.spelled.path.as_str());
        for name in paths.chain(claim.evidence_file.as_deref()).filter_map(name_of_spelled) {
            let (word, bit) = head(name.as_bytes());
            self.heads[word] |= bit;
            self.names.insert(name.into());
        }
        for atom in reading.atoms.iter().filter(|atom| atom.form == Form::Identifier) {
            let stem = atom.text.as_bytes();
            // Behind it is the end of the name, or a dot.
            for end in [&b""[..], b"."] {
                let (word, bit) = head(&[stem, end].concat());
                self.heads[word] |= bit;
            }
            self.stems.insert(stem.to_vec());
        }
    }

    /// Whether a file with this name is asked for.
    pub fn has(&self, name: &[u8]) -> bool {
        let (word, bit) = head(name);
        self.heads[word] & bit != 0 && (self.names.contains(name) || self.stems.contains(stem(name)))
    }
}

/// Where the bit of the first two bytes of a name stands.
fn head(name: &[u8]) -> (usize, u64) {
    let byte = |at: usize| name.get(at).copied().unwrap_or_default();
    let head = usize::from(u16::from_be_bytes([byte(0), byte(1)]));
    (head / 64, 1 << (head % 64))
}

/// A name up to its first dot.
fn stem(name: &[u8]) -> &[u8] {
    &name[..memchr::memchr(b'.', name).unwrap_or(name.len())]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::claims::locate::{Tree, name};
    use crate::claims::testing::claim;
    use crate::model::{Listing, Oid};

    proptest! {
        #[test]
        fn a_claim_finds_what_it_finds_among_all(
            paths in prop::collection::vec("([a-b]{1,2}/){0,2}(use_a|use_a.b|use|a|b)(.ts|.rs|)", 0..9),
            asked in prop::sample::select(vec!["use_a.ts", "b/a.rs", "a/use_a.b.rs", "../x/b.ts", "b\\\\a.ts"]),
        ) {
            let said = claim(&format!("`use_a` and `use_a.b` are in `{asked}`"));
            let reading = read(&said, 1000);
            let wanted = Wanted::by([&said], 1000);
            let tree = |paths: &mut dyn Iterator<Item = &String>| {
                Tree::new(Arc::new(Listing::new(paths.map(|path| (path, Oid::default())))))
            };
            let (all, some) = (
                tree(&mut paths.iter()),
                tree(&mut paths.iter().filter(|path| wanted.has(name(path).as_bytes()))),
            );
            for path in &reading.paths {
                prop_assert_eq!(all.named(&path.spelled.path), some.named(&path.spelled.path));
            }
            for atom in &reading.atoms {
                prop_assert_eq!(all.of_symbol(&atom.text), some.of_symbol(&atom.text));
            }
        }
    }
}
