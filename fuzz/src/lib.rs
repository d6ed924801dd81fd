//! Fuzz targets: plain functions over bytes that panic when something is wrong. cargo-fuzz drives them with coverage
//! guidance (`fuzz_targets/`), `drive` without it on a stable toolchain.

pub mod targets;

/// Every target by its name, which is also the name of its corpus.
pub const TARGETS: &[(&str, fn(&[u8]))] = &[
    ("json_splice", targets::json_splice),
    ("state_rebase", targets::state_rebase),
    ("plan_load", targets::plan_load),
    ("claim", targets::claim),
    ("command", targets::command),
    ("ownership", targets::ownership),
    ("report", targets::report),
    ("redact", targets::redact),
];
