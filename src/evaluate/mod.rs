//! How good the answers are, measured on plans whose evidence is known.
//!
//! [`masked`] hides evidence that a plan has, in several ways; [`labelled`] takes a plan that lacks it
//! already, with the truth from elsewhere. [`score`] lets attribution answer and compares, [`measure`] turns
//! scores into precision, coverage and calibration, and [`threshold`] finds the lowest confidence that keeps
//! a wanted precision. Nothing here reads files, takes chances or knows the time: which tasks are masked
//! follows from the names of plan and task.
//!
//! # Words
//!
//! * **pair**: a task and a file (or command) that is truly its own.
//! * **filled**: what attribution would write; **listed**: filled, or offered as a candidate.
//! * **precision**: share of what is filled (or listed from some confidence upwards) that is right.
//!   **Coverage**: share of the true pairs that is found.
//! * **absent**: a task whose work is in no record and no history, so that whatever is filled is wrong.

mod absent;
mod case;
mod curve;
mod mask;
mod measure;
mod scheme;
mod score;
mod threshold;
mod truth;

#[cfg(test)]
mod tests;

pub use case::{Case, Subject, labelled};
pub use curve::{Point, calibration_error, curve};
pub use measure::{Absent, Evaluation, Measure, Outcomes, SchemeResult, measure};
pub use scheme::{Scheme, masked};
pub use score::{FieldScore, Item, Scores, TaskScore, score};
pub use threshold::{LEAST_TASKS, Threshold, Verdict, listed_from, threshold};
pub use truth::Truth;
