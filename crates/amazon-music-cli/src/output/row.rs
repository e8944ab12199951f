//! Entities as rows.

use amazon_music::types::{Album, Category, Playlist, PodcastEpisode, Track};

use crate::output::text::{duration, text};

/// An item as columns.
pub(crate) trait Row {
    /// Column headings of a table.
    const COLUMNS: &'static [&'static str];

    /// One cell per column.
    fn cells(&self) -> Vec<String>;

    /// Properties that are written as CSV, by their names on the wire.
    const FIELDS: &'static [&'static str];
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
