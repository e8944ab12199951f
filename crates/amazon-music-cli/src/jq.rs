//! `--jq`: filters in the language of jq, over the JSON of what is printed.
//!
//! A filter runs on a thread of its own: one that never ends must not keep Ctrl-C from ending the command.

mod input;
mod language;
mod patterns;

use std::{fmt, io, sync::Arc, thread};

use jaq_core::{Ctx, Vars, data::JustLut};
use jaq_json::Val;
use tokio::sync::mpsc::{self, Sender};

use crate::{
    failure::Failure,
    output::{
        json::{escaped_line, for_terminal},
        sink::Sink,
    },
    printable::is_hidden,
};

/// The kind of data that filters work on: JSON values alone.
type Data = JustLut<Val>;

/// The stack of the thread, for filters that recurse and values that are nested.
const STACK: usize = 64 << 20;

/// Lines are handed over in pieces of about this many bytes.
const PIECE: usize = 64 << 10;

/// The longest error of a filter that is shown: some hold the whole value.
const LONGEST: usize = 200;

/// A compiled filter.
#[derive(Clone)]
pub struct Filter(Arc<jaq_core::Filter<Data>>);

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter").finish_non_exhaustive()
    }
}

impl Filter {
    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// Returns the first error with its position in the expression.
    pub fn parse(expression: &str) -> Result<Self, String> {
        language::compile(expression).map(|filter| Self(Arc::new(filter)))
    }

    /// Prints each output for each of these JSON texts on a line of its own: strings as they are, anything else
    /// as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the filter fails; the outputs before are printed.
    pub(crate) async fn print(&self, texts: Vec<String>, sink: &mut Sink) -> Result<(), Failure> {
        let (sender, mut receiver) = mpsc::channel(1);
        let filter = self.clone();
        let thread = thread::Builder::new().name("jq".to_owned());
        let thread = thread
            .stack_size(STACK)
            .spawn(move || filter.run(&texts, &sender))
            .map_err(|error| Failure::io("cannot start a thread for --jq", error))?;
        while let Some(piece) = receiver.recv().await {
            for line in piece? {
                line.print(sink)?;
            }
        }
        thread
            .join()
            .map_err(|_| Failure::io("--jq", io::Error::other("the filter ended unexpectedly")))
    }

    /// Runs over each text, until the first error or until nobody reads the lines.
    fn run(&self, texts: &[String], to: &Sender<Result<Vec<Line>, Failure>>) {
        let mut piece = Piece {
            to,
            lines: Vec::new(),
            bytes: 0,
        };
        for (index, text) in texts.iter().enumerate() {
            if let Err(reason) = self.lines(text, &mut piece) {
                let reason = format!("--jq failed on {}: {reason}", input::name(text, index));
                piece.send();
                let _ = to.blocking_send(Err(Failure::Filter(reason)));
                return;
            }
        }
        piece.send();
    }

    fn lines(&self, text: &str, piece: &mut Piece<'_>) -> Result<(), String> {
        let value = input::value(text)?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        for output in self.0.id.run((context, value)) {
            match output {
                Ok(value) => {
                    let line = Line::new(value);
                    if !piece.push(line) {
                        return Ok(());
                    }
                }
                Err(exception) => return Err(reason(exception)),
            }
        }
        Ok(())
    }
}

/// The reason why a filter failed, on one line.
fn reason(exception: jaq_core::Exn<'_, Val>) -> String {
    let reason = match exception.get_err() {
        Ok(error) => match Line::new(error.into_val()) {
            Line::Text(text) | Line::Json(text) => text,
        },
        // Neither `halt` nor an unbound label compiles.
        Err(_) => "it was stopped".to_owned(),
    };
    let mut line = reason.replace('\n', " ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Lines that are not handed over yet.
struct Piece<'a> {
    to: &'a Sender<Result<Vec<Line>, Failure>>,
    lines: Vec<Line>,
    bytes: usize,
}

impl Piece<'_> {
    /// Adds a line; returns whether lines are still read.
    fn push(&mut self, line: Line) -> bool {
        self.bytes += line.text().len() + 1;
        self.lines.push(line);
        self.bytes < PIECE || self.send()
    }

    fn send(&mut self) -> bool {
        self.bytes = 0;
        let lines = std::mem::take(&mut self.lines);
        self.to.blocking_send(Ok(lines)).is_ok()
    }
}

/// An output of a filter.
enum Line {
    /// A string as it is.
    Text(String),
    /// Anything else, as compact JSON.
    Json(String),
}

impl Line {
    fn new(value: Val) -> Self {
        match value {
            Val::TStr(bytes) | Val::BStr(bytes) => {
                Self::Text(String::from_utf8_lossy(&bytes).into_owned())
            }
            value => Self::Json(value.to_string()),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Json(text) => text,
        }
    }

    fn print(&self, sink: &mut Sink) -> Result<(), Failure> {
        match (self, sink.is_terminal()) {
            (Self::Text(text), false) => sink.line(text),
            (Self::Text(text), true) => sink.line(visible(text)),
            (Self::Json(json), false) => sink.line(escaped_line(json.into())),
            (Self::Json(json), true) => sink.line(for_terminal(json.into())),
        }
    }
}

/// Text for a terminal, in which the line ends and tabs of the filter remain.
fn visible(text: &str) -> String {
    let shown = |character| match character {
        '\n' | '\t' => character,
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests;
