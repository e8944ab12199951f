//! Printing: columns for people, JSON and CSV for programs.

pub(crate) mod csv;
pub(crate) mod end;
pub(crate) mod json;
pub(crate) mod row;
pub(crate) mod text;

use std::io::{self, BufWriter, IsTerminal as _, Write};

use amazon_music::Error;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde::Serialize;

use crate::{
    arguments::Format,
    failure::Failure,
    output::{
        end::End,
        json::{line, pretty},
        row::Row,
        text::printable,
    },
};

/// Prints a warning for each item that was skipped.
pub(crate) fn warn(errors: &[Error]) {
    for error in errors {
        anstream::eprintln!("warning: {error}");
    }
}

/// Quotes a cursor for a shell.
fn quoted(cursor: &str) -> String {
    format!("'{}'", printable(cursor).replace('\'', r"'\''"))
}

/// Prints items page by page, as they are received.
pub(crate) struct Printer {
    format: Format,
    out: BufWriter<anstream::AutoStream<io::Stdout>>,
    /// Whether nothing is printed yet.
    first: bool,
    /// Column widths of the first page, which the later ones keep.
    widths: Vec<u16>,
}

impl Printer {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            out: BufWriter::new(anstream::stdout()),
            first: true,
            widths: Vec::new(),
        }
    }

    /// Prints a single entity.
    pub(crate) fn one<T: Row + Serialize>(&mut self, item: &T) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.table(std::slice::from_ref(item))?,
            Format::Json => writeln!(self.out, "{}", pretty(item)?)?,
            Format::Ndjson => writeln!(self.out, "{}", line(item)?)?,
            Format::Csv => self.csv(std::slice::from_ref(item))?,
        }
        Ok(self.out.flush()?)
    }

    /// Prints one page of a list.
    pub(crate) fn page<T: Row + Serialize>(&mut self, items: &[T]) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.table(items)?,
            Format::Ndjson => {
                for item in items {
                    writeln!(self.out, "{}", line(item)?)?;
                }
            }
            Format::Csv => self.csv(items)?,
            Format::Json => {
                for item in items {
                    let before = if self.first { "{\"items\":[\n" } else { ",\n" };
                    write!(self.out, "{before}{}", line(item)?)?;
                    self.first = false;
                }
            }
        }
        Ok(self.out.flush()?)
    }

    /// Completes the output of a list, or of the selected part.
    pub(crate) fn end(&mut self, end: &End) -> Result<(), Failure> {
        if self.format == Format::Json {
            if self.first {
                write!(self.out, "{{\"items\":[")?;
            }
            let (complete, next) = (end.complete, line(&end.next)?);
            writeln!(
                self.out,
                "\n],\"complete\":{complete},\"nextCursor\":{next}}}"
            )?;
        }
        self.out.flush()?;
        match &end.next {
            Some(cursor) => anstream::eprintln!("more: --cursor {}, or --all", quoted(cursor)),
            None if end.lost => {
                anstream::eprintln!("more, but the service returned no cursor for the next page")
            }
            None => {}
        }
        Ok(())
    }

    fn csv<T: Row + Serialize>(&mut self, items: &[T]) -> Result<(), Failure> {
        let mut csv = ::csv::Writer::from_writer(&mut self.out);
        if self.first {
            csv.write_record(T::FIELDS).map_err(csv::failure)?;
            self.first = false;
        }
        for item in items {
            csv.write_record(csv::record(item)?).map_err(csv::failure)?;
        }
        Ok(csv.flush()?)
    }

    fn table<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        if self.first {
            table.set_header(T::COLUMNS);
        }
        table.add_rows(items.iter().map(Row::cells));
        self.set_widths(&mut table);
        for row in table.lines() {
            let row = row.trim_end();
            if self.first {
                let bold = anstyle::Style::new().bold();
                writeln!(self.out, "{bold}{row}{bold:#}")?;
                self.first = false;
            } else {
                writeln!(self.out, "{row}")?;
            }
        }
        Ok(())
    }

    /// Cuts rows to the width of a terminal, and never anywhere else.
    fn set_widths(&mut self, table: &mut Table) {
        let terminal = io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten();
        if let Some((terminal_size::Width(width), _)) = terminal {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        if self.first {
            self.widths = table.column_max_content_widths();
        }
        for (column, width) in table.column_iter_mut().zip(&self.widths) {
            column.set_padding((0, 2));
            if terminal.is_none() {
                let width = Width::Fixed(width + 2);
                column.set_constraint(ColumnConstraint::LowerBoundary(width));
            }
        }
    }
}
