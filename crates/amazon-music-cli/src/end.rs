//! The end of the process.

use crate::{
    failure::Failure,
    output::notice::{notice, was_lost},
};

/// Reports the outcome of a command; returns the exit code, as listed in `amazon-music --help`.
#[must_use]
pub fn end(outcome: Result<(), Failure>) -> u8 {
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) if was_lost() => 1,
        Ok(()) | Err(Failure::ClosedPipe) => 0,
        Err(failure) => {
            notice!("error: {failure}");
            failure.exit_code()
        }
    }
}
