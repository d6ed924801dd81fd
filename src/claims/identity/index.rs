//! Which earlier claims are worth comparing: those that share something rare. Comparing all pairs of ten
//! thousand claims would take longer than reading their files.

use std::cmp::Reverse;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::features::Features;
use super::members::Members;

/// A token that stands in more claims than this tells none of them apart.
const COMMON: usize = 64;
/// Among that many claims even common tokens are worth a look.
const FEW: usize = 128;
/// The most promising earlier claims that are compared.
const LOOKED_AT: usize = 24;

/// Claims by what they speak of. Keys are numbered as they are met.
pub(super) struct Index {
    /// The keys of every claim.
    keys: Vec<Vec<u32>>,
    /// The claims of every key, one key after the other.
    claims: Vec<u32>,
    /// Where the claims of each key end.
    ends: Vec<usize>,
}

impl Index {
    pub(super) fn new(features: &[Option<Features>], members: &[Option<Members>]) -> Self {
        let keys: Vec<Vec<u64>> = features.par_iter().zip(members).map(keys).collect();
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut counts: Vec<usize> = Vec::new();
        let mut number = |key: u64| {
            let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(key).or_insert(next);
            if number == next {
                counts.push(0);
            }
            counts[number as usize] += 1;
            number
        };
        let numbered = |keys: Vec<u64>| keys.into_iter().map(&mut number).collect();
        let keys: Vec<Vec<u32>> = keys.into_iter().map(numbered).collect();
        Self::sorted(keys, &counts)
    }

    /// The claims by their keys, of each of which there are so many.
    fn sorted(keys: Vec<Vec<u32>>, counts: &[usize]) -> Self {
        let mut ends: Vec<usize> = Vec::with_capacity(counts.len());
        let mut next: Vec<usize> = Vec::with_capacity(counts.len());
        for count in counts {
            next.push(ends.last().copied().unwrap_or_default());
            ends.push(next[ends.len()] + count);
        }
        let mut claims = vec![0; ends.last().copied().unwrap_or_default()];
        for (claim, keys) in (0..).zip(&keys) {
            for &key in keys {
                claims[next[key as usize]] = claim;
                next[key as usize] += 1;
            }
        }
        Self { keys, claims, ends }
    }

    /// The claims with a key, in order; one that has it twice, twice.
    fn claims_of(&self, key: u32) -> &[u32] {
        let start = (key as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.claims[start..self.ends[key as usize]]
    }

    /// Earlier claims that share something with this one, in order.
    pub(super) fn candidates(&self, later: usize, shared: &mut Shared) -> Vec<usize> {
        if later <= FEW {
            return (0..later).collect();
        }
        for &key in &self.keys[later] {
            let claims = self.claims_of(key);
            // The first that say a common thing may say the whole of it.
            let looked_at = if claims.len() > COMMON { &claims[..1] } else { claims };
            looked_at
                .iter()
                .take_while(|&&earlier| (earlier as usize) < later)
                .for_each(|&earlier| shared.add(earlier));
        }
        shared.take_most()
    }
}

/// How many keys claims share with one of them.
pub(super) struct Shared {
    /// By claim.
    counts: Vec<u32>,
    /// The claims that share one.
    claims: Vec<u32>,
}

impl Shared {
    /// Of so many claims none shares anything yet.
    pub(super) fn of(claims: usize) -> Self {
        Self { counts: vec![0; claims], claims: Vec::new() }
    }

    fn add(&mut self, claim: u32) {
        let count = &mut self.counts[claim as usize];
        *count += 1;
        if *count == 1 {
            self.claims.push(claim);
        }
    }

    /// The claims that share most, of equals the first, in order. Afterwards none shares anything again.
    fn take_most(&mut self) -> Vec<usize> {
        let mut ranked: Vec<(Reverse<u32>, u32)> = Vec::with_capacity(self.claims.len());
        for claim in self.claims.drain(..) {
            let count = std::mem::take(&mut self.counts[claim as usize]);
            ranked.push((Reverse(count), claim));
        }
        if ranked.len() > LOOKED_AT {
            ranked.select_nth_unstable(LOOKED_AT);
            ranked.truncate(LOOKED_AT);
        }
        let mut most: Vec<usize> = ranked.into_iter().map(|(_, claim)| claim as usize).collect();
        most.sort_unstable();
        most
    }
}

fn keys((features, members): (&Option<Features>, &Option<Members>)) -> Vec<u64> {
    let mut keys = members.as_ref().map(Members::keys).unwrap_or_default();
    if let Some(features) = features {
        keys.push(features.wording);
        keys.extend(features.files.iter().chain(&features.symbols));
        keys.extend(features.words.iter().filter(|(_, weight)| *weight >= 1.0).map(|(word, _)| *word));
    }
    keys
}
