//! Recorded commands of any spelling.

/// The command.
pub fn command(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (core, read) = taskproof::fuzzing::command(&text);
    assert!(core <= 64 << 10, "no more is kept than is read");
    assert_eq!(taskproof::fuzzing::command(&text), (core, read), "the same command is read the same way");
}
