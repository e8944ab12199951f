//! The record of a list in an export under way: how far it is, or what became of it.

use std::path::Path;

use amazon_music::Position;
use serde::{Deserialize, Serialize};

use crate::{
    export::{documents::read_own, state::State},
    failure::Failure,
};

/// The format version of records that this release reads and writes.
const VERSION: u32 = 1;

/// State of a list at the end of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Record {
    version: u32,
    /// Bytes of the file that are valid.
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) malformed: u64,
    /// Position in the list after those bytes.
    pub(super) position: Position,
    /// The ids so far, of the list of categories alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ids: Vec<String>,
    /// The outcome of the list, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<End>,
}

/// The outcome of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct End {
    pub(super) state: State,
    pub(super) reason: Option<String>,
    /// Whether what was read takes the place of the file.
    pub(super) replaces: bool,
    /// SHA-256 of what was read, in hexadecimal.
    pub(super) sha256: String,
}

impl Record {
    /// The record of a list of which nothing was read.
    pub(super) fn new(position: Position) -> Self {
        Self {
            version: VERSION,
            bytes: 0,
            rows: 0,
            malformed: 0,
            position,
            ids: Vec::new(),
            end: None,
        }
    }

    /// Reads a record; none if there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let Some(bytes) = read_own(path)? else {
            return Ok(None);
        };
        parse(&bytes).map_err(|reason| {
            Failure::Usage(format!(
                "{} is not a checkpoint of this export ({reason}): remove it to start that list over",
                path.display()
            ))
        })
    }
}

/// Reads a record and checks that its numbers can be true. One that ends too early, or holds nothing, is what
/// a power loss leaves: it counts as none.
fn parse(bytes: &[u8]) -> Result<Option<Record>, String> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let head: Head = match serde_json::from_slice(bytes) {
        Ok(head) => head,
        Err(error) if error.is_eof() || bytes.iter().all(|byte| *byte == 0) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if head.version != VERSION {
        return Err(format!(
            "it has format version {}, and this release reads {VERSION}",
            head.version
        ));
    }
    let record: Record = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    // A row takes a byte at least, and a malformed item took some in a response.
    if record.rows > record.bytes {
        return Err(format!("{} rows in {} bytes", record.rows, record.bytes));
    }
    if record.malformed > u64::from(u32::MAX) {
        return Err(format!("{} malformed items", record.malformed));
    }
    Ok(Some(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"version": 1, "bytes": 10, "rows": 2, "malformed": 0, "position": {"version": 1,
        "operation": "getCategories", "parameters": {}, "limit": 20, "offset": 0, "end": false}}"#;

    #[test]
    fn numbers_that_cannot_be_true_are_refused() {
        assert_eq!(parse(RECORD.as_bytes()).unwrap().unwrap().rows, 2);
        let rows = [
            (
                "\"rows\": 2",
                "\"rows\": 18446744073709551615",
                "18446744073709551615 rows in 10 bytes",
            ),
            ("\"rows\": 2", "\"rows\": -1", "invalid value"),
            (
                "\"malformed\": 0",
                "\"malformed\": 18446744073709551615",
                "malformed items",
            ),
            (
                "\"version\": 1, \"bytes\"",
                "\"version\": 2, \"new\"",
                "format version 2, and this release reads 1",
            ),
            ("\"rows\": 2", "\"row\": 2", "unknown field"),
            ("{\"version\": 1, \"bytes\"", "mine", "expected value"),
        ];
        for (from, to, reason) in rows {
            let text = RECORD.replacen(from, to, 1);
            let refused = parse(text.as_bytes()).unwrap_err();
            assert!(refused.contains(reason), "{refused}");
        }
    }

    #[test]
    fn what_a_power_loss_leaves_counts_as_none() {
        for left in [&b""[..], &[0; 20], &RECORD.as_bytes()[..30]] {
            assert_eq!(parse(left).unwrap(), None);
        }
    }
}
