//! Which earlier claims are worth comparing: those that share something rare. Comparing all pairs of ten
//! thousand claims would take longer than reading their files.

use rayon::prelude::*;

use super::features::Features;
use super::members::Members;

/// A token that stands in more claims than this tells none of them apart.
const COMMON: usize = 64;
/// Among that many claims even common tokens are worth a look.
const FEW: usize = 128;
/// The most promising earlier claims that are compared.
const LOOKED_AT: usize = 24;

/// Claims by what they speak of.
pub(super) struct Index {
    keys: Vec<Vec<u64>>,
    /// Every key of every claim, in order.
    claims_of: Vec<(u64, usize)>,
}

impl Index {
    pub(super) fn new(features: &[Option<Features>], members: &[Option<Members>]) -> Self {
        let keys: Vec<Vec<u64>> = features.par_iter().zip(members).map(keys).collect();
        let of_claim =
            |(claim, keys): (usize, &Vec<u64>)| keys.iter().map(|&key| (key, claim)).collect::<Vec<_>>();
        let mut claims_of: Vec<(u64, usize)> = keys.par_iter().enumerate().flat_map_iter(of_claim).collect();
        claims_of.par_sort_unstable();
        Self { keys, claims_of }
    }

    /// The claims with a key, in order; one that has it twice, twice.
    fn claims_of(&self, key: u64) -> &[(u64, usize)] {
        let from = &self.claims_of[self.claims_of.partition_point(|&(other, _)| other < key)..];
        &from[..from.partition_point(|&(other, _)| other == key)]
    }

    /// Earlier claims that share something with this one, in order.
    pub(super) fn candidates(&self, later: usize) -> Vec<usize> {
        if later <= FEW {
            return (0..later).collect();
        }
        let mut shared: Vec<usize> = Vec::new();
        for &key in &self.keys[later] {
            let claims = self.claims_of(key);
            // The first that say a common thing may say the whole of it.
            let looked_at = if claims.len() > COMMON { &claims[..1] } else { claims };
            shared.extend(looked_at.iter().map(|(_, claim)| *claim).take_while(|&earlier| earlier < later));
        }
        shared.sort_unstable();
        let mut ranked: Vec<(usize, usize)> =
            shared.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
        ranked.sort_by(|(a, most), (b, least)| least.cmp(most).then(a.cmp(b)));
        ranked.truncate(LOOKED_AT);
        let mut candidates: Vec<usize> = ranked.into_iter().map(|(claim, _)| claim).collect();
        candidates.sort_unstable();
        candidates
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
