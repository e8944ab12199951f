//! Messages to people, on standard error.
//!
//! Data never goes this way. A message that cannot be written is remembered rather than fatal: a full disk
//! behind standard error must not stop a command, and must not go unnoticed either.

use std::{
    fmt,
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::output::text::printable;

static WAS_LOST: AtomicBool = AtomicBool::new(false);

/// Prints a line to standard error, like `eprintln!`, but never panics and replaces what is not printable.
macro_rules! notice {
    ($($part:tt)*) => {
        $crate::output::notice::print(format_args!($($part)*))
    };
}

pub(crate) use notice;

/// Prints the lines of a message.
pub(crate) fn print(message: fmt::Arguments<'_>) {
    let text = message.to_string();
    let mut lines: String = text
        .split('\n')
        .map(printable)
        .collect::<Vec<_>>()
        .join("\n");
    lines.push('\n');
    // One write, so that the lines of two processes do not mix.
    let outcome = io::stderr().write_all(lines.as_bytes());
    // Nobody reads a closed pipe, so that nothing is lost there.
    if outcome.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        WAS_LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether a message could not be written.
pub(crate) fn was_lost() -> bool {
    WAS_LOST.load(Ordering::Relaxed)
}
