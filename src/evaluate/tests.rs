//! Masking and figures, on literals.
