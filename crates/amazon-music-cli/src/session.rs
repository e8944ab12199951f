//! The surroundings of a command, besides its arguments.

use crate::{
    arguments::{Output, Requests},
    failure::Failure,
    signals::Signals,
};

/// How to print and to send requests, and the signals that end the command.
pub(crate) struct Session {
    pub(crate) output: Output,
    pub(crate) requests: Requests,
    pub(crate) signals: Signals,
}

impl Session {
    pub(crate) fn new(output: Output, requests: &Requests) -> Result<Self, Failure> {
        Ok(Self {
            output,
            requests: requests.clone(),
            signals: Signals::listen()?,
        })
    }
}
