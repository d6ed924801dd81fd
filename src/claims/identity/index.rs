//! Which earlier claims are worth comparing: those that share something rare. Comparing all pairs of ten
//! thousand claims would take longer than reading their files.

use hashbrown::HashMap;

use super::features::Features;
use super::members::Members;

/// A token that stands in more claims than this tells none of them apart.
const COMMON: usize = 64;
/// Among that many claims even common tokens are worth a look.
const FEW: usize = 128;
/// About how many keys a claim has, and how many of these no earlier one had.
const KEYS: usize = 16;
const DIFFERENT: usize = 4;
/// The most promising earlier claims that are compared.
const LOOKED_AT: usize = 24;

/// Claims by what they speak of. Keys are numbered as they are met.
pub(super) struct Index {
    /// The keys of every claim, one claim after the other.
    keys: Vec<u32>,
    /// Where the keys of each claim end.
    key_ends: Vec<usize>,
    /// The claims of every key, one key after the other.
    claims: Vec<u32>,
    /// Where the claims of each key end.
    ends: Vec<usize>,
}

impl Index {
    pub(super) fn new(features: &[Option<Features>], members: &[Option<Members>]) -> Self {
        let mut numbers: HashMap<u64, u32> = HashMap::with_capacity(features.len() * DIFFERENT);
        let mut keys = Vec::with_capacity(features.len() * KEYS);
        let mut key_ends = Vec::with_capacity(features.len());
        let mut number = |key: u64| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(key).or_insert(next)
        };
        for (features, members) in features.iter().zip(members) {
            let of_members = members.as_ref().map(Members::keys).unwrap_or_default();
            keys.extend(of_members.into_iter().map(&mut number));
            keys.extend(features.iter().flat_map(Features::keys).map(&mut number));
            key_ends.push(keys.len());
        }
        Self::sorted(keys, key_ends, numbers.len())
    }

    /// The claims by their keys, of which there are so many.
    fn sorted(keys: Vec<u32>, key_ends: Vec<usize>, count: usize) -> Self {
        let mut next: Vec<usize> = vec![0; count];
        for &key in &keys {
            next[key as usize] += 1;
        }
        let mut ends: Vec<usize> = Vec::with_capacity(count);
        // How many claims a key has becomes the place of the first of them.
        for place in &mut next {
            let start = ends.last().copied().unwrap_or_default();
            ends.push(start + std::mem::replace(place, start));
        }
        let mut claims = vec![0; keys.len()];
        let mut start = 0;
        for (claim, &end) in (0..).zip(&key_ends) {
            for &key in &keys[start..end] {
                claims[next[key as usize]] = claim;
                next[key as usize] += 1;
            }
            start = end;
        }
        Self { keys, key_ends, claims, ends }
    }

    /// The keys of a claim.
    fn keys_of(&self, claim: usize) -> &[u32] {
        let start = claim.checked_sub(1).map_or(0, |before| self.key_ends[before]);
        &self.keys[start..self.key_ends[claim]]
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
        for &key in self.keys_of(later) {
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
        // In one number each, in the order of the ranks: what shares more is less.
        let mut ranked: Vec<u64> = Vec::with_capacity(self.claims.len());
        for claim in self.claims.drain(..) {
            let count = std::mem::take(&mut self.counts[claim as usize]);
            ranked.push(u64::from(u32::MAX - count) << 32 | u64::from(claim));
        }
        if ranked.len() > LOOKED_AT {
            ranked.select_nth_unstable(LOOKED_AT);
            ranked.truncate(LOOKED_AT);
        }
        let claim = |ranked: u64| usize::try_from(ranked & u64::from(u32::MAX)).unwrap_or_default();
        let mut most: Vec<usize> = ranked.into_iter().map(claim).collect();
        most.sort_unstable();
        most
    }
}
