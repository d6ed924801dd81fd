//! Which earlier claims are worth comparing: those that share something rare. Comparing all pairs of ten
//! thousand claims would take longer than reading their files.

use std::collections::HashMap;

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
    claims_of: HashMap<u64, Vec<usize>>,
}

impl Index {
    pub(super) fn new(features: &[Option<Features>], members: &[Option<Members>]) -> Self {
        let keys: Vec<Vec<u64>> = features.iter().zip(members).map(keys).collect();
        let mut claims_of: HashMap<u64, Vec<usize>> = HashMap::new();
        for (claim, keys) in keys.iter().enumerate() {
            for key in keys {
                claims_of.entry(*key).or_default().push(claim);
            }
        }
        Self { keys, claims_of }
    }

    /// Earlier claims that share something with this one, in order.
    pub(super) fn candidates(&self, later: usize) -> Vec<usize> {
        if later <= FEW {
            return (0..later).collect();
        }
        let mut shared: Vec<usize> = Vec::new();
        for key in &self.keys[later] {
            let claims = self.claims_of.get(key).map(Vec::as_slice).unwrap_or_default();
            // The first that say a common thing may say the whole of it.
            let looked_at = if claims.len() > COMMON { &claims[..1] } else { claims };
            shared.extend(looked_at.iter().take_while(|&&earlier| earlier < later));
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
