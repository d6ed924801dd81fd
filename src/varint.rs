//! Numbers as bytes: seven bits each, the lowest first, and a high bit where more follow (LEB128, as in DWARF 5, 7.6).

/// Appends a number: one byte up to 127.
pub(crate) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// Takes a number from the beginning of `bytes`; `None` if there is none, or one of more than ten bytes.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(values in prop::collection::vec(any::<u64>().prop_map(|value| value >> (value % 64)), 0..9)) {
            let mut bytes = Vec::new();
            for value in &values {
                put(&mut bytes, *value);
            }
            let mut rest = bytes.as_slice();
            let taken: Vec<u64> = std::iter::from_fn(|| take(&mut rest)).collect();
            prop_assert_eq!(taken, values);
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn small_numbers_take_one_byte_and_endless_ones_are_none() {
        let mut bytes = Vec::new();
        for value in [0, 127, 128] {
            put(&mut bytes, value);
        }
        assert_eq!(bytes, [0, 127, 0x80, 1]);
        assert_eq!([take(&mut &[0x80; 2][..]), take(&mut &[0x80; 11][..])], [None, None]);
    }
}
