//! Items as columns for people.

use std::borrow::Cow;

use terminal_size::{Width, terminal_size};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::{
    failure::Failure,
    output::{layout::Layout, row::Row, sink::Sink, text::NOTHING},
};

/// The space between two columns.
const GAP: usize = 2;

/// The narrowest that a title is cut to.
const NARROWEST: usize = 12;

/// The columns of a table that is printed page by page.
pub(super) struct Table {
    has_header: bool,
    /// The shown columns: those of the first page, which the later ones keep.
    columns: Option<Vec<Shown>>,
}

/// A column that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    place: usize,
    width: usize,
    /// Whether what is wider is cut.
    is_cut: bool,
}

impl Table {
    pub(super) fn new(has_header: bool) -> Self {
        Self {
            has_header,
            columns: None,
        }
    }

    /// Prints rows, with a header before the first ones.
    pub(super) fn print<T: Row>(
        &mut self,
        items: &[T],
        layout: &Layout,
        sink: &mut Sink,
    ) -> Result<(), Failure> {
        let rows: Vec<Vec<String>> = items.iter().map(|item| item.cells(layout)).collect();
        let columns = match &self.columns {
            Some(columns) => columns,
            None => {
                let headings: Vec<&str> = layout
                    .columns
                    .iter()
                    .map(|column| &*column.heading)
                    .collect();
                let width = sink.is_terminal().then(terminal_size).flatten();
                let width = width.map(|(Width(width), _)| usize::from(width));
                let columns = self.columns.insert(choose(&headings, &rows, width));
                let header = line(&headings, columns);
                if self.has_header && sink.is_styled() {
                    let bold = anstyle::Style::new().bold();
                    sink.line(format_args!("{bold}{header}{bold:#}"))?;
                } else if self.has_header {
                    sink.line(header)?;
                }
                columns
            }
        };
        for row in &rows {
            let mut line = line(row, columns);
            line.push('\n');
            sink.write(line.as_bytes())?;
        }
        Ok(())
    }
}

/// Chooses the columns and their widths. A column without a value on the first page is left out. On a terminal
/// that is too narrow so is the URL, and then the title is cut; nothing is cut anywhere else. An id is never
/// cut, and a row never takes two lines.
fn choose(headings: &[&str], rows: &[Vec<String>], terminal: Option<usize>) -> Vec<Shown> {
    let cells = |place: usize| rows.iter().filter_map(move |row| row.get(place));
    let is_empty = |place: &usize| cells(*place).all(|cell| cell == NOTHING);
    let width = |place: usize| {
        let widths = cells(place).map(|cell| cell.width());
        widths.chain([headings[place].width()]).max()
    };
    let mut columns: Vec<Shown> = (0..headings.len())
        .filter(|place| rows.is_empty() || !is_empty(place))
        .map(|place| Shown {
            place,
            width: width(place).unwrap_or_default(),
            is_cut: false,
        })
        .collect();
    let Some(terminal) = terminal else {
        return columns;
    };
    if total(&columns) > terminal {
        columns.retain(|column| headings[column.place] != "URL");
    }
    let excess = total(&columns).saturating_sub(terminal);
    let is_title = |column: &&mut Shown| matches!(headings[column.place], "TITLE" | "NAME");
    if let Some(title) = columns.iter_mut().find(is_title) {
        let narrowed = title.width.saturating_sub(excess);
        title.width = narrowed.max(NARROWEST.min(title.width));
        title.is_cut = true;
    }
    columns
}

fn total(columns: &[Shown]) -> usize {
    let gaps = GAP * columns.len().saturating_sub(1);
    gaps + columns.iter().map(|column| column.width).sum::<usize>()
}

/// A row without the spaces at its end.
fn line(cells: &[impl AsRef<str>], columns: &[Shown]) -> String {
    let mut line = String::new();
    let mut missing = 0;
    for column in columns {
        let cell = cells.get(column.place).map_or("", AsRef::as_ref);
        let cell = match column.is_cut {
            true => cut(cell, column.width),
            false => Cow::Borrowed(cell),
        };
        line.extend(std::iter::repeat_n(' ', missing));
        line.push_str(&cell);
        missing = column.width.saturating_sub(cell.width()) + GAP;
    }
    line.truncate(line.trim_end().len());
    line
}

/// A text that is cut to a width, with `…` in place of the rest.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut taken = 0;
    let fits = |character: &char| {
        taken += character.width().unwrap_or_default();
        taken < width
    };
    let kept: String = text.chars().take_while(fits).collect();
    // A joiner would take the ellipsis for a part of its emoji.
    Cow::Owned(kept.trim_end_matches(['\u{200d}', ' ']).to_owned() + "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[&str; 4]]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.map(str::to_owned).to_vec())
            .collect()
    }

    fn shown(terminal: Option<usize>) -> Vec<String> {
        let headings = ["ID", "TITLE", "TYPE", "URL"];
        let rows = rows(&[
            [
                "B01",
                "A title of some length",
                "-",
                "https://example.com/1",
            ],
            ["B02", "日本語の題名", "-", "https://example.com/2"],
        ]);
        let columns = choose(&headings, &rows, terminal);
        let mut lines = vec![line(&headings, &columns)];
        lines.extend(rows.iter().map(|row| line(row, &columns)));
        lines
    }

    #[test]
    fn only_what_is_empty_is_left_out_where_there_is_no_terminal() {
        assert_eq!(
            shown(None),
            [
                "ID   TITLE                   URL",
                "B01  A title of some length  https://example.com/1",
                "B02  日本語の題名            https://example.com/2",
            ]
        );
        assert_eq!(choose(&["ID", "URL"], &[], None).len(), 2);
    }

    #[test]
    fn a_narrow_terminal_leaves_out_the_url_and_then_cuts_the_title() {
        assert_eq!(shown(Some(50)), shown(None));
        assert_eq!(
            shown(Some(40)),
            [
                "ID   TITLE",
                "B01  A title of some length",
                "B02  日本語の題名"
            ]
        );
        assert_eq!(
            shown(Some(18)),
            ["ID   TITLE", "B01  A title of s…", "B02  日本語の題名"]
        );
        // As narrow as it gets: an id is never cut.
        assert_eq!(
            shown(Some(4)),
            ["ID   TITLE", "B01  A title of…", "B02  日本語の題名"]
        );
    }

    #[test]
    fn texts_are_cut_between_characters() {
        for (text, width, wanted) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "abcd…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("ab cdef", 4, "ab…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ] {
            assert_eq!(cut(text, width), wanted);
        }
    }
}
