//! Printing: columns for people, JSON and CSV for programs.

pub(crate) mod csv;
pub(crate) mod end;
pub(crate) mod filtered;
pub(crate) mod json;
pub(crate) mod layout;
mod pick;
pub(crate) mod row;
pub(crate) mod sink;
mod table;
mod text;

use std::borrow::Cow;

use amazon_music::Error;

use crate::{
    again::again,
    arguments::{Format, Output},
    failure::Failure,
    notice::{hint, notice},
    output::{
        csv::Cells,
        end::End,
        json::{for_terminal, line},
        layout::Layout,
        pick::Picked,
        row::Row,
        sink::Sink,
        table::Table,
    },
};

/// Prints a warning for each item that was skipped.
pub(crate) fn warn(errors: &[Error]) {
    for error in errors {
        notice!("warning: {error}");
    }
}

/// Prints items page by page, as they are received.
pub(crate) struct Printer {
    output: Output,
    layout: Layout,
    sink: Sink,
    /// Whether nothing is printed yet.
    is_first: bool,
    table: Table,
}

impl Printer {
    pub(crate) fn new(output: Output, layout: Layout) -> Self {
        let layout = match &*output.fields {
            [] => layout,
            paths => layout.pick(paths),
        };
        Self {
            table: Table::new(!output.no_header),
            output,
            layout,
            sink: Sink::stdout(),
            is_first: true,
        }
    }

    /// Prints a single entity.
    pub(crate) async fn one<T: Row>(&mut self, item: &T) -> Result<(), Failure> {
        match self.output.format {
            _ if self.output.jq.is_some() => self.filtered(std::slice::from_ref(item)).await?,
            Format::Json => {
                let picked = self.picked(item)?;
                let json = picked.as_ref().map_or_else(|| item.json(), Row::json)?;
                self.sink.line(self.shown(json))?;
            }
            Format::Table | Format::Ndjson | Format::Csv => {
                self.items(std::slice::from_ref(item))?
            }
        }
        self.sink.flush()
    }

    /// Prints one page of a list. Once it returns, the rows have left the process.
    pub(crate) async fn page<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        match self.output.jq {
            Some(_) => self.filtered(items).await?,
            None => self.items(items)?,
        }
        self.sink.flush()
    }

    /// Completes the output of a list, or of the selected part.
    pub(crate) fn end(&mut self, end: &End) -> Result<(), Failure> {
        if self.output.format == Format::Json {
            let before = if self.is_first { "{\"items\":[" } else { "" };
            let (complete, next) = (end.complete, line(&end.next)?);
            let after = format!("{before}\n],\"complete\":{complete},\"nextCursor\":{next}}}");
            let after = self.shown(after.into());
            self.sink.line(after)?;
        }
        self.sink.flush()?;
        match &end.next {
            Some(cursor) => hint!("more: {}", again(&["--cursor"], &["--cursor", cursor])),
            None if end.cut => hint!("more: {}", again(&["--limit", "--max", "-n"], &["--all"])),
            None if end.lost => {
                notice!("more, but the service returned no cursor for the next page");
            }
            None => {}
        }
        Ok(())
    }

    /// Prints the outputs of the filter for each item, or for its chosen fields.
    async fn filtered<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        let text = |item: &T| match self.picked(item)? {
            Some(picked) => Ok(picked.json()?.into_owned()),
            None => Ok(item.served()?.into_owned()),
        };
        let texts = items.iter().map(text).collect::<Result<_, Failure>>()?;
        match &self.output.jq {
            Some(filter) => filtered::print(filter, texts, &mut self.sink).await,
            None => Ok(()),
        }
    }

    /// The item with the chosen fields, if some were chosen.
    fn picked(&self, item: &impl Row) -> Result<Option<Picked>, Failure> {
        match &*self.output.fields {
            [] => Ok(None),
            paths => Picked::new(item, paths).map(Some),
        }
    }

    fn items<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        if self.output.fields.is_empty() {
            return self.rows(items);
        }
        let picked = items
            .iter()
            .filter_map(|item| self.picked(item).transpose());
        let picked: Vec<Picked> = picked.collect::<Result<_, _>>()?;
        self.rows(&picked)
    }

    fn rows<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        match self.output.format {
            Format::Table => self.table.print(items, &self.layout, &mut self.sink),
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
            let json = self.shown(item.json()?);
            for part in [before, &json, after] {
                self.sink.write(part.as_bytes())?;
            }
            self.is_first = false;
        }
        Ok(())
    }

    fn csv<T: Row>(&mut self, items: &[T]) -> Result<(), Failure> {
        let cells = Cells {
            is_safe: self.output.csv_safe,
            is_terminal: self.sink.is_terminal(),
        };
        if self.is_first && !self.output.no_header {
            let header = cells.header(&self.layout.fields)?;
            self.sink.write(&header)?;
            self.is_first = false;
        }
        let rows = cells.rows(items, &self.layout.fields)?;
        self.sink.write(&rows)
    }

    /// JSON as it is, or for a terminal without characters that it would act upon.
    fn shown<'a>(&self, json: Cow<'a, str>) -> Cow<'a, str> {
        match self.sink.is_terminal() {
            true => for_terminal(json),
            false => json,
        }
    }
}
