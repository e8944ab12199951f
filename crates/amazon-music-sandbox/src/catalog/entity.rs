//! Entities of the catalog, as they are serialized.

use serde::Serialize;

/// Kind of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Track,
    Album,
    Playlist,
    Episode,
    Category,
}

impl Kind {
    /// The kind of a component of the spec; none if this crate knows no such entity.
    pub(super) fn of(component: &str) -> Option<Self> {
        Some(match component {
            "Track" => Self::Track,
            "Album" => Self::Album,
            "Playlist" => Self::Playlist,
            "PodcastEpisode" => Self::Episode,
            "Category" => Self::Category,
            _ => return None,
        })
    }
}

/// A track.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Track {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
}

/// An album.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Album {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
}

/// A playlist.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Playlist {
    pub(super) id: String,
    pub(super) duration: u32,
    pub(super) images: Vec<Image>,
    pub(super) title: String,
    pub(super) track_count: u32,
    pub(super) url: String,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Image {
    pub(super) height: u32,
    pub(super) width: u32,
    pub(super) url: String,
}

/// A podcast episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Episode {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
}

/// A category, as an item of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Category {
    pub(super) id: String,
    pub(super) name: String,
}
