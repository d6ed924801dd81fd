//! Which files are text.

/// Git looks for a zero byte in this many bytes.
const LOOKED_AT: usize = 8000;

/// Whether a file has what no text has.
pub(super) fn looks_binary(content: &[u8]) -> bool {
    memchr::memchr(0, &content[..content.len().min(LOOKED_AT)]).is_some()
}
