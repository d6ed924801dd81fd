//! Ids of objects.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A SHA-1 object id. It is written as forty hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Oid(pub [u8; 20]);

/// Without the length that a slice is hashed with. All of it: a repository may name objects that begin alike and do not exist.
impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (eights, rest) = self.0.as_chunks();
        for eight in eights {
            state.write_u64(u64::from_le_bytes(*eight));
        }
        for four in rest.as_chunks().0 {
            state.write_u32(u32::from_le_bytes(*four));
        }
    }
}

impl Oid {
    /// The id in these bytes; `None` unless there are twenty.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The id of forty hexadecimal digits of either case; `None` of anything else.
    pub fn from_hex(text: impl AsRef<[u8]>) -> Option<Self> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (text, mut id) = (text.as_ref(), [0; 20]);
        if text.len() != 2 * id.len() {
            return None;
        }
        for (byte, pair) in id.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(id))
    }

    /// Its forty hexadecimal digits, in lower case.
    pub fn digits(self) -> [u8; 40] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 40];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 0x0f].map(|digit| DIGITS[usize::from(digit)]);
        }
        digits
    }

    /// The same as text.
    pub fn to_hex(self) -> String {
        // Digits are UTF-8.
        String::from_utf8(self.digits().to_vec()).unwrap_or_default()
    }

    /// As many digits as people tell commits by: ten.
    pub fn short(self) -> String {
        let mut text = self.to_hex();
        text.truncate(10);
        text
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_begin_or_end_alike_have_hashes_of_their_own() {
        let state = hashbrown::DefaultHashBuilder::default();
        let hash = |at: usize, byte: u8| {
            let mut id = Oid::default();
            id.0[at] = byte;
            std::hash::BuildHasher::hash_one(&state, id)
        };
        let places = (0..20).flat_map(|at| (1..=255).map(move |byte| (at, byte)));
        let found: std::collections::HashSet<u64> = places.map(|(at, byte)| hash(at, byte)).collect();
        assert_eq!(found.len(), 20 * 255);
    }

    #[test]
    fn ids_are_forty_hexadecimal_digits() {
        let text = "0123456789abcdefABCDEF0123456789abcdef01";
        let id = Oid::from_hex(text).expect("an id");
        assert_eq!((id.to_string(), id.short()), (text.to_lowercase(), "0123456789".to_owned()));
        assert_eq!(Oid::from_slice(&id.0), Some(id));
        for bad in ["", "0123", &text[1..], &format!("{text}0"), &text.replace('0', "g")] {
            assert_eq!(Oid::from_hex(bad), None, "{bad}");
        }
    }
}
