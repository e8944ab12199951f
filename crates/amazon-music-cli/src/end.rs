//! The end of the process.

use crate::{
    error_format::ErrorFormat,
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
