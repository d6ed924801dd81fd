//! Where commits that were read are kept.

use std::env;
use std::path::{Path, PathBuf};

use taskproof::git::{self, CacheOptions};

use crate::args;
use crate::settings::home;

/// A directory that is not used, and what of it git tracks.
pub(crate) struct Refused {
    directory: PathBuf,
    tracked: PathBuf,
}

impl Refused {
    /// Says so, and what to do.
    pub(crate) fn message(&self) -> String {
        format!(
            "the cache in `{}` is not used: git tracks `{}`, so a branch may have filled it; name a directory outside of \
             the repository with `--cache-dir`",
            self.directory.display(),
            self.tracked.display()
        )
    }
}

/// The cache as asked for, or where the platform keeps such things; none where a branch has a say in what it holds.
pub(crate) fn options(arguments: &args::Analysis, start: &Path) -> (Option<CacheOptions>, Option<Refused>) {
    let asked = arguments.cache_dir.as_ref().map(|dir| start.join(dir));
    let Some(directory) = asked.or_else(platform_cache).filter(|_| !arguments.no_cache) else {
        return (None, None);
    };
    match git::brought_by_clone(&directory) {
        None => (Some(CacheOptions::new(directory)), None),
        Some(tracked) => (None, Some(Refused { directory, tracked })),
    }
}

/// The program's directory for what can be made again.
fn platform_cache() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    };
    base.map(|base| base.join("taskproof"))
}
