//! Bytes compared many at once.

/// Bytes that are compared at once.
const BLOCK: usize = 64;
/// Bytes of a machine word.
const WORD: usize = 8;

/// How many bytes two texts have in common at their start.
pub(super) fn common(one: &[u8], other: &[u8]) -> usize {
    let shorter = one.len().min(other.len());
    let (one, other) = (&one[..shorter], &other[..shorter]);
    let blocks = one.as_chunks::<BLOCK>().0.iter().zip(other.as_chunks::<BLOCK>().0);
    let mut equal = blocks.take_while(|(one, other)| are_equal(one, other)).count() * BLOCK;
    let (ones, rest_of_one) = one[equal..].as_chunks::<WORD>();
    let (others, rest_of_other) = other[equal..].as_chunks::<WORD>();
    for (one, other) in ones.iter().zip(others) {
        let difference = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if difference != 0 {
            return equal + difference.trailing_zeros() as usize / 8;
        }
        equal += WORD;
    }
    equal + rest_of_one.iter().zip(rest_of_other).take_while(|(one, other)| one == other).count()
}

/// Where the first zero byte is, for texts where it is near.
pub(super) fn first_zero(text: &[u8]) -> Option<usize> {
    const LOW: u64 = u64::from_le_bytes([0x01; WORD]);
    const HIGH: u64 = u64::from_le_bytes([0x80; WORD]);
    let (words, rest) = text.as_chunks::<WORD>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A byte below 1 borrows (Mycroft 1987); above the first zero the bits may be wrong.
        let zeros = word.wrapping_sub(LOW) & !word & HIGH;
        if zeros != 0 {
            return Some(at * WORD + zeros.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| *byte == 0).map(|at| words.len() * WORD + at)
}

/// Without a branch, so that the compiler compares them as wide as the machine can.
fn are_equal(one: &[u8; BLOCK], other: &[u8; BLOCK]) -> bool {
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_many_as_one_by_one(start in "[ab]{0,200}", one in "[ab]{0,99}", other in "[ab]{0,99}") {
            let (one, other) = (format!("{start}{one}"), format!("{start}{other}"));
            let slowly = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            prop_assert_eq!(common(one.as_bytes(), other.as_bytes()), slowly);
        }

        #[test]
        fn the_first_zero_is_found(text in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..40)) {
            prop_assert_eq!(first_zero(&text), text.iter().position(|byte| *byte == 0));
        }
    }
}
