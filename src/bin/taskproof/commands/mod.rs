//! One file per command: load, call the library, render.

pub(crate) mod attribute;
pub(crate) mod backfill;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod init;
pub(crate) mod recover;
pub(crate) mod scan;
pub(crate) mod undo;
pub(crate) mod verify_claims;
