//! Items as CSV.

use std::{borrow::Cow, io};

use serde::Serialize;
use serde_json::Value;

use crate::{failure::Failure, output::json};

/// These fields of an item: strings and numbers as received, anything else as JSON.
pub(super) fn record(
    item: &(impl Serialize + ?Sized),
    fields: &[&str],
) -> Result<Vec<String>, Failure> {
    let item = serde_json::to_value(item).map_err(json::failure)?;
    let field = |name: &&str| match item.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => json::line(other),
    };
    fields.iter().map(field).collect()
}

/// One record with its line ending.
pub(crate) fn line<'a>(
    fields: impl IntoIterator<Item = &'a str>,
    is_safe: bool,
) -> Result<Vec<u8>, Failure> {
    // A buffer of the size of a row, not the 8 KB of the default.
    let mut csv = csv::WriterBuilder::new()
        .buffer_capacity(1024)
        .from_writer(Vec::new());
    let fields = fields.into_iter().map(|field| match is_safe {
        true => guarded(field),
        false => Cow::Borrowed(field),
    });
    let written = csv.write_record(fields.map(Cow::into_owned));
    written
        .map_err(io::Error::other)
        .and_then(|()| csv.into_inner().map_err(|error| error.into_error()))
        .map_err(|error| Failure::io("cannot write CSV", error))
}

/// A cell that spreadsheets do not run as a formula: one that begins like a formula gets an apostrophe in
/// front, as OWASP advises (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn guarded(field: &str) -> Cow<'_, str> {
    // The wide forms of the four are formulas in Japanese and Chinese spreadsheets.
    match field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => Cow::Owned(format!("'{field}")),
        false => Cow::Borrowed(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_guarded_on_request() {
        for start in ["=", "+", "-", "@", "\t", "\r", "＝"] {
            let field = format!("{start}1+1");
            let quoted = |field: &str| String::from_utf8(line([field], false).unwrap()).unwrap();
            assert_eq!(line([&*field], false).unwrap(), quoted(&field).as_bytes());
            let safe = line([&*field], true).unwrap();
            assert_eq!(safe, quoted(&format!("'{field}")).as_bytes());
        }
        assert_eq!(line(["a=b", "1", ""], true).unwrap(), b"a=b,1,\n");
    }
}
