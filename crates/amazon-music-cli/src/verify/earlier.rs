//! A cursor of an earlier recording, to see how long a service knows it.

use std::{fs, path::Path, time::SystemTime};

use amazon_music::{OperationInfo, browse::RawPath, reqwest::Url};
use serde_json::Value;

use super::{
    allowed::about,
    payload::{locate, page},
    plan,
};
use crate::failure::Failure;

/// A cursor, and the query it was returned to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct OldCursor {
    cursor: String,
    limit: Option<String>,
    /// The moment of the recording.
    at: Option<SystemTime>,
}

impl OldCursor {
    /// Finds the cursor of a recorded page of the list that is asked with it.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be read, if its cursors are made up, or if it has none.
    pub(super) fn find(folder: &Path) -> Result<Self, Failure> {
        let refused =
            |reason: &str| Failure::Usage(format!("--earlier: {} {reason}", folder.display()));
        let cannot = |error: std::io::Error| {
            Failure::io(
                format!("--earlier: cannot read {}", folder.display()),
                error,
            )
        };
        let about = fs::read_to_string(folder.join("recording.json")).unwrap_or_default();
        let about: Value = serde_json::from_str(&about).unwrap_or_default();
        if about["redacted"] == true {
            return Err(refused("has made-up cursors: record with --record-raw"));
        }
        let entries = fs::read_dir(folder).map_err(cannot)?;
        let mut paths: Vec<_> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
        paths.retain(|path| path.is_file() && path.extension().is_some_and(|end| end == "har"));
        paths.sort();
        let texts = paths
            .iter()
            .filter_map(|path| fs::read_to_string(path).ok());
        let list = plan::first_list();
        let mut found = texts.filter_map(|text| Self::of_file(&text, list?));
        found.next().ok_or_else(|| {
            let name = list.map_or_else(String::new, |it| it.words.join(" "));
            refused(&format!("has no page of `{name}` with a cursor behind it"))
        })
    }

    fn of_file(text: &str, list: &'static OperationInfo) -> Option<Self> {
        let har: Value = serde_json::from_str(text).ok()?;
        let entry = &har["log"]["entries"][0];
        let url = Url::parse(entry["request"]["url"].as_str()?).ok()?;
        url.path().ends_with(list.path).then_some(())?;
        let body = entry["response"]["content"]["text"].as_str()?;
        let body: Value = serde_json::from_str(body).ok()?;
        let cursor = page(&locate(&body, list)?, list)?.next()?.to_owned();
        let limit = url.query_pairs().find(|(name, _)| name == "limit");
        Some(Self {
            cursor,
            limit: limit.map(|(_, value)| value.into_owned()),
            at: humantime::parse_rfc3339(entry["startedDateTime"].as_str().unwrap_or_default())
                .ok(),
        })
    }

    /// More than the age of the cursor: in hours, rounded up to a power of two.
    pub(super) fn hours(&self) -> Option<u64> {
        let age = SystemTime::now().duration_since(self.at?).ok()?;
        Some(about(usize::try_from(age.as_secs() / 3600 + 1).ok()?))
    }

    /// Adds the query of the page behind the cursor.
    pub(super) fn query(&self, path: RawPath) -> RawPath {
        let path = match &self.limit {
            Some(limit) => path.query("limit", limit.as_str()),
            None => path,
        };
        path.query("cursor", self.cursor.as_str())
    }
}
