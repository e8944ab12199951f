//! Printing: columns for people, JSON for programs.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use amazon_music::{
    Page, Position,
    types::{Album, Category, Playlist, PodcastEpisode, Track},
};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde::Serialize;
use serde_json::Value;

use crate::{Failure, arguments::Format};

/// An item as columns.
pub(crate) trait Row {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// One cell for each of them.
    fn cells(&self) -> Vec<String>;

    /// The properties that are written as CSV, by their names on the wire.
    const FIELDS: &'static [&'static str];
}

/// The values of an item for CSV: as they came, with what is no single value as JSON.
pub(crate) fn csv_record<T: Row + Serialize>(item: &T) -> Result<Vec<String>, Failure> {
    let item = serde_json::to_value(item).map_err(|error| Failure::Io(error.into()))?;
    let field = |name: &&str| match item.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    Ok(T::FIELDS.iter().map(field).collect())
}

fn text(value: Option<&impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| printable(&value.to_string()))
}

/// Text as a terminal may be given it.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Seconds as `1:02:03`.
fn duration(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds.filter(|seconds| (0.0..1e9).contains(seconds)) else {
        return "-".to_owned();
    };
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// What has an id, a title and a page, and no more.
macro_rules! titled {
    ($($item:ty),*) => {$(
        impl Row for $item {
            const COLUMNS: &'static [&'static str] = &["ID", "TITLE", "URL"];
            const FIELDS: &'static [&'static str] = &["id", "title", "url"];

            fn cells(&self) -> Vec<String> {
                vec![text(Some(&self.id)), text(self.title.as_ref()), text(self.url.as_ref())]
            }
        }
    )*};
}

titled!(Track, Album, PodcastEpisode);

impl Row for Playlist {
    const COLUMNS: &'static [&'static str] = &["ID", "TITLE", "TRACKS", "LENGTH", "URL"];
    const FIELDS: &'static [&'static str] =
        &["id", "title", "trackCount", "duration", "url", "images"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(Some(&self.id)),
            text(self.title.as_ref()),
            text(self.track_count.as_ref()),
            duration(self.duration),
            text(self.url.as_ref()),
        ]
    }
}

impl Row for Category {
    const COLUMNS: &'static [&'static str] = &["ID", "NAME", "TYPE", "URL"];
    const FIELDS: &'static [&'static str] = &["id", "name", "categoryType", "url"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(Some(&self.id)),
            text(self.name.as_ref()),
            text(self.category_type.as_ref()),
            text(self.url.as_ref()),
        ]
    }
}

/// Where the printing of a list stopped.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// The list itself is at its end.
    pub(crate) complete: bool,
    /// Where it goes on.
    next: Option<String>,
    /// It goes on, and nobody knows where.
    lost: bool,
}

impl End {
    /// After a whole page.
    pub(crate) fn of<T>(page: &Page<T>) -> Self {
        Self {
            complete: !page.has_next_page,
            next: page.next_cursor.clone(),
            lost: page.has_next_page && page.next_cursor.is_none(),
        }
    }

    /// Of something that has one part only.
    pub(crate) fn whole() -> Self {
        Self {
            complete: true,
            ..Self::default()
        }
    }

    /// Anywhere.
    pub(crate) fn at(position: &Position) -> Self {
        Self {
            complete: position.is_end(),
            ..Self::default()
        }
    }

    /// In the middle of a page.
    pub(crate) fn cut() -> Self {
        Self::default()
    }
}

/// A cursor as a shell takes it.
fn quoted(cursor: &str) -> String {
    format!("'{}'", printable(cursor).replace('\'', r"'\''"))
}

/// What a server sends must not move the cursor of a terminal.
fn visible(character: char) -> char {
    match character.is_control() {
        true => char::REPLACEMENT_CHARACTER,
        false => character,
    }
}

/// Prints items as they come, a page at a time.
pub(crate) struct Printer {
    format: Format,
    out: BufWriter<anstream::AutoStream<io::Stdout>>,
    /// Nothing was printed yet.
    first: bool,
    /// The widths of the first page, kept so that later pages stand under it.
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

    /// The one thing that was asked for.
    pub(crate) fn one<T: Row + Serialize>(&mut self, item: &T) -> Result<(), Failure> {
        match self.format {
            Format::Table => self.table(std::slice::from_ref(item))?,
            Format::Json => writeln!(self.out, "{}", pretty(item)?)?,
            Format::Ndjson => writeln!(self.out, "{}", line(item)?)?,
            Format::Csv => self.csv(std::slice::from_ref(item))?,
        }
        Ok(self.out.flush()?)
    }

    /// One page of a list.
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

    /// The end of a list, or of the part that was asked for.
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
            None if end.lost => anstream::eprintln!("more, but the service did not say where"),
            None => {}
        }
        Ok(())
    }

    fn csv<T: Row + Serialize>(&mut self, items: &[T]) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(&mut self.out);
        if self.first {
            csv.write_record(T::FIELDS).map_err(csv_failure)?;
            self.first = false;
        }
        for item in items {
            csv.write_record(csv_record(item)?).map_err(csv_failure)?;
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
        // Rows are cut to a terminal's width, and never anywhere else.
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
}

/// What CSV can fail of is the file behind it.
pub(crate) fn csv_failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Failure::Io(io::Error::other(format!("{other:?}"))),
    }
}

pub(crate) fn line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Io(error.into()))
}

fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::Io(error.into()))
}
