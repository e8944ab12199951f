//! A catalog that is the same on every run.
//!
//! The documented items come first in their lists. All others are computed from the name of the list and
//! their index, so that a list of any length takes no memory.

mod documented;
mod entity;
pub(crate) mod list;
mod made;
mod nodes;
pub(crate) mod rich;
mod synthetic;

use crate::{
    catalog::{
        entity::{Album, Category, Episode, Image, Playlist, Track},
        synthetic::{FIRST, GENRES, asin, digits, pick, seed, title},
    },
    random::mix,
};

/// Length of the list of categories.
const CATEGORIES: usize = 120;

fn track(list: &str, index: usize) -> Track {
    let documented: &[(&str, &str, &str)] = match list {
        "tracks/top" => &documented::TOP_TRACKS,
        "categories/E9UEPoEH/tracks" => &documented::STEEL_TRACKS,
        _ => &[],
    };
    let (id, title, album) = match documented.get(index) {
        Some((id, title, album)) => ((*id).to_owned(), (*title).to_owned(), (*album).to_owned()),
        None => {
            let seed = seed(list, index);
            let explicit = if seed.is_multiple_of(11) {
                " [Explicit]"
            } else {
                ""
            };
            (asin(seed), title(seed) + explicit, asin(mix(seed ^ 1)))
        }
    };
    let url = format!("https://music.amazon.com/albums/{album}/?trackAsin={id}");
    Track { id, title, url }
}

fn album(list: &str, index: usize) -> Album {
    let documented: &[(&str, &str)] = match list {
        "categories/E9UEPoEH/albums" => &documented::STEEL_ALBUMS,
        _ => &[],
    };
    let (id, title) = match documented.get(index) {
        Some((id, title)) => ((*id).to_owned(), (*title).to_owned()),
        None => {
            let seed = seed(list, index);
            (asin(seed), title(seed))
        }
    };
    let url = format!("https://music.amazon.com/albums/{id}");
    Album { id, title, url }
}

fn playlist(list: &str, index: usize) -> Playlist {
    let documented: &[documented::Playlist] = match list {
        "playlists/top" => &documented::TOP_PLAYLISTS,
        "categories/hZiJ3FwS/playlists" => &documented::ROCK_PLAYLISTS,
        _ => &[],
    };
    let (id, title, duration, track_count, (height, width, file)) = match documented.get(index) {
        Some((id, title, duration, tracks, (height, width, file))) => (
            (*id).to_owned(),
            (*title).to_owned(),
            *duration,
            *tracks,
            (*height, *width, (*file).to_owned()),
        ),
        None => {
            let seed = seed(list, index);
            let tracks = 10 + (seed % 90) as u32;
            let title = format!(
                "{} {}",
                title(seed),
                pick(&["Mix", "Hits", "Radio"], seed >> 9)
            );
            let file = format!(
                "51{}L",
                digits(mix(seed), b"abcdefghijkmnpqrstuvwxyz23456789", 8)
            );
            (asin(seed), title, tracks * 211, tracks, (500, 500, file))
        }
    };
    Playlist {
        url: format!("https://music.amazon.com/playlists/{id}"),
        images: vec![Image {
            height,
            width,
            url: format!("https://m.media-amazon.com/images/I/{file}.jpg"),
        }],
        id,
        duration,
        title,
        track_count,
    }
}

fn episode(list: &str, index: usize) -> Episode {
    let (id, title, show, page) = match documented::EPISODES.get(index) {
        Some((id, title, show, page)) => (
            (*id).to_owned(),
            (*title).to_owned(),
            (*show).to_owned(),
            (*page).to_owned(),
        ),
        None => {
            let seed = seed(list, index);
            let hex = |value, length| digits(value, b"0123456789abcdef", length);
            let id = format!(
                "{}-{}-4{}-a{}-{}",
                hex(seed, 8),
                hex(mix(seed), 4),
                hex(mix(seed ^ 2), 3),
                hex(mix(seed ^ 3), 3),
                hex(mix(seed ^ 4), 12)
            );
            let title = format!("Episode {}: {}", index + 1, title(seed));
            let page = title.replace(' ', "-").replace(':', "");
            (id, title, hex(mix(seed ^ 5), 4), page)
        }
    };
    Episode {
        url: format!("https://music.amazon.com/podcasts/{show}/episodes/{page}"),
        id,
        title,
    }
}

/// A category as an item of the list: ID and name only.
fn category(index: usize) -> Category {
    let (id, name) = match documented::CATEGORIES.get(index) {
        Some((id, name)) => ((*id).to_owned(), (*name).to_owned()),
        None => {
            let seed = seed("categories", index);
            let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            let name = format!("{} {}", pick(&FIRST, seed), pick(&GENRES, mix(seed)));
            (digits(seed, alphabet, 8), name)
        }
    };
    Category { id, name }
}

/// Whether a list is one of a category that the documentation shows.
fn is_of_documented_category(list: &str) -> bool {
    documented::CATEGORIES
        .iter()
        .any(|(id, _)| list.contains(id))
}

/// The length of a list below an ID: never a round number, and zero for some that the documentation does not show.
fn length(list: &str, most: usize, is_shown: bool) -> usize {
    let length = seed(list, usize::MAX) as usize % most;
    if is_shown {
        length.max(most / 2) + 3
    } else {
        length
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_within_a_list() {
        let tracks: HashSet<_> = (0..5000)
            .map(|index| track("tracks/top", index).id)
            .collect();
        assert_eq!(tracks.len(), 5000);
        let categories: HashSet<_> = (0..CATEGORIES).map(|index| category(index).id).collect();
        assert_eq!(categories.len(), CATEGORIES);
    }

    #[test]
    fn the_catalog_does_not_change() {
        // Positions, checkpoints and printed examples depend on it.
        assert_eq!(track("tracks/top", 0).title, "Beggin' [Explicit]");
        assert_eq!(track("tracks/top", 2), track("tracks/top", 2));
        assert_eq!(track("tracks/top", 2).id, "B0P9GYD4E1");
    }
}
