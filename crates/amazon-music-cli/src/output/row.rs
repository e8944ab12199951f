//! Items as rows.

use std::borrow::Cow;

use amazon_music::{Served, json};
use serde::de::IgnoredAny;

use crate::{
    failure::Failure,
    output::{
        json::{escaped_line, line},
        layout::Layout,
    },
};

/// An item in each of the formats.
pub(crate) trait Row {
    /// The item as one line of JSON.
    fn json(&self) -> Result<Cow<'_, str>, Failure>;

    /// The item as JSON, which may have more than one line.
    fn served(&self) -> Result<Cow<'_, str>, Failure> {
        self.json()
    }

    /// One cell per column.
    fn cells(&self, layout: &Layout) -> Vec<String>;
}

/// Prints a response as served: fields that nobody knows, nulls, the spelling of numbers.
impl Row for Served<IgnoredAny> {
    fn json(&self) -> Result<Cow<'_, str>, Failure> {
        Ok(escaped_line(self.json_line()))
    }

    fn served(&self) -> Result<Cow<'_, str>, Failure> {
        Ok(Served::json(self).into())
    }

    fn cells(&self, layout: &Layout) -> Vec<String> {
        layout.cells(&json::fields(Served::json(self), &layout.fields))
    }
}

/// A row that is not from the API, with its own columns.
pub(crate) trait OwnRow: serde::Serialize {
    /// Column headings of a table.
    const COLUMNS: &'static [&'static str];

    /// Properties that are written as CSV, by their names as JSON.
    const FIELDS: &'static [&'static str];

    /// One cell per column.
    fn cells(&self) -> Vec<String>;

    /// The layout of these rows.
    fn layout() -> Layout {
        Layout::fixed(Self::COLUMNS, Self::FIELDS)
    }
}

impl<T: OwnRow> Row for T {
    fn json(&self) -> Result<Cow<'_, str>, Failure> {
        line(self).map(Cow::Owned)
    }

    fn cells(&self, _: &Layout) -> Vec<String> {
        OwnRow::cells(self)
    }
}
