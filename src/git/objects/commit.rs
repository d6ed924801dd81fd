//! Commit objects.

use crate::model::Oid;

/// A commit as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::git) struct RawCommit {
    /// Its files.
    pub(in crate::git) tree: Oid,
    /// Its parents as written.
    pub(in crate::git) parents: Vec<Oid>,
    /// Author time, seconds since 1970; 0 where it cannot be read.
    pub(in crate::git) author_time: i64,
    /// Committer time, likewise.
    pub(in crate::git) commit_time: i64,
    /// Everything after the headers.
    pub(in crate::git) message: Vec<u8>,
    /// Bytes of all of it.
    pub(in crate::git) bytes: usize,
}

impl RawCommit {
    /// Takes a commit object apart; `None` if it names no tree.
    pub(super) fn parse(content: &[u8]) -> Option<Self> {
        let (mut tree, mut parents) = (None, Vec::new());
        let (mut author_time, mut commit_time) = (None, None);
        let mut rest = content;
        while let Some(end) =
            rest.iter().position(|byte| *byte == b'\n').or((!rest.is_empty()).then_some(rest.len()))
        {
            let line = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            if line.is_empty() {
                break;
            }
            // Signatures and merged tags continue over lines that begin with a space.
            match line.split(|byte| *byte == b' ').next() {
                Some(b"tree") if tree.is_none() => tree = Some(Oid::from_hex(line.get(5..)?)?),
                Some(b"parent") => parents.push(Oid::from_hex(line.get(7..)?)?),
                Some(b"author") if author_time.is_none() => author_time = Some(time(line)),
                Some(b"committer") if commit_time.is_none() => commit_time = Some(time(line)),
                _ => {}
            }
        }
        let time = |time: Option<i64>| time.unwrap_or_default();
        Some(Self {
            tree: tree?,
            parents,
            author_time: time(author_time),
            commit_time: time(commit_time),
            message: rest.to_vec(),
            bytes: content.len(),
        })
    }
}

/// Seconds of `author Name <mail> seconds zone`.
fn time(line: &[u8]) -> i64 {
    let after_mail = line.iter().rposition(|byte| *byte == b'>').map_or(0, |at| at + 1);
    let text = std::str::from_utf8(&line[after_mail..]).unwrap_or_default();
    text.split_ascii_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn headers_and_message_are_told_apart() {
        let text = format!(
            "tree {ID}\nparent {ID}\nparent {ID}\nauthor A > B <a@b> 12 +0100\ncommitter C <c@d> -3 -0200\n\
             gpgsig -----BEGIN\n \n parent of nothing\n -----END\n\nsubject\n\nbody\n"
        );
        let commit = RawCommit::parse(text.as_bytes()).expect("a commit");
        assert_eq!(commit.parents.len(), 2);
        assert_eq!((commit.author_time, commit.commit_time), (12, -3));
        assert_eq!((commit.message.as_slice(), commit.bytes), (b"subject\n\nbody\n" as &[u8], text.len()));
    }

    #[test]
    fn odd_commits_do_not_stop_the_reader() {
        assert_eq!(RawCommit::parse(b""), None);
        assert_eq!(RawCommit::parse(b"tree 12\n\nx"), None);
        let bare = RawCommit::parse(format!("tree {ID}\nauthor nobody").as_bytes()).expect("a commit");
        assert_eq!((bare.author_time, bare.message.len()), (0, 0));
    }
}
