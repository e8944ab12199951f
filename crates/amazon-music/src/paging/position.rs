//! A place in a list that outlives the program.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind},
    operation::{ListOperation, error},
};

/// The form of positions that this version writes.
const VERSION: u32 = 1;

/// A place in a list, between two items: from [`Items::position`](crate::Items::position), for
/// [`List::resume`](crate::List::resume).
///
/// Serialise it with any format of `serde` and keep it where you like; it holds no credential. How long
/// the service honours the cursor inside is not documented.
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
    /// The page; the first one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
    /// How many places of the page were passed.
    pub(crate) offset: usize,
    /// The [`fingerprint`] of the last item before the place, where one is on the same page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<u64>,
    /// The list was read to its end.
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

    /// Whether the list was read to its end, so that there is nothing to resume.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.end
    }

    /// Whether the place lies between two pages, so that going on from it asks for no page again.
    #[must_use]
    pub fn is_page_boundary(&self) -> bool {
        self.offset == 0
    }

    /// Refuses a position that is not of this list.
    pub(crate) fn check<O: ListOperation>(&self, operation: &O) -> Result<(), Error> {
        let refuse = |message: String| Err(error::<O>(ErrorKind::Position, message));
        if self.version != VERSION {
            return refuse(format!(
                "the position has version {}, and this version reads {VERSION}: begin again",
                self.version
            ));
        }
        if self.operation != O::INFO.id {
            return refuse(format!("the position is one of {}", self.operation));
        }
        if self.parameters != parameters(operation) {
            return refuse("the position is one of a list with other parameters".to_owned());
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

/// Eight bytes that stand for an id (FNV-1a): cheap, because each item pays for it, and the same in
/// every version, because it is stored.
pub(crate) fn fingerprint(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
