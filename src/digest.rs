//! SHA-256, the digest of the harness's ids, of the journal and of what a page may run; and ids of files, as git has them.

use std::fmt::Write as _;

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The digest of `bytes`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest of `bytes` as 64 lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    sha256(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The id of a file with this content in a repository of git: that of "blob", its length, a zero, and the content.
pub(crate) fn blob_id(content: &[u8]) -> [u8; 20] {
    let head = format!("blob {}\0", content.len());
    Sha1::new().chain_update(head).chain_update(content).finalize().into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn files_have_the_ids_of_git() {
        // `git hash-object -t blob /dev/null`, and `printf 'hello\n' | git hash-object --stdin`
        for (content, id) in [
            ("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
            ("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
        ] {
            assert_eq!(crate::model::Oid(super::blob_id(content.as_bytes())).to_hex(), id);
        }
    }

    #[test]
    fn the_digest_is_the_standard_one() {
        // FIPS 180-2, example B.1.
        assert_eq!(
            super::sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
