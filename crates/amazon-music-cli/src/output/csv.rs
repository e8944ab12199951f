//! Items as CSV.

use std::{borrow::Cow, io};

use amazon_music::json;
use csv::{Writer, WriterBuilder};

use crate::{
    failure::Failure,
    output::{json::escaped_line, row::Row},
    printable::printable,
};

/// How cells are written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cells {
    /// Whether those that a spreadsheet would run as a formula are guarded.
    pub(crate) is_safe: bool,
    /// Whether people look at them.
    pub(crate) is_terminal: bool,
}

impl Cells {
    /// The header with its line ending.
    pub(crate) fn header(self, fields: &[impl AsRef<str>]) -> Result<Vec<u8>, Failure> {
        written(|csv| {
            let cells = fields.iter().map(|field| self.cell(field.as_ref().into()));
            self.record(csv, cells)
        })
    }

    /// A record for each item, with its line ending: strings and numbers as received, anything else as JSON.
    pub(crate) fn rows(
        self,
        items: &[impl Row],
        fields: &[impl AsRef<str>],
    ) -> Result<Vec<u8>, Failure> {
        let objects: Vec<_> = items.iter().map(Row::served).collect::<Result<_, _>>()?;
        written(|csv| {
            for object in &objects {
                let values = json::fields(object, fields);
                self.record(csv, values.iter().map(|value| self.cell(text(*value))))?;
            }
            Ok(())
        })
    }

    fn record<'a>(
        self,
        csv: &mut Writer<Vec<u8>>,
        cells: impl Iterator<Item = Cow<'a, str>>,
    ) -> csv::Result<()> {
        for cell in cells {
            csv.write_field(cell.as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)
    }

    fn cell(self, text: Cow<'_, str>) -> Cow<'_, str> {
        let text = match self.is_terminal {
            true => printable(text).into(),
            false => text,
        };
        match self.is_safe && is_formula(&text) {
            true => Cow::Owned(format!("'{text}")),
            false => text,
        }
    }
}

/// The text of a field.
fn text(json: Option<&str>) -> Cow<'_, str> {
    match json {
        None | Some("null") => Cow::Borrowed(""),
        Some(json) => json::string(json).unwrap_or_else(|| escaped_line(json::compact(json))),
    }
}

fn written(
    write: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>,
) -> Result<Vec<u8>, Failure> {
    let mut csv = WriterBuilder::new().from_writer(Vec::new());
    write(&mut csv)
        .map_err(io::Error::other)
        .and_then(|()| csv.into_inner().map_err(|error| error.into_error()))
        .map_err(|error| Failure::io("cannot write CSV", error))
}

/// Whether spreadsheets run a cell as a formula. It gets an apostrophe in front, as OWASP advises
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn is_formula(cell: &str) -> bool {
    // The wide forms of the four are formulas in Japanese and Chinese spreadsheets.
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use amazon_music::Served;
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_guarded_on_request() {
        let [plain, safe] = [false, true].map(|is_safe| Cells {
            is_safe,
            is_terminal: false,
        });
        for start in ["=", "+", "-", "@", "\t", "\r", "＝"] {
            let field = format!("{start}1+1");
            let guarded = format!("'{field}");
            assert!(
                plain
                    .header(&[&field])
                    .unwrap()
                    .starts_with(b"'")
                    .eq(&false)
            );
            assert_eq!(
                safe.header(&[&field]).unwrap(),
                plain.header(&[guarded]).unwrap()
            );
        }
        assert_eq!(safe.header(&["a=b", "1", ""]).unwrap(), b"a=b,1,\n");
    }

    #[test]
    fn values_are_as_served() {
        let served = r#"{"id":"a", "title": "\ud83d, x", "duration": 1.50, "list": [ 1, "\ud83d" ], "none": null}"#;
        let item: Served<IgnoredAny> = serde_json::from_str(served).unwrap();
        let fields = ["id", "title", "duration", "list", "none", "missing"];
        let row = Cells::default().rows(&[item], &fields).unwrap();
        assert_eq!(
            String::from_utf8(row).unwrap(),
            "a,\"\u{fffd}, x\",1.50,\"[1,\"\"\\ud83d\"\"]\",,\n"
        );
    }
}
