//! Lines of text in one piece of memory.

use std::fmt;

/// Lines without their ends. Ten thousand commits hold millions of lines, so they share one buffer per
/// hunk and side instead of having a `String` each.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Lines(Box<str>);

impl Lines {
    /// Takes over text in which every line, the last one too, ends with a line feed; what follows the
    /// last line feed is a line of its own.
    pub fn from_terminated(mut text: String) -> Self {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        Self(text.into_boxed_str())
    }

    /// The lines in order.
    pub fn iter(&self) -> std::str::SplitTerminator<'_, char> {
        self.0.split_terminator('\n')
    }

    /// How many there are. Counts them: linear in the text.
    pub fn len(&self) -> usize {
        self.0.bytes().filter(|byte| *byte == b'\n').count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every line followed by a line feed.
    pub fn as_terminated(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a str;
    type IntoIter = std::str::SplitTerminator<'a, char>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A line feed within a line starts another one.
impl<S: AsRef<str>> FromIterator<S> for Lines {
    fn from_iter<I: IntoIterator<Item = S>>(lines: I) -> Self {
        let mut text = String::new();
        for line in lines {
            text.push_str(line.as_ref());
            text.push('\n');
        }
        Self(text.into_boxed_str())
    }
}

impl<const N: usize> PartialEq<[&str; N]> for Lines {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_and_an_empty_line_differ() {
        let none: Lines = Vec::<String>::new().into_iter().collect();
        let empty: Lines = [""].into_iter().collect();
        assert_eq!((none.len(), none.iter().count(), none.is_empty()), (0, 0, true));
        assert_eq!((empty.len(), empty.iter().count(), empty.is_empty()), (1, 1, false));
        assert_ne!(none, empty);
    }

    #[test]
    fn lines_come_back_as_they_went_in() {
        let lines: Lines = ["a", "", "b\r", "ä"].into_iter().collect();
        assert_eq!(lines, ["a", "", "b\r", "ä"]);
        assert_eq!(lines.len(), 4);
        assert_eq!(Lines::from_terminated("a\n\nb\r\nä".to_owned()), lines);
        assert_eq!(Lines::from_terminated(lines.as_terminated().to_owned()), lines);
    }
}
