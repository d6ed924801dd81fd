//! Where the things are that a claim speaks of, when it was made and now.

mod comments;
mod lines;
mod names;
mod needle;
mod place;
mod shelf;
mod sweep;
mod text;
mod tree;
mod wanted;

pub use lines::{Edit, carry, edits};
pub use needle::Needle;
pub use place::{Place, PlaceSource, places};
pub use shelf::{Later, Read, Shelf, Step};
pub use sweep::{Hits, sweep};
pub use text::{Text, line_at};
pub use tree::{Named, Tree, is_hidden, is_prose, is_test, name};
pub use wanted::Wanted;
