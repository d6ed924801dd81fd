//! What tests share.

pub(crate) mod edits;
pub(crate) mod expected;
pub(crate) mod git;
pub(crate) mod oracle;
pub(crate) mod project;
pub(crate) mod stage;
