//! Deltas: an object told as pieces of another one and bytes of its own.

use std::ops::Range;

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
    // A short piece is appended in whole steps and cut to its length.
    let mut result = Vec::with_capacity(size.saturating_add(STEP));
    let mut at = sizes.instructions;
    while let Some(&instruction) = delta.get(at) {
        at += 1;
        let (from, piece) = if instruction & 0x80 != 0 {
            let (piece, length) = piece_of_base(delta, at, instruction)?;
            at += length;
            (base, piece)
        } else {
            let own = at..at + usize::from(instruction);
            at = own.end;
            (delta, own)
        };
        if piece.is_empty() || piece.len() > size - result.len() {
            return Err(Damage);
        }
        append(&mut result, from, piece)?;
    }
    if result.len() == size { Ok(result) } else { Err(Damage) }
}

/// Bytes that are appended at once.
const STEP: usize = 16;
/// Pieces up to this long are appended in steps: a call takes longer.
const SHORT: usize = 6 * STEP;

fn append(result: &mut Vec<u8>, from: &[u8], piece: Range<usize>) -> Result<(), Damage> {
    let steps = from.get(piece.start..piece.start + piece.len().next_multiple_of(STEP));
    match steps.filter(|_| piece.len() <= SHORT) {
        Some(steps) => {
            let end = result.len() + piece.len();
            steps.as_chunks::<STEP>().0.iter().for_each(|step| result.extend_from_slice(step));
            result.truncate(end);
        }
        None => result.extend_from_slice(from.get(piece).ok_or(Damage)?),
    }
    Ok(())
}

/// Which bytes of the base an instruction copies, and how many bytes of the delta, from `at` on, say so: the low bits of the
/// instruction tell which of four bytes of the start and three of the length are there.
fn piece_of_base(delta: &[u8], at: usize, instruction: u8) -> Result<(Range<usize>, usize), Damage> {
    let rest = delta.get(at..).ok_or(Damage)?;
    let mut said = rest.first_chunk().map_or_else(|| padded(rest), |said| u64::from_le_bytes(*said));
    let mut fields = 0_u64;
    // No branches: which bytes are there is as good as random.
    for place in 0..7 {
        let is_there = u64::from(instruction >> place & 1);
        fields |= (said & (0xff * is_there)) << (8 * place);
        said >>= 8 * is_there;
    }
    let length = (instruction & 0x7f).count_ones() as usize;
    if length > rest.len() {
        return Err(Damage);
    }
    let field = |field: u64| usize::try_from(field).map_err(|_| Damage);
    let start = field(fields & 0xffff_ffff)?;
    let bytes = match field(fields >> 32)? {
        0 => 0x1_0000,
        bytes => bytes,
    };
    Ok((start..start.checked_add(bytes).ok_or(Damage)?, length))
}

/// The bytes that are left, as if zeros came after them.
fn padded(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |said, byte| said << 8 | u64::from(*byte))
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
