//! Merge commits that a forge makes to test a pull request: the work is their second parent.

use std::{fs, io};

use super::error::{GitError, Reading};
use super::repository::{Repository, raw_oid};
use crate::model::Oid;

/// Where a forge keeps the merge commits of open requests, each as `NUMBER/merge`.
const REQUESTS: [&[u8]; 4] =
    [b"refs/pull/", b"refs/remotes/pull/", b"refs/merge-requests/", b"refs/remotes/merge-requests/"];

/// A pull request as its merge commit shows it.
pub(super) struct PullRequest {
    /// Tip of the branch under test.
    pub(super) head: Oid,
    /// What it will be merged into.
    pub(super) target: Oid,
}

/// The pull request that `head` is the merge commit of, if it is one.
pub(super) fn of_merge(repo: &Repository, head: &Oid) -> Result<Option<PullRequest>, GitError> {
    let id = raw_oid(head)?;
    let commit = repo.raw().find_commit(id).reading(|| format!("commit {head}"))?;
    let parents = written_parents(&commit);
    let [target, tip] = parents.as_slice() else { return Ok(None) };
    let subject = commit.message_bytes().split(|byte| *byte == b'\n').next().unwrap_or_default();
    if !is_merge_subject(subject) && !is_merge_ref(repo, id)? {
        return Ok(None);
    }
    let odb = repo.raw().odb().reading(|| "the objects".to_owned())?;
    if commit.parent_count() == 2 && odb.exists(raw_oid(tip)?) && odb.exists(raw_oid(target)?) {
        return Ok(Some(PullRequest { head: *tip, target: *target }));
    }
    Err(GitError::Shallow { what: format!("the branch of the pull request ({tip})") })
}

/// The parents as written in the commit: a shallow clone hides those it does not have.
pub(super) fn written_parents(commit: &git2::Commit<'_>) -> Vec<Oid> {
    let header = String::from_utf8_lossy(commit.raw_header_bytes()).into_owned();
    let parents = header.lines().filter_map(|line| line.strip_prefix("parent "));
    parents.filter_map(|id| Oid::from_hex(id.trim())).collect()
}

fn is_merge_ref(repo: &Repository, id: git2::Oid) -> Result<bool, GitError> {
    if !may_be_merge_ref(repo, id) {
        return Ok(false);
    }
    // Of all references once: there may be many.
    let merges = repo.raw().references_glob("refs/*/merge").reading(|| "the references".to_owned())?;
    let is_request = |name: &[u8]| REQUESTS.iter().any(|requests| name.starts_with(requests));
    Ok(merges.flatten().any(|merge| merge.target() == Some(id) && is_request(merge.name_bytes())))
}

/// Whether it is worth looking: of references that are packed, and there may be a million, most often none is it.
fn may_be_merge_ref(repo: &Repository, id: git2::Oid) -> bool {
    let directory = repo.raw().commondir();
    let is_loose = |requests: &[u8]| directory.join(String::from_utf8_lossy(requests).as_ref()).exists();
    let is_packed = match fs::read(directory.join("packed-refs")) {
        Ok(packed) => names_merge(&packed, id.to_string().as_bytes()),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    is_packed || REQUESTS.into_iter().any(is_loose)
}

/// Whether a file of packed references gives a request's merge this id.
fn names_merge(packed: &[u8], id: &[u8]) -> bool {
    memchr::memmem::find_iter(packed, id).any(|at| {
        let name = packed[at + id.len()..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        name.trim_ascii().ends_with(b"/merge")
    })
}

/// `Merge <id> into <id>`, which no person writes.
fn is_merge_subject(subject: &[u8]) -> bool {
    let words: Vec<&[u8]> = subject.split(|byte| *byte == b' ').collect();
    let is_id = |word: &[u8]| word.len() == 40 && word.iter().all(u8::is_ascii_hexdigit);
    matches!(words.as_slice(), [b"Merge", ours, b"into", theirs] if is_id(ours) && is_id(theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_full_ids_make_a_merge_subject() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        assert!(is_merge_subject(format!("Merge {id} into {id}").as_bytes()));
        assert!(!is_merge_subject(format!("Merge {id} into main").as_bytes()));
        assert!(!is_merge_subject(b"Merge branch 'x' into y"));
    }

    #[test]
    fn packed_references_are_looked_through_for_merges() {
        let packed = b"# pack-refs with: peeled fully-peeled sorted \n0a refs/heads/merge-x\n0a refs/pull/1/merge\n0b refs/heads/x\n";
        assert!(names_merge(packed, b"0a"));
        assert!(!names_merge(packed, b"0b") && !names_merge(packed, b"0c"));
        assert!(names_merge(b"0c refs/pull/1/merge", b"0c"));
    }
}
