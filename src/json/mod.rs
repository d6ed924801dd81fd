//! The harness's JSON: a reader that keeps byte spans and a writer in the harness's own style.
//!
//! The harness is written in Python: its `json.loads` accepts `NaN`, lone surrogates and duplicate
//! keys, and its files are `json.dumps(document, indent=2) + "\n"`. A general JSON library refuses the
//! former and rewrites the latter, so artifacts go through this module: [`parse`] accepts what the
//! harness accepts and reports each oddity as a [`Defect`]; [`mod@write`] produces the bytes that the
//! harness would have produced.
//!
//! Reports, answers and journals are our own files and use `serde_json`.

mod lines;
mod parse;
mod pointer;
mod value;
pub mod write;

pub use parse::{Limits, ParseError, parse};
pub use pointer::{child, resolve};
pub use value::{Defect, DefectKind, Document, Member, Node, Value};
