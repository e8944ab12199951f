//! Messages to people, on standard error.
//!
//! Data never goes this way. A message that cannot be written is remembered rather than fatal: a full disk
//! behind standard error must not stop a command, and must not go unnoticed either.

use std::{
    fmt,
    io::{self, Write as _},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;

use crate::printable::printable;

static WAS_LOST: AtomicBool = AtomicBool::new(false);

/// Prints a line to standard error, like `eprintln!`, but never panics and replaces what is not printable.
macro_rules! notice {
    ($($part:tt)*) => {
        $crate::notice::print(format_args!($($part)*))
    };
}

/// Prints a line that only helps, unless the user wants quiet.
macro_rules! hint {
    ($($part:tt)*) => {
        if !$crate::notice::is_quiet() {
            $crate::notice::print(format_args!($($part)*))
        }
    };
}

pub(crate) use {hint, notice};

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Prints no hints and no progress from now on.
pub(crate) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Whether the user wants no hints and no progress.
pub(crate) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// The bar that is shown, which a message must not be printed into.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Shows a bar: messages are printed above it from now on.
pub(crate) fn show(bar: &ProgressBar) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
}

/// No bar is shown any more.
pub(crate) fn take_away() {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Prints the lines of a message.
pub(crate) fn print(message: fmt::Arguments<'_>) {
    let text = message.to_string();
    let mut lines: String = text
        .split('\n')
        .map(printable)
        .collect::<Vec<_>>()
        .join("\n");
    lines.push('\n');
    if is_styled() {
        lines = styled(lines);
    }
    // One write, so that the lines of two processes do not mix.
    let write = || io::stderr().write_all(lines.as_bytes());
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let outcome = bar.map_or_else(write, |bar| bar.suspend(write));
    // Nobody reads a closed pipe, so that nothing is lost there.
    if outcome.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        WAS_LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether standard error shows styles.
fn is_styled() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// The message with its first word in colour, if that says how bad it is.
fn styled(message: String) -> String {
    let style = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
    for (word, color) in [("error:", AnsiColor::Red), ("warning:", AnsiColor::Yellow)] {
        if let Some(rest) = message.strip_prefix(word) {
            let style = style(color);
            return format!("{style}{word}{style:#}{rest}");
        }
    }
    message
}

/// Whether a message could not be written.
pub(crate) fn was_lost() -> bool {
    WAS_LOST.load(Ordering::Relaxed)
}
