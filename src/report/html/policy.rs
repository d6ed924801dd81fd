//! The page's content security policy: nothing but its own style and its own script.

use std::fmt::Write as _;

use crate::digest::sha256;

/// The policy for a page with that style and that script.
///
/// Data for the script is JSON, which no browser runs and no policy has to name.
pub(super) fn of(style: &str, script: &str) -> String {
    let mut policy = String::from("default-src 'none'");
    for (directive, text) in [("style-src", style), ("script-src", script)] {
        let _ = write!(policy, "; {directive} 'sha256-{}'", base64(&sha256(text.as_bytes())));
    }
    policy.push_str("; base-uri 'none'; form-action 'none'");
    policy
}

/// Bytes in base 64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let is_padding = place > chunk.len();
            let letter = char::from(ALPHABET[bits >> (18 - 6 * place) & 63]);
            text.push(if is_padding { '=' } else { letter });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_is_the_standard_one() {
        // RFC 4648, section 10.
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn hashes_are_those_that_browsers_compute() {
        // The example of CSP level 3, section 8.4: alert('Hello, world.');
        let policy = of("", "alert('Hello, world.');");
        assert!(
            policy.contains("script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
            "{policy}"
        );
    }
}
