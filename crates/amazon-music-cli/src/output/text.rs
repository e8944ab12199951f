//! Values as text that is safe on a terminal.

use crate::printable::printable;

pub(super) fn text(value: Option<&impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| printable(&value.to_string()))
}

/// Seconds as `1:02:03`.
pub(super) fn duration(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds.filter(|seconds| (0.0..1e9).contains(seconds)) else {
        return "-".to_owned();
    };
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
