//! The end of the process.

use std::{
    env,
    io::{self, Write as _},
};

use crate::{
    error_format::{self, ErrorFormat},
    failure::Failure,
    notice::{notice, was_lost},
    report,
};

/// Reports the outcome of a command; returns the exit code, as listed in `amazon-music --help`.
#[must_use]
pub fn end(outcome: Result<(), Failure>, format: ErrorFormat) -> u8 {
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) if was_lost() => 1,
        Ok(()) | Err(Failure::ClosedPipe) => 0,
        Err(failure) => {
            match format {
                ErrorFormat::Text => notice!("error: {failure}"),
                ErrorFormat::Json => notice!("{}", report::json(&failure)),
            }
            failure.exit_code()
        }
    }
}

/// Prints the help, the version or a usage error; returns the exit code.
#[must_use]
pub fn usage(message: &clap::Error) -> u8 {
    let format = ErrorFormat::of_unparsed(env::args_os());
    if message.use_stderr() && format == ErrorFormat::Json {
        let text = message.to_string();
        let line = text.lines().next().unwrap_or_default();
        let line = line.trim_start_matches("error: ");
        notice!("{}", error_format::usage(line));
        return 2;
    }
    // Bytes that are only buffered would be lost without a word at the end of the process.
    let printed = message.print().and_then(|()| io::stdout().flush());
    if message.use_stderr() {
        2
    } else {
        end(printed.map_err(Failure::from), format)
    }
}
