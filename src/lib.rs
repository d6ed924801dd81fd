//! Which change proves which task of a plan that an agent carried out.
//!
//! Data flows one way; every arrow is a public function over plain values.
//!
//! ```text
//!            load ──────► model ──────► gate ──────► attribute ──────► repair ──► files
//!  plan dir ─┤ plan       plain data    the          candidates,       propose,
//!  git ──────┤ history    of the        harness's    signals,          apply,
//!  answers ──┘ answers    field         own rules    decide            write
//!                                                        │
//!                                                        └──► report ──► human, json
//! ```
//!
//! [`explain`] asks the same engine what would change an answer, and [`evaluate`] measures it on plans whose
//! evidence is known.
//!
//! The library is silent: it returns values and findings. Reading happens in [`load`] and [`git`],
//! writing in [`repair`], printing in the binary.

pub mod attribute;
pub mod claims;
pub mod config;
mod digest;
pub mod evaluate;
pub mod explain;
pub mod gate;
pub mod git;
pub mod json;
pub mod load;
pub mod model;
mod pattern;
pub mod recover;
pub mod repair;
pub mod report;
pub mod situation;
pub mod spelling;
pub mod words;
