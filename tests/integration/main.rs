//! x
mod repair_roundtrip;
