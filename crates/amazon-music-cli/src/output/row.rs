//! Entities as rows.

use std::borrow::Cow;

use amazon_music::{
    Served,
    types::{Album, Category, Playlist, PodcastEpisode, Track},
};
use serde::{Serialize, de::IgnoredAny};

use crate::{
    failure::Failure,
    output::{
        csv,
        json::{escaped_line, line},
        text::{duration, text},
    },
};

/// An item in each of the formats.
pub(crate) trait Row: Serialize {
    /// Column headings of a table.
    const COLUMNS: &'static [&'static str];

    /// One cell per column.
    fn cells(&self) -> Vec<String>;

    /// Properties that are written as CSV, by their names on the wire.
    const FIELDS: &'static [&'static str];

    /// The item as one line of JSON.
    fn json(&self) -> Result<String, Failure> {
        line(self)
    }

    /// The item as CSV: one field per property.
    fn fields(&self) -> Result<Vec<String>, Failure> {
        csv::record(self, Self::FIELDS)
    }
}

/// Prints a response as served: fields that nobody knows, nulls, the spelling of numbers.
impl<T: Row> Row for Served<T> {
    const COLUMNS: &'static [&'static str] = T::COLUMNS;
    const FIELDS: &'static [&'static str] = T::FIELDS;

    fn cells(&self) -> Vec<String> {
        self.value.cells()
    }

    fn json(&self) -> Result<String, Failure> {
        Ok(escaped_line(self.json_line().into_owned()))
    }

    fn fields(&self) -> Result<Vec<String>, Failure> {
        // On one line, if it came on several.
        let compact: Option<Served<IgnoredAny>> = match self.json_line() {
            Cow::Borrowed(_) => None,
            Cow::Owned(line) => serde_json::from_str(&line).ok(),
        };
        // Text that Rust cannot hold, such as half of a surrogate pair, is repaired by decoding.
        let repaired = |name: &str| Ok(csv::record(&self.value, &[name])?.concat());
        let field = |name: &&str| match (compact.as_ref())
            .map_or_else(|| self.get_raw(name), |compact| compact.get_raw(name))
        {
            None | Some("null") => Ok(String::new()),
            Some(raw) if raw.starts_with('"') => {
                serde_json::from_str(raw).or_else(|_| repaired(name))
            }
            Some(raw) => Ok(escaped_line(raw.to_owned())),
        };
        T::FIELDS.iter().map(field).collect()
    }
}

/// Implements [`Row`] for an item with an ID, a title and a URL.
macro_rules! titled {
    ($($item:ty),*) => {$(
        impl Row for $item {
            const COLUMNS: &'static [&'static str] = &["ID", "TITLE", "URL"];
            const FIELDS: &'static [&'static str] = &["id", "title", "url"];

            fn cells(&self) -> Vec<String> {
                vec![text(Some(&self.id)), text(self.title.as_ref()), text(self.url.as_ref())]
            }
        }
    )*};
}

titled!(Track, Album, PodcastEpisode);

impl Row for Playlist {
    const COLUMNS: &'static [&'static str] = &["ID", "TITLE", "TRACKS", "LENGTH", "URL"];
    const FIELDS: &'static [&'static str] =
        &["id", "title", "trackCount", "duration", "url", "images"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(Some(&self.id)),
            text(self.title.as_ref()),
            text(self.track_count.as_ref()),
            duration(self.duration),
            text(self.url.as_ref()),
        ]
    }
}

impl Row for Category {
    const COLUMNS: &'static [&'static str] = &["ID", "NAME", "TYPE", "URL"];
    const FIELDS: &'static [&'static str] = &["id", "name", "categoryType", "url"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(Some(&self.id)),
            text(self.name.as_ref()),
            text(self.category_type.as_ref()),
            text(self.url.as_ref()),
        ]
    }
}
