//! Values as text for people.

use crate::printable::printable;

/// A cell without a value.
pub(super) const NOTHING: &str = "-";

/// A JSON number as a whole one if it is one: `50` for `50.0`.
pub(super) fn number(json: &str) -> String {
    match json.parse::<f64>() {
        // Up to here every whole number is exact.
        Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => format!("{number:.0}"),
        _ => printable(json),
    }
}

/// A JSON number of seconds as `1:02:03`.
pub(super) fn duration(json: &str) -> String {
    let seconds = json.parse().ok();
    let Some(seconds) = seconds.filter(|seconds: &f64| (0.0..1e9).contains(seconds)) else {
        return printable(json);
    };
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_for_people_and_others_as_served() {
        for (json, shown) in [
            ("50", "50"),
            ("50.0", "50"),
            ("-0.5", "-0.5"),
            ("1e20", "1e20"),
            ("[]", "[]"),
        ] {
            assert_eq!(number(json), shown);
        }
        for (json, shown) in [
            ("0", "0:00"),
            ("59.6", "1:00"),
            ("3723", "1:02:03"),
            ("-1", "-1"),
            ("1e300", "1e300"),
            ("{}", "{}"),
        ] {
            assert_eq!(duration(json), shown);
        }
    }
}
