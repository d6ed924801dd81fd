//! Deltas: an object told as pieces of another one and bytes of its own.

use super::pack::Damage;

/// Sizes that a delta begins with, and where its instructions start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) base: u64,
    pub(super) result: u64,
    instructions: usize,
}

/// Reads the sizes that `delta` begins with.
pub(super) fn sizes(delta: &[u8]) -> Result<Sizes, Damage> {
    let mut at = 0;
    let base = size(delta, &mut at)?;
    let result = size(delta, &mut at)?;
    Ok(Sizes { base, result, instructions: at })
}

/// Applies `delta` to `base`. The result has exactly the size that the delta says, which the caller has
/// found acceptable.
pub(super) fn apply(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, Damage> {
    let sizes = sizes(delta)?;
    let size = usize::try_from(sizes.result).map_err(|_| Damage)?;
    if sizes.base != base.len() as u64 {
        return Err(Damage);
    }
    let mut result = Vec::with_capacity(size);
    let mut at = sizes.instructions;
    while let Some(&instruction) = delta.get(at) {
        at += 1;
        let piece = if instruction & 0x80 != 0 {
            let start = field(delta, &mut at, instruction, 4)?;
            let length = match field(delta, &mut at, instruction >> 4, 3)? {
                0 => 0x1_0000,
                length => length,
            };
            base.get(start..start.checked_add(length).ok_or(Damage)?)
        } else {
            let length = usize::from(instruction);
            let own = delta.get(at..at + length).filter(|own| !own.is_empty());
            at += length;
            own
        };
        let piece = piece.ok_or(Damage)?;
        if piece.len() > size - result.len() {
            return Err(Damage);
        }
        result.extend_from_slice(piece);
    }
    if result.len() == size { Ok(result) } else { Err(Damage) }
}

/// A number of up to `bytes` bytes, of which the low bits of `present` tell which are there.
fn field(delta: &[u8], at: &mut usize, present: u8, bytes: u32) -> Result<usize, Damage> {
    let mut value = 0;
    for place in (0..bytes).filter(|place| present >> place & 1 != 0) {
        value |= usize::from(*delta.get(*at).ok_or(Damage)?) << (8 * place);
        *at += 1;
    }
    Ok(value)
}

/// A number in groups of seven bits, lowest first.
fn size(delta: &[u8], at: &mut usize) -> Result<u64, Damage> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *delta.get(*at).ok_or(Damage)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Damage)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pieces_and_own_bytes_are_put_together() {
        // Base of 5 bytes, result of 7: two of the base from 1, three of its own, two of the base from 0.
        let delta = [5, 7, 0x91, 1, 2, 3, b'x', b'y', b'z', 0x90, 2];
        assert_eq!(apply(b"abcde", &delta).unwrap(), b"bcxyzab");
        assert_eq!(sizes(&delta).unwrap(), Sizes { base: 5, result: 7, instructions: 2 });
    }

    #[test]
    fn a_length_of_nothing_means_64_kibibytes() {
        let base = vec![7; 0x1_0000];
        let delta = [0x80, 0x80, 4, 0x80, 0x80, 4, 0x80];
        assert_eq!(apply(&base, &delta).unwrap(), base);
    }

    #[test]
    fn deltas_that_lie_are_damage() {
        let base = b"abcde";
        for delta in [
            &[] as &[u8],
            &[5],
            &[4, 2, 0x90, 2],    // another base
            &[5, 2, 0x91, 4, 2], // beyond the base
            &[5, 3, 0x90, 2],    // too little
            &[5, 1, 0x90, 2],    // too much
            &[5, 1, 0],          // a reserved instruction
            &[5, 2, 2, b'x'],    // cut off
            &[0xff; 12],         // a size without end
        ] {
            assert!(apply(base, delta).is_err(), "{delta:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(base in prop::collection::vec(any::<u8>(), 0..64), mut delta in prop::collection::vec(any::<u8>(), 0..64)) {
            delta.splice(0..0, [u8::try_from(base.len()).unwrap(), 9]);
            if let Ok(result) = apply(&base, &delta) {
                prop_assert_eq!(result.len(), 9);
            }
        }
    }
}
