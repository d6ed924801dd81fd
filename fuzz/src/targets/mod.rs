//! One file per target.

mod claim;
mod command;
mod json_splice;
mod ownership;
mod plan_load;
mod redact;
mod report;
mod state_rebase;

pub use claim::claim;
pub use command::command;
pub use json_splice::json_splice;
pub use ownership::ownership;
pub use plan_load::plan_load;
pub use redact::redact;
pub use report::report;
pub use state_rebase::state_rebase;

use std::path::Path;

/// Bytes as a source of decisions.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }
}

/// A directory in memory, where that can be had.
fn directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a directory")
}
