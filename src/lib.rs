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
//!
//! # Embedding it
//!
//! Every stage can be called on its own. This attributes a plan by its records alone; `examples/embed.rs` reads its
//! history as well.
//!
//! ```
//! use std::path::Path;
//!
//! use taskproof::attribute::{self, Input};
//! use taskproof::config::Config;
//! use taskproof::model::{History, ProjectPaths};
//! use taskproof::{load, repair};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixture-repos/t9-stale-finalize/plan");
//! let config = Config::default();
//! let (plan, findings) = load::plan(&directory, &config)?;
//! let outcome = attribute::attribute(&Input {
//!     plan: &plan,
//!     history: &History::absent("this example asks no repository"),
//!     paths: &ProjectPaths::default(),
//!     answers: &[],
//!     config: &config,
//! })?;
//! let fills = repair::fills(&outcome.attributions);
//! assert_eq!(fills[0].task.to_string(), "T9");
//! assert!(fills[0].values.contains(&"tests/timeline/conftest.py".to_owned()));
//! assert!(findings.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! A plan of a harness of your own needs a reader that makes a [`model::Plan`]; `src/load/layouts/` has one file per
//! format that is read already, behind one trait ([docs/task-lists.md] says how to add one).
//!
//! Names and meanings of the JSON report are fixed; those of this library are not until version 1.
//!
//! [docs/task-lists.md]: https://docs.rs/crate/taskproof/latest/source/docs/task-lists.md

pub mod attribute;
pub mod claims;
pub mod config;
mod digest;
pub mod evaluate;
pub mod explain;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
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
mod varint;
mod word_list;
pub mod words;
