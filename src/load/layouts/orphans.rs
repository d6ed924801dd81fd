//! Where the harness keeps plans of a project that it could not keep in the project (spec section 1).

use std::fs;
use std::path::{Path, PathBuf};

use crate::digest::sha256_hex;

/// The directory of orphaned plans of the project at `root`, below the user's home.
pub(super) fn of(root: &Path, home: &Path) -> PathBuf {
    home.join(".megaplan").join(storage_id(root)).join("orphan_plans")
}

/// The harness's name for a repository: its label, and a digest of its common git directory.
fn storage_id(root: &Path) -> String {
    let resolved = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let common = git_common_dir(&resolved);
    let identity = common.as_deref().unwrap_or(&resolved);
    let label = common.as_deref().and_then(Path::parent).unwrap_or(&resolved);
    let label = slug(&label.file_name().unwrap_or_default().to_string_lossy());
    let digest = sha256_hex(identity.to_string_lossy().as_bytes());
    format!("{label}-{}", &digest[..12])
}

fn git_common_dir(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return fs::canonicalize(&git).ok();
    }
    let text = fs::read_to_string(&git).ok()?;
    let target = Path::new(text.trim().strip_prefix("gitdir:")?.trim()).to_path_buf();
    let target = if target.is_absolute() { target } else { fs::canonicalize(root.join(target)).ok()? };
    let parent = target.parent()?;
    let common = if parent.file_name()? == "worktrees" { parent.parent()?.to_path_buf() } else { target };
    Some(fs::canonicalize(&common).unwrap_or(common))
}

/// Lower case, runs of anything but letters and digits as one dash, at most 30 characters and then cut
/// at a dash if one is near.
fn slug(label: &str) -> String {
    const LONGEST: usize = 30;
    let mut out = String::new();
    for character in label.to_lowercase().chars() {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            _ if out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let mut cut = out.trim_matches('-').to_owned();
    if cut.len() > LONGEST {
        cut.truncate(LONGEST);
        cut.truncate(cut.rfind('-').filter(|at| *at > 10).unwrap_or(LONGEST));
    }
    if cut.is_empty() { "plan".to_owned() } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_the_harness_s() {
        assert_eq!(slug("My Repo__v2"), "my-repo-v2");
        assert_eq!(slug("..."), "plan");
        assert_eq!(slug("a-very-long-repository-name-indeed"), "a-very-long-repository-name");
    }
}
