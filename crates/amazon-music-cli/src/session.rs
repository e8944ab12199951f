//! The surroundings of a command, besides its arguments.

use crate::{arguments::Output, failure::Failure, signals::Signals};

/// How to print, and the signals that end the command.
pub(crate) struct Session {
    pub(crate) output: Output,
    pub(crate) signals: Signals,
}

impl Session {
    pub(crate) fn new(output: Output) -> Result<Self, Failure> {
        Ok(Self {
            output,
            signals: Signals::listen()?,
        })
    }
}
