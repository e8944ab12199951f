//! The outcome of a list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The outcome of a list in an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum State {
    /// Written for the first time.
    New,
    /// Written again, with other content than before.
    Changed,
    /// Read again; the content is that of before, and the file was left alone.
    Unchanged,
    /// Could not be read to its end. A file of before stays; without one the rows that were read are kept.
    CutShort,
    /// Could not be read. A file of before stays.
    Skipped,
    /// No longer in the catalog, or not part of this export any more. The file stays.
    Gone,
    /// Written by a release without manifests.
    Adopted,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::CutShort => "cut short",
            Self::Skipped => "skipped",
            Self::Gone => "gone",
            Self::Adopted => "adopted",
        }
    }

    /// Whether the file is not the whole list of today.
    pub(super) fn is_lacking(self) -> bool {
        matches!(self, Self::CutShort | Self::Skipped)
    }
}

/// A list of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) state: State,
    /// Why it was skipped or cut short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The words of the list: `categories`, `albums`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) list: Option<String>,
    /// `categoryId` of a list of a category, and so on.
    #[serde(flatten)]
    pub(super) parent: BTreeMap<String, Value>,
    /// Rows of the file that is there; none if there is no file, or if nobody has counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<u64>,
    /// Bytes of the file that is there; none if there is no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u64>,
    /// SHA-256 of the file that is there, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sha256: Option<String>,
    /// Items that could not be decoded and are not in the file.
    #[serde(default)]
    pub(super) malformed: u64,
}
