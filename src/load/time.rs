//! The harness's timestamps.

/// Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ` or another RFC 3339 spelling; `None` if it is none.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    text.trim().parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_the_harness_are_read() {
        assert_eq!(parse_timestamp("2026-05-21T12:41:03Z"), Some(1_779_367_263));
        assert_eq!(parse_timestamp("2026-05-21T12:41:03.250000+00:00"), Some(1_779_367_263));
        assert_eq!(parse_timestamp("yesterday"), None);
    }
}
