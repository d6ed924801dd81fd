//! Byte offsets to line numbers.

/// Turns rising byte offsets into line numbers without starting over.
pub(super) struct LineCounter<'a> {
    bytes: &'a [u8],
    line: usize,
    offset: usize,
}

impl<'a> LineCounter<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), line: 1, offset: 0 }
    }

    /// One-based line of `offset`.
    pub(super) fn at(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.bytes.len());
        if offset < self.offset {
            (self.line, self.offset) = (1, 0);
        }
        self.line += self.bytes[self.offset..offset].split(|byte| *byte == b'\n').count() - 1;
        self.offset = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_in_any_order() {
        let mut lines = LineCounter::new("a\nb\n\nc");
        assert_eq!([0, 2, 5, 3, 99].map(|offset| lines.at(offset)), [1, 2, 4, 2, 4]);
    }
}
