//! The library inside another program: `examples/embed.rs`, on a situation.

#[path = "../../examples/embed.rs"]
#[expect(dead_code, reason = "the example's own entry point is not called here")]
mod embed;

use crate::support::stage::{Stage, situation};

#[test]
fn the_example_prints_what_would_be_filled() {
    let case = situation("t9-stale-finalize");
    let stage = Stage::build(&case);
    let before = stage.artifacts();
    let told = embed::fills(&case.plan_directory(&stage.root)).expect("it is read");
    let fields: Vec<&str> = told.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(fields, ["files_changed", "commands_run"]);
    assert!(told.lines().all(|line| line.starts_with("T9 ")), "{told}");
    assert!(told.contains("tests/timeline/conftest.py"), "{told}");
    assert!(stage.artifacts() == before, "and nothing is written");
}
