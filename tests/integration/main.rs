//! The tests that need the whole crate.

/// Documents that must name what the code has.
mod report_docs;
/// What holds for every report in every format.
mod report_formats;
