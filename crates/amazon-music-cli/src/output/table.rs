//! Items as columns for people.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::{
    failure::Failure,
    output::{row::Row, sink::Sink},
};

/// The columns of a table that is printed page by page.
#[derive(Default)]
pub(super) struct Columns {
    /// Widths of the first page, which the later ones keep.
    widths: Option<Vec<u16>>,
}

impl Columns {
    /// Prints rows, with a header before the first ones.
    pub(super) fn print<T: Row>(&mut self, items: &[T], sink: &mut Sink) -> Result<(), Failure> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        let mut is_header = self.widths.is_none();
        if is_header {
            table.set_header(T::COLUMNS);
        }
        table.add_rows(items.iter().map(Row::cells));
        self.fit(&mut table, sink.is_terminal());
        for row in table.lines() {
            let row = row.trim_end();
            if is_header && sink.is_styled() {
                let bold = anstyle::Style::new().bold();
                sink.line(format_args!("{bold}{row}{bold:#}"))?;
            } else {
                sink.line(row)?;
            }
            is_header = false;
        }
        Ok(())
    }

    /// Cuts rows to the width of a terminal, and never anywhere else.
    fn fit(&mut self, table: &mut Table, is_terminal: bool) {
        let terminal = is_terminal.then(terminal_size::terminal_size).flatten();
        if let Some((terminal_size::Width(width), _)) = terminal {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        let first = || table.column_max_content_widths();
        let widths = self.widths.get_or_insert_with(first).clone();
        for (column, width) in table.column_iter_mut().zip(&widths) {
            column.set_padding((0, 2));
            if terminal.is_none() {
                let width = Width::Fixed(width + 2);
                column.set_constraint(ColumnConstraint::LowerBoundary(width));
            }
        }
    }
}
