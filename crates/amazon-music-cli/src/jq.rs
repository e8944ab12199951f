//! `--jq`: filters in the language of jq, over the JSON of what is printed.
//!
//! A filter runs on a thread of its own: one that never ends must not keep Ctrl-C from ending the command.

mod input;
mod language;
mod patterns;

use std::{fmt, io, sync::Arc, thread};

use jaq_core::{Ctx, Vars, data::JustLut};
use jaq_json::Val;
use serde::de::IgnoredAny;
use tokio::sync::mpsc::{self, Sender};

use crate::failure::Failure;

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

    /// Hands over each output for each of these JSON texts.
    ///
    /// # Errors
    ///
    /// Returns an error if the filter fails; the outputs before are handed over.
    pub(crate) async fn each(
        &self,
        texts: Vec<String>,
        mut take: impl FnMut(Line) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (sender, mut receiver) = mpsc::channel(1);
        let filter = self.clone();
        let thread = thread::Builder::new().name("jq".to_owned());
        let thread = thread
            .stack_size(STACK)
            .spawn(move || filter.run(&texts, &sender))
            .map_err(|error| Failure::io("cannot start a thread for --jq", error))?;
        while let Some(piece) = receiver.recv().await {
            for line in piece? {
                take(line)?;
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
                    let line = Line::new(value)?;
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
        Ok(error) => match Line::of(error.into_val()) {
            Line::Text(text) | Line::Json(text) => text,
        },
        // Neither `halt` nor an unbound label compiles.
        Err(_) => "it was stopped".to_owned(),
    };
    one_line(&reason)
}

fn one_line(text: &str) -> String {
    let mut line = text.replace('\n', " ");
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
#[derive(Debug)]
pub(crate) enum Line {
    /// A string as it is.
    Text(String),
    /// Anything else, as compact JSON.
    Json(String),
}

impl Line {
    /// The line of a value. Some that the language has are no JSON: NaN, the infinities, keys that are no strings.
    fn new(value: Val) -> Result<Self, String> {
        match Self::of(value) {
            Self::Json(text) if serde_json::from_str::<IgnoredAny>(&text).is_err() => {
                Err(one_line(&format!("a result is no JSON: {text}")))
            }
            line => Ok(line),
        }
    }

    fn of(value: Val) -> Self {
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
}

#[cfg(test)]
mod tests;
