//! The summary at the end of an export.

use crate::{
    arguments::{Format, Output},
    export::{
        documents::Totals,
        state::{Entry, State},
    },
    failure::Failure,
    output::{Printer, end::End, row::OwnRow, sink::print},
    printable::printable,
};

/// The sums over the lists.
pub(super) fn totals(lists: &[Entry]) -> Totals {
    let mut totals = Totals::default();
    for entry in lists {
        let count = match entry.state {
            State::New => &mut totals.new,
            State::Changed => &mut totals.changed,
            State::Unchanged => &mut totals.unchanged,
            State::CutShort => &mut totals.cut_short,
            State::Skipped => &mut totals.skipped,
            State::Gone | State::Adopted => &mut totals.gone,
        };
        *count += 1;
        if !matches!(entry.state, State::Gone | State::Adopted) {
            totals.lists += 1;
            totals.rows = totals.rows.saturating_add(entry.rows.unwrap_or(0));
            totals.malformed = totals.malformed.saturating_add(entry.malformed);
        }
    }
    totals
}

/// Prints the summary: for people the sums, and the lists that are not as they were; for programs each list.
pub(super) async fn report(
    lists: &[Entry],
    folder: &str,
    is_first: bool,
    output: Output,
) -> Result<(), Failure> {
    if output.format != Format::Table {
        let mut printer = Printer::new(output, Entry::layout());
        printer.page(lists).await?;
        return printer.end(&End::whole());
    }
    print(sums(&totals(lists), folder))?;
    let is_told = |entry: &&Entry| match entry.state {
        State::Unchanged => false,
        State::New => !is_first,
        _ => true,
    };
    let told: Vec<&Entry> = lists.iter().filter(is_told).collect();
    for entry in &told {
        let reason = entry.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(": {}", printable(reason)));
        print(format_args!(
            "{}: {}{reason}",
            entry.state.name(),
            entry.file
        ))?;
    }
    Ok(())
}

/// `361 lists, 26401 rows in catalog: 3 changed, 358 unchanged`.
fn sums(totals: &Totals, folder: &str) -> String {
    let malformed = match totals.malformed {
        0 => String::new(),
        count => format!(" ({count} malformed items skipped)"),
    };
    let counts = [
        (totals.new, "new"),
        (totals.changed, "changed"),
        (totals.unchanged, "unchanged"),
        (totals.cut_short, "cut short"),
        (totals.skipped, "skipped"),
        (totals.gone, "gone"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    format!(
        "{} lists, {} rows in {folder}{malformed}: {}",
        totals.lists,
        totals.rows,
        counts.join(", ")
    )
}

impl OwnRow for Entry {
    const COLUMNS: &'static [&'static str] = &["STATE", "FILE", "ROWS", "REASON"];
    const FIELDS: &'static [&'static str] = &[
        "file",
        "state",
        "reason",
        "list",
        "categoryId",
        "rows",
        "bytes",
        "sha256",
        "malformed",
    ];

    fn cells(&self) -> Vec<String> {
        let rows = self
            .rows
            .map_or_else(|| "-".to_owned(), |rows| rows.to_string());
        let reason = self.reason.as_deref().unwrap_or("-");
        vec![
            self.state.name().to_owned(),
            self.file.clone(),
            rows,
            printable(reason),
        ]
    }
}
