//! Thresholds and limits as plain values. Nothing here parses arguments or files.

/// Values at or above this confidence are written unless the user says otherwise.
///
/// Chosen for precision of what is filled: every rung of the ladder that reaches it was right in every
/// answer counted (`docs/calibration.md`).
pub const MIN_CONFIDENCE: f64 = 0.85;

/// What steers a run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Lowest confidence that is written, 0 to 1.
    pub min_confidence: f64,
    /// How many candidates a repair request lists per task and field.
    pub max_candidates: usize,
    /// Largest artifact that is read, in bytes.
    pub max_artifact_bytes: u64,
    /// Deepest nesting of an artifact.
    pub max_json_depth: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_confidence: MIN_CONFIDENCE,
            max_candidates: 20,
            // The largest real artifact seen is under 2 MB; 64 MiB keeps a hostile one from filling memory.
            max_artifact_bytes: 64 << 20,
            max_json_depth: 200,
        }
    }
}
