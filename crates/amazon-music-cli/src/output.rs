//! Printing: columns for people, JSON and CSV for programs.

pub(crate) mod csv;
pub(crate) mod end;
pub(crate) mod json;
pub(crate) mod notice;
pub(crate) mod row;
pub(crate) mod sink;
mod table;
pub(crate) mod text;

use std::borrow::Cow;

use amazon_music::Error;

use crate::{
    arguments::{Format, Output},
    failure::Failure,
    output::{
        end::End, json::line, notice::notice, row::Row, sink::Sink, table::Columns, text::printable,
    },
};

/// Prints a warning for each item that was skipped.
pub(crate) fn warn(errors: &[Error]) {
    for error in errors {
        notice!("warning: {error}");
    }
}

/// Quotes a cursor for a shell.
fn quoted(cursor: &str) -> String {
    format!("'{}'", printable(cursor).replace('\'', r"'\''"))
}

/// Prints items page by page, as they are received.
pub(crate) struct Printer {
    output: Output,
    sink: Sink,
    /// Whether nothing is printed yet.
    is_first: bool,
    columns: Columns,
}

impl Printer {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            output,
            sink: Sink::stdout(),
            is_first: true,
            columns: Columns::default(),
        }
    }

    /// Prints a single entity.
    pub(crate) fn one<T: Row>(&mut self, item: &T) -> Result<(), Failure> {
        match self.output.format {
            Format::Json => {
                let json = item.json()?;
                let json = self.shown(&json).into_owned();
                self.sink.line(json)?;
            }
            Format::Table | Format::Ndjson | Format::Csv => {
                self.items(std::slice::from_ref(item))?
            }
        }
        self.sink.flush()
    }

    /// Prints one page of a list. Once it returns, the rows have left the process.
    pub(crate) fn page<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        self.items(items)?;
        self.sink.flush()
    }

    /// Adds items to the output, which leave the process at the next [`flush`](Self::flush) at the latest.
    pub(crate) fn buffer<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        self.items(items)
    }

    /// Hands what was printed to the system.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.sink.flush()
    }

    /// Completes the output of a list, or of the selected part.
    pub(crate) fn end(&mut self, end: &End) -> Result<(), Failure> {
        if self.output.format == Format::Json {
            let before = if self.is_first { "{\"items\":[" } else { "" };
            let (complete, next) = (end.complete, line(&end.next)?);
            let after = format!("{before}\n],\"complete\":{complete},\"nextCursor\":{next}}}");
            let after = self.shown(&after).into_owned();
            self.sink.line(after)?;
        }
        self.sink.flush()?;
        match &end.next {
            Some(cursor) => notice!("more: --cursor {}, or --all", quoted(cursor)),
            None if end.lost => {
                notice!("more, but the service returned no cursor for the next page");
            }
            None => {}
        }
        Ok(())
    }

    fn items<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        match self.output.format {
            Format::Table => self.columns.print(items, &mut self.sink),
            Format::Csv => self.csv(items),
            Format::Ndjson | Format::Json => self.json(items),
        }
    }

    fn json<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        let (first, next, after) = match self.output.format {
            Format::Json => ("{\"items\":[\n", ",\n", ""),
            _ => ("", "", "\n"),
        };
        for item in items {
            let before = if self.is_first { first } else { next };
            let json = item.json()?;
            let text = format!("{before}{}{after}", self.shown(&json));
            self.sink.write(text.as_bytes())?;
            self.is_first = false;
        }
        Ok(())
    }

    fn csv<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        if self.is_first {
            self.record(T::FIELDS.iter().copied())?;
            self.is_first = false;
        }
        for item in items {
            let fields = item.fields()?;
            self.record(fields.iter().map(String::as_str))?;
        }
        Ok(())
    }

    fn record<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
        let is_safe = self.output.csv_safe;
        let bytes = if self.sink.is_terminal() {
            let fields: Vec<String> = fields.map(printable).collect();
            csv::line(fields.iter().map(String::as_str), is_safe)?
        } else {
            csv::line(fields, is_safe)?
        };
        self.sink.write(&bytes)
    }

    /// JSON as it is, or for a terminal without characters that it would act upon.
    fn shown<'a>(&self, json: &'a str) -> Cow<'a, str> {
        if self.sink.is_terminal() {
            json::for_terminal(json)
        } else {
            Cow::Borrowed(json)
        }
    }
}
