//! What tests share.

pub(crate) mod git;
pub(crate) mod oracle;
pub(crate) mod stage;
