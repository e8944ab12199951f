//! Progress of an export.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    notice::{is_quiet, notice},
    pace::rate_in_words,
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
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {pos} of {len} lists, {msg}, {eta} left")
        {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// One more list is written. `per_second` is the rate of requests, if they are limited.
    pub(super) fn step(&self, lists: u64, rows: u64, per_second: Option<f64>) {
        match self {
            Self::Bar(bar) => {
                bar.inc(1);
                let pace = per_second.map(|rate| format!(", {}", rate_in_words(rate)));
                bar.set_message(format!("{rows} rows{}", pace.unwrap_or_default()));
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
        }
    }
}
