//! Progress of an export.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    notice::{is_quiet, notice, show, take_away},
    words::{count_in_words, rate_in_words, things_in_words, time_in_words},
};

/// A bar on a terminal, a line per 60 lists elsewhere.
pub(super) enum Progress {
    Bar(ProgressBar),
    Lines(u64),
    /// Nothing.
    Quiet,
}

impl Progress {
    pub(super) fn new(lists: u64) -> Self {
        if is_quiet() {
            return Self::Quiet;
        }
        if !io::stderr().is_terminal() {
            return Self::Lines(lists);
        }
        let bar = ProgressBar::new(lists);
        if let Ok(style) = ProgressStyle::with_template("{bar:20} {msg}") {
            bar.set_style(style);
        }
        show(&bar);
        Self::Bar(bar)
    }

    /// One more list is written. `per_second` is the rate of requests, if they are limited.
    pub(super) fn step(&self, lists: u64, rows: u64, per_second: Option<f64>) {
        match self {
            Self::Bar(bar) => {
                let left = (lists > 1).then(|| bar.eta());
                let total = bar.length().unwrap_or_default();
                bar.set_message(message(lists, total, rows, left, per_second));
                bar.inc(1);
            }
            // The list of categories is one more.
            Self::Lines(total) if lists.is_multiple_of(60) => {
                notice!("{lists} of {} lists, {rows} rows", total + 1);
            }
            Self::Lines(_) | Self::Quiet => {}
        }
    }

    pub(super) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
            take_away();
        }
    }
}

/// `3 of 360 lists, 12 s left, 251 rows`.
fn message(
    lists: u64,
    total: u64,
    rows: u64,
    left: Option<Duration>,
    per_second: Option<f64>,
) -> String {
    let left = left.map(|left| format!(", {} left", time_in_words(left)));
    let pace = per_second.map(|rate| format!(", {}", rate_in_words(rate)));
    format!(
        "{} of {}{}, {}{}",
        count_in_words(lists),
        things_in_words(total, "list"),
        left.unwrap_or_default(),
        things_in_words(rows, "row"),
        pace.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_words() {
        let left = Some(Duration::from_secs(12));
        assert_eq!(
            message(3, 120, 26_401, left, None),
            "3 of 120 lists, 12 s left, 26,401 rows"
        );
        assert_eq!(
            message(1, 1, 1, None, Some(9.0)),
            "1 of 1 list, 1 row, about 9 requests a second"
        );
    }
}
