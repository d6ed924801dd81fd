//! Thresholds and limits as plain values. Nothing here parses arguments or files.

/// Values at or above this confidence are written unless the user says otherwise.
///
/// Chosen for precision of what is filled: every rung of the ladder that reaches it was right in every
/// answer counted (`docs/calibration.md`).
pub const MIN_CONFIDENCE: f64 = 0.85;

/// Verdicts at or above this confidence are recorded unless the user says otherwise: a wrong one clears a
/// real blocker.
pub const MIN_VERDICT_CONFIDENCE: f64 = 0.95;

/// A claim longer than this, in bytes, is not read unless the user says otherwise: no reviewer writes so much about one
/// thing.
pub const MAX_CLAIM_BYTES: usize = 20_000;

/// More claims than this of one artifact or file are no review any more.
pub const MAX_CLAIMS: usize = 20_000;

/// What steers a run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Lowest confidence that is written, 0 to 1.
    pub min_confidence: f64,
    /// Lowest confidence of a verdict that is recorded, 0 to 1.
    pub min_verdict_confidence: f64,
    /// How many candidates a repair request lists per task and field.
    pub max_candidates: usize,
    /// Largest artifact that is read, in bytes.
    pub max_artifact_bytes: u64,
    /// Deepest nesting of an artifact, at most [`crate::json::Limits::DEEPEST`].
    pub max_json_depth: usize,
    /// Largest plan that is read, in bytes of all its artifacts.
    pub max_plan_bytes: u64,
    /// Most JSON values of a plan, those within others counted.
    pub max_json_values: usize,
    /// Largest transcript of a worker that is read, in bytes.
    pub max_transcript_bytes: u64,
    /// Longest claim that is read, in bytes.
    pub max_claim_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_confidence: MIN_CONFIDENCE,
            min_verdict_confidence: MIN_VERDICT_CONFIDENCE,
            max_candidates: 20,
            // The largest real artifact seen is under 2 MB; 64 MiB keeps a hostile one from filling memory.
            max_artifact_bytes: 64 << 20,
            max_json_depth: 200,
            // A value takes up to a hundred bytes: a plan stays well below a gibibyte, however many artifacts it has.
            max_plan_bytes: 128 << 20,
            max_json_values: 3_000_000,
            max_transcript_bytes: 32 << 20,
            max_claim_bytes: MAX_CLAIM_BYTES,
        }
    }
}

/// Thresholds have six decimals: more are no better known, and nobody types them.
const MILLIONTHS: f64 = 1e6;

/// The highest threshold that a confidence passes: six decimals, 0 to 1, never more than the confidence is.
pub fn threshold_passed(confidence: f64) -> f64 {
    if confidence.is_nan() {
        return 0.0;
    }
    let confidence = confidence.clamp(0.0, 1.0);
    let nearest = (confidence * MILLIONTHS).round();
    let candidate = nearest / MILLIONTHS;
    if candidate <= confidence { candidate } else { (nearest - 1.0) / MILLIONTHS }
}

/// The lowest threshold that a confidence does not pass; above 1 for certainty.
pub fn threshold_missed(confidence: f64) -> f64 {
    ((threshold_passed(confidence) * MILLIONTHS).round() + 1.0) / MILLIONTHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_stand_on_either_side_of_a_confidence() {
        for confidence in [0.0, 0.29, 0.5, 0.949_999_9, 0.95, 2.0 / 3.0, 1.0] {
            let (passed, missed) = (threshold_passed(confidence), threshold_missed(confidence));
            assert!(passed <= confidence && confidence < missed, "{passed} {confidence} {missed}");
            assert!(missed - passed < 1.5e-6, "{passed} {missed}");
        }
        assert_eq!(format!("{} {}", threshold_passed(0.29), threshold_missed(0.29)), "0.29 0.290001");
        assert_eq!(format!("{} {}", threshold_passed(f64::NAN), threshold_passed(7.0)), "0 1");
    }
}
