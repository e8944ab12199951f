//! A catalog that is the same on every run.
//!
//! The items of the documentation stand first in their lists. The others are computed from the list's
//! name and their place in it, so that a list of any length costs no memory.

use serde::Serialize;

/// A track as Browse gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Track {
    id: String,
    title: String,
    url: String,
}

/// An album as Browse gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Album {
    id: String,
    title: String,
    url: String,
}

/// A playlist as Browse gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Playlist {
    id: String,
    duration: u32,
    images: Vec<Image>,
    title: String,
    track_count: u32,
    url: String,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Image {
    height: u32,
    width: u32,
    url: String,
}

/// An episode as Browse gives it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Episode {
    id: String,
    title: String,
    url: String,
}

/// A category. Lists give id and name only; the single call gives all.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Category {
    pub(crate) id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category_type: Option<&'static str>,
}

/// How long the lists are that belong to no category. Each takes several pages of any size.
pub(crate) const TOP_TRACKS: usize = 100;
pub(crate) const TOP_PLAYLISTS: usize = 250;
pub(crate) const NEW_EPISODES: usize = 250;
pub(crate) const CATEGORIES: usize = 120;

/// The categories that the documentation shows.
const DOCUMENTED_CATEGORIES: [(&str, &str); 5] = [
    ("cpdRsfJP", "Technoid"),
    ("vx0YEGc1", "Latin Urban"),
    ("2iB4IU25", "Heavy Metal"),
    ("E9UEPoEH", "Sacred Steel"),
    ("hZiJ3FwS", "Rock"),
];

/// Id, title and the album that the track's page belongs to.
const DOCUMENTED_TOP_TRACKS: [(&str, &str, &str); 2] = [
    ("B0785GTW4T", "Beggin' [Explicit]", "B077XF8X4W"),
    ("B08ZCM5758", "Heat Waves", "B08ZCTL3QB"),
];
const DOCUMENTED_STEEL_TRACKS: [(&str, &str, &str); 2] = [
    ("B07PPVYNQZ", "Baptise Me", "B07PMV5LV8"),
    ("B00DRA5QX6", "Amped Up", "B00DRA5QC2"),
];
const DOCUMENTED_STEEL_ALBUMS: [(&str, &str); 2] = [
    ("B003R490PW", "We Walk This Road"),
    ("B00DRA5QC2", "Lickety Split"),
];

/// Id, title, seconds, tracks, and the height, width and file of the picture.
type DocumentedPlaylist = (
    &'static str,
    &'static str,
    u32,
    u32,
    (u32, u32, &'static str),
);
const DOCUMENTED_TOP_PLAYLISTS: [DocumentedPlaylist; 2] = [
    (
        "B00J9PVXBM",
        "Happy Modern Pop",
        4893,
        25,
        (1280, 2560, "71JmZ24jF4L"),
    ),
    (
        "B0B2239T2L",
        "Pride Hits",
        22860,
        115,
        (500, 500, "51p-JxIHgtL"),
    ),
];
const DOCUMENTED_ROCK_PLAYLISTS: [DocumentedPlaylist; 2] = [
    (
        "B00KO8YSNS",
        "50 Great '80s Songs",
        12456,
        50,
        (1280, 2560, "71VfjyvQ+pL"),
    ),
    (
        "B00KNI5EVO",
        "REDISCOVER THE '90s: Alternative",
        24389,
        100,
        (500, 500, "51+VJ8i9qML"),
    ),
];

/// Id, title, show, and the last part of the page's address as the documentation has it.
const DOCUMENTED_EPISODES: [(&str, &str, &str, &str); 2] = [
    (
        "0c1dc966-2345-4530-b388-e33bc06f4401",
        "MURDERED: Billy Stafford",
        "d6e",
        "Crime-JunkieMURDERED: Billy Stafford",
    ),
    (
        "17d202dc-7d25-4ebf-af62-850e79024486",
        "Full Body Chills IS BACK!",
        "946e",
        "Crime-JunkieFull Body Chills IS BACK!",
    ),
];

/// One step of the generator behind the made-up items (splitmix64's finish).
pub(crate) fn mix(seed: u64) -> u64 {
    let mut value = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The numbers behind one made-up item.
fn seed(list: &str, index: usize) -> u64 {
    let list = list
        .bytes()
        .fold(0, |seed, byte| mix(seed ^ u64::from(byte)));
    mix(list ^ index as u64)
}

/// Letters and digits, most significant first.
fn digits(mut value: u64, alphabet: &[u8], length: usize) -> String {
    let base = alphabet.len() as u64;
    let mut digits = vec![0; length];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(value % base) as usize];
        value /= base;
    }
    digits.into_iter().map(char::from).collect()
}

/// An id in the shape of the documented ones: `B0` and eight capitals or digits.
fn asin(seed: u64) -> String {
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    format!("B0{}", digits(seed, alphabet, 8))
}

fn pick(words: &[&'static str], seed: u64) -> &'static str {
    words[(seed % words.len() as u64) as usize]
}

const FIRST: [&str; 24] = [
    "Amber",
    "Broken",
    "Crystal",
    "Distant",
    "Electric",
    "Faded",
    "Golden",
    "Hollow",
    "Iron",
    "Jade",
    "Kinder",
    "Lonely",
    "Midnight",
    "Northern",
    "Open",
    "Paper",
    "Quiet",
    "Restless",
    "Silver",
    "Tender",
    "Unwritten",
    "Velvet",
    "Wild",
    "Young",
];
const SECOND: [&str; 24] = [
    "Avenue",
    "Bridges",
    "Carousel",
    "Daylight",
    "Echoes",
    "Fires",
    "Gardens",
    "Harbour",
    "Islands",
    "Journeys",
    "Kites",
    "Letters",
    "Mirrors",
    "Nights",
    "Oceans",
    "Parades",
    "Questions",
    "Rivers",
    "Satellites",
    "Thunder",
    "Umbrellas",
    "Voices",
    "Windows",
    "Years",
];
const GENRES: [&str; 16] = [
    "Ambient",
    "Bluegrass",
    "Bossa Nova",
    "Chamber",
    "Dub",
    "Electro",
    "Folk",
    "Garage",
    "House",
    "Indie",
    "Jazz",
    "Motown",
    "Opera",
    "Punk",
    "Soul",
    "Swing",
];

fn title(seed: u64) -> String {
    format!("{} {}", pick(&FIRST, seed), pick(&SECOND, mix(seed)))
}

pub(crate) fn track(list: &str, index: usize) -> Track {
    let documented: &[(&str, &str, &str)] = match list {
        "tracks/top" => &DOCUMENTED_TOP_TRACKS,
        "categories/E9UEPoEH/tracks" => &DOCUMENTED_STEEL_TRACKS,
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

pub(crate) fn album(list: &str, index: usize) -> Album {
    let documented: &[(&str, &str)] = match list {
        "categories/E9UEPoEH/albums" => &DOCUMENTED_STEEL_ALBUMS,
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

pub(crate) fn playlist(list: &str, index: usize) -> Playlist {
    let documented: &[DocumentedPlaylist] = match list {
        "playlists/top" => &DOCUMENTED_TOP_PLAYLISTS,
        "categories/hZiJ3FwS/playlists" => &DOCUMENTED_ROCK_PLAYLISTS,
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

pub(crate) fn episode(list: &str, index: usize) -> Episode {
    let (id, title, show, page) = match DOCUMENTED_EPISODES.get(index) {
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

fn category_parts(index: usize) -> (String, String) {
    match DOCUMENTED_CATEGORIES.get(index) {
        Some((id, name)) => ((*id).to_owned(), (*name).to_owned()),
        None => {
            let seed = seed("categories", index);
            let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            let name = format!("{} {}", pick(&FIRST, seed), pick(&GENRES, mix(seed)));
            (digits(seed, alphabet, 8), name)
        }
    }
}

/// A category as the list of categories gives it.
pub(crate) fn category(_list: &str, index: usize) -> Category {
    let (id, name) = category_parts(index);
    Category {
        id,
        name,
        url: None,
        category_type: None,
    }
}

/// A category as the single call gives it.
pub(crate) fn category_by_id(wanted: &str) -> Option<Category> {
    let (id, name) = (0..CATEGORIES)
        .map(category_parts)
        .find(|(id, _)| id == wanted)?;
    Some(Category {
        url: Some(format!("https://music.amazon.com/genres/{id}")),
        category_type: Some("GENRE"),
        id,
        name,
    })
}

/// How long a list of a category is: never a round number, and empty for some.
pub(crate) fn length(list: &str, most: usize) -> usize {
    let documented = DOCUMENTED_CATEGORIES
        .iter()
        .any(|(id, _)| list.contains(id));
    let length = seed(list, usize::MAX) as usize % most;
    if documented {
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
    fn no_list_holds_an_id_twice() {
        let tracks: HashSet<_> = (0..5000)
            .map(|index| track("tracks/top", index).id)
            .collect();
        assert_eq!(tracks.len(), 5000);
        let categories: HashSet<_> = (0..CATEGORIES)
            .map(|index| category("", index).id)
            .collect();
        assert_eq!(categories.len(), CATEGORIES);
    }

    #[test]
    fn the_catalog_does_not_change() {
        // Positions, checkpoints and printed examples rest on it.
        assert_eq!(track("tracks/top", 0).title, "Beggin' [Explicit]");
        assert_eq!(track("tracks/top", 2), track("tracks/top", 2));
        assert_eq!(track("tracks/top", 2).id, "B0P9GYD4E1");
    }
}
