//! The kinds of signals that end the process.

use std::fmt;

/// A request to end the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C (`SIGINT`).
    Interrupt,
    /// `SIGTERM`, which Windows does not have.
    Terminate,
}

impl Signal {
    /// The exit code that shells give to a process that the signal ended.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "stopped by Ctrl-C",
            Self::Terminate => "stopped by SIGTERM",
        })
    }
}
