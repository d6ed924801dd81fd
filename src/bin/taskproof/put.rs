//! Files of reports. A branch can check out links where they are to be written.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use taskproof::git;

use crate::error::Error;

/// Where the system keeps names for what a process has open, such as `/dev/stdout`: these are links, and meant.
const OF_THE_SYSTEM: [&str; 2] = ["/dev", "/proc"];

/// Writes a file. A link of its name is replaced and not followed, and a directory that a tracked link leads to is refused.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: path.to_path_buf(), source };
    if OF_THE_SYSTEM.iter().any(|system| path.starts_with(system)) {
        return fs::write(path, bytes).map_err(failed);
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    refuse_planted(directory)?;
    match path.symlink_metadata() {
        // A file keeps its rights, a pipe gets what it waits for, and a directory is no file.
        Ok(data) if !data.is_symlink() => fs::write(path, bytes).map_err(failed),
        _ => replace(directory, path, bytes).map_err(failed),
    }
}

/// Refuses a directory that the branch chose: it is a link that git tracks, or lies behind one.
pub(crate) fn refuse_planted(directory: &Path) -> Result<(), Error> {
    let Some(link) = git::planted_link(directory) else { return Ok(()) };
    let problem = format!("git tracks the link `{}`; name another directory", link.display());
    Err(Error::WriteFile { path: directory.to_path_buf(), source: io::Error::other(problem) })
}

/// Puts a new file in the place of whatever bears the name.
fn replace(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = tempfile::Builder::new();
    options.prefix(".taskproof-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the user's mask takes away what others may not do.
        options.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = options.tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_replaced_and_files_keep_their_rights() {
        let scratch = tempfile::tempdir().expect("a directory");
        let at = |name: &str| scratch.path().join(name);
        fs::write(at("victim"), "precious").expect("a file");
        for target in ["victim", "nowhere", "link"] {
            symlink(target, at("link")).expect("a link");
            put(&at("link"), b"report").expect("written");
            assert_eq!(fs::read_to_string(at("link")).expect("a file"), "report");
            fs::remove_file(at("link")).expect("removed");
        }
        assert_eq!(fs::read_to_string(at("victim")).expect("a file"), "precious");
        assert!(!at("nowhere").exists());
        fs::set_permissions(at("victim"), fs::Permissions::from_mode(0o640)).expect("rights");
        put(&at("victim"), b"report").expect("written");
        put(&at("new"), b"report").expect("written");
        fs::write(at("usual"), "").expect("a file");
        let mode = |name: &str| fs::metadata(at(name)).expect("a file").permissions().mode() & 0o777;
        assert_eq!((mode("victim"), mode("new")), (0o640, mode("usual")));
        assert_eq!(fs::read_dir(scratch.path()).expect("a directory").count(), 3);
    }

    #[test]
    fn devices_are_written_to() {
        put(Path::new("/dev/null"), b"report").expect("written");
        let error = put(scratch_directory().path(), b"report").expect_err("no file");
        assert!(error.chain().contains("cannot write"), "{}", error.chain());
    }

    fn scratch_directory() -> tempfile::TempDir {
        tempfile::tempdir().expect("a directory")
    }
}
