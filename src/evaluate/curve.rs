//! Precision, coverage and calibration over confidence.

/// What listing everything from some confidence upwards gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The confidence, 0 to 1.
    pub confidence: f64,
    /// Share of what is listed there that is right, 0 to 1.
    pub precision: f64,
    /// Share of the true pairs that is listed there, 0 to 1; 0 when there are none.
    pub coverage: f64,
}

/// The curve of items (confidence, and whether it is right) against `pairs` true ones: a point for each
/// confidence that occurs, falling.
pub fn curve(items: &[(f64, bool)], pairs: usize) -> Vec<Point> {
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut points = Vec::new();
    let (mut listed, mut right) = (0, 0);
    for group in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        listed += group.len();
        right += group.iter().filter(|(_, is_right)| *is_right).count();
        points.push(Point {
            confidence: group[0].0,
            precision: ratio(right, listed).unwrap_or(0.0),
            coverage: ratio(right, pairs).unwrap_or(0.0),
        });
    }
    points
}

/// Expected calibration error with ten bins of equal width: by how much, on average, confidence and the
/// share that is right differ. `None` without items.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a confidence from 0 to 1 makes a bin from 0 to 9, and items are few enough for exact counts"
)]
pub fn calibration_error(items: &[(f64, bool)]) -> Option<f64> {
    const BINS: usize = 10;
    let mut differences = [0.0; BINS];
    for (confidence, is_right) in items {
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        differences[bin] += confidence - f64::from(u8::from(*is_right));
    }
    let sum: f64 = differences.iter().map(|difference| difference.abs()).sum();
    (!items.is_empty()).then(|| sum / items.len() as f64)
}

/// `part` of `whole`; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
