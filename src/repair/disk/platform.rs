//! What differs between operating systems.

use std::fs::{DirBuilder, Metadata, OpenOptions, Permissions};
use std::io;
use std::path::Path;

/// Lets two files change places; `false` where that cannot be had.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The permission bits of a file, where there are any.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there are no permission bits to tell")]
pub(super) fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
pub(super) fn mode(_metadata: &Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there are no permission bits to give")]
pub(super) fn permissions(mode: u32) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(Permissions::from_mode(mode & 0o7777))
}

#[cfg(not(unix))]
pub(super) fn permissions(_mode: u32) -> Option<Permissions> {
    None
}

pub(super) fn private_dir() -> DirBuilder {
    #[allow(unused_mut, reason = "changed on Unix alone")]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "a directory is opened to be flushed")]
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    std::fs::File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}
