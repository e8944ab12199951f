//! Standard output: the one place that data leaves through.

use std::{
    fmt,
    io::{self, BufWriter, IsTerminal as _, Write},
};

use anstream::{AutoStream, ColorChoice};

use crate::failure::Failure;

/// Standard output, with what the terminal behind it can do.
///
/// Bytes are written as they are. A stream that strips escape sequences is never between: it would take an
/// unfinished sequence in a title for the beginning of one, and swallow the rows after it.
pub(crate) struct Sink {
    out: BufWriter<Box<dyn Write>>,
    is_terminal: bool,
    is_styled: bool,
}

impl Sink {
    /// Opens standard output.
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let choice = AutoStream::choice(&stdout);
        let is_styled = choice != ColorChoice::Never;
        // With styles it strips nothing, and old Windows consoles understand them. Without it is not needed.
        let out: Box<dyn Write> = match is_styled && is_terminal {
            true => Box::new(AutoStream::new(stdout, choice)),
            false => Box::new(stdout),
        };
        Self {
            out: BufWriter::new(out),
            is_terminal,
            is_styled,
        }
    }

    /// Whether people look at it, so that hidden characters have to be shown.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Whether styles are wanted.
    pub(crate) fn is_styled(&self) -> bool {
        self.is_styled
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.out.write_all(bytes)?)
    }

    pub(crate) fn line(&mut self, text: impl fmt::Display) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Hands what was written to the system: to the file, the pipe or the terminal.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}

/// Prints text to standard output.
pub(crate) fn print(text: impl fmt::Display) -> Result<(), Failure> {
    let mut sink = Sink::stdout();
    sink.line(text)?;
    sink.flush()
}
