//! Persisted positions in a list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind},
    operation::{ListOperation, error},
};

/// The format version of positions that this release reads and writes.
const VERSION: u32 = 1;

/// A position between two items of a list, to persist and resume from.
///
/// Returned by [`Items::position`](crate::Items::position) and accepted by
/// [`List::resume`](crate::List::resume). Serialize it with any `serde` format; it holds no credential. How
/// long the service accepts the cursor in it is not documented.
///
/// ```
/// # use amazon_music::{AmazonMusic, Position};
/// # fn example(music: AmazonMusic) -> Result<(), Box<dyn std::error::Error>> {
/// let albums = music.category_albums("2iB4IU25").items();
/// let saved = serde_json::to_string(&albums.position())?;
///
/// let position: Position = serde_json::from_str(&saved)?;
/// if !position.is_end() {
///     let rest = music.category_albums("2iB4IU25").resume(position)?;
///     # drop(rest);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    version: u32,
    operation: String,
    parameters: BTreeMap<String, String>,
    pub(crate) limit: u32,
    /// The cursor of the page; `None` for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
    /// Number of places passed on the page.
    pub(crate) offset: usize,
    /// The [`fingerprint`] of the last item before the position, if it is on the same page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<u64>,
    /// Whether the list was read to its end.
    pub(crate) end: bool,
}

impl Position {
    pub(crate) fn new<O: ListOperation>(operation: &O, limit: u32) -> Self {
        Self {
            version: VERSION,
            operation: O::INFO.id.to_owned(),
            parameters: parameters(operation),
            limit,
            cursor: None,
            offset: 0,
            last: None,
            end: false,
        }
    }

    /// Whether the list was read to its end, with nothing left to resume.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.end
    }

    /// Whether the position lies between two pages, so that resuming requests no page again.
    #[must_use]
    pub fn is_page_boundary(&self) -> bool {
        self.offset == 0
    }

    /// Validates that the position belongs to this list.
    pub(crate) fn check<O: ListOperation>(&self, operation: &O) -> Result<(), Error> {
        let refuse = |message: String| Err(error::<O>(ErrorKind::Position, message));
        if self.version != VERSION {
            return refuse(format!(
                "the position has format version {}, and this release reads {VERSION}: start from the beginning",
                self.version
            ));
        }
        if self.operation != O::INFO.id {
            return refuse(format!(
                "the position was taken from {}: resume that list, or start from the beginning",
                self.operation
            ));
        }
        if self.parameters != parameters(operation) {
            let taken: Vec<String> = (self.parameters.iter())
                .map(|(name, value)| format!("{name} {value:?}"))
                .collect();
            return refuse(format!(
                "the position was taken from a list with {}: resume that list, or start from the beginning",
                taken.join(", ")
            ));
        }
        Ok(())
    }
}

fn parameters<O: ListOperation>(operation: &O) -> BTreeMap<String, String> {
    operation
        .parameters()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Hashes an id with FNV-1a: cheap, because it runs for each item, and stable between releases, because it
/// is persisted.
pub(crate) fn fingerprint(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
