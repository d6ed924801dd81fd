//! From decided fills to changed files, and back.
//!
//! [`propose`] turns fills into a [`Repair`](crate::model::Repair): a value with every edit and every
//! artifact's text before and after, computed by [`json_edit`], [`apply`] and [`final_md`] without
//! touching a file. [`diff`] shows it. [`write`] carries it out under the harness's own lock, through
//! a [`journal`] that survives a crash at any instant, and [`undo`] takes it back.

pub mod apply;
pub mod json_edit;
mod style;
