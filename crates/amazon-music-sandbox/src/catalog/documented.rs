//! Items of the documentation.

/// ID and name.
pub(super) const CATEGORIES: [(&str, &str); 5] = [
    ("cpdRsfJP", "Technoid"),
    ("vx0YEGc1", "Latin Urban"),
    ("2iB4IU25", "Heavy Metal"),
    ("E9UEPoEH", "Sacred Steel"),
    ("hZiJ3FwS", "Rock"),
];

/// ID, title, and the album of the track's page.
pub(super) const TOP_TRACKS: [(&str, &str, &str); 2] = [
    ("B0785GTW4T", "Beggin' [Explicit]", "B077XF8X4W"),
    ("B08ZCM5758", "Heat Waves", "B08ZCTL3QB"),
];
pub(super) const STEEL_TRACKS: [(&str, &str, &str); 2] = [
    ("B07PPVYNQZ", "Baptise Me", "B07PMV5LV8"),
    ("B00DRA5QX6", "Amped Up", "B00DRA5QC2"),
];
pub(super) const STEEL_ALBUMS: [(&str, &str); 2] = [
    ("B003R490PW", "We Walk This Road"),
    ("B00DRA5QC2", "Lickety Split"),
];

/// ID, title, duration in seconds, track count, and the height, width and file name of the image.
pub(super) type Playlist = (
    &'static str,
    &'static str,
    u32,
    u32,
    (u32, u32, &'static str),
);
pub(super) const TOP_PLAYLISTS: [Playlist; 2] = [
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
pub(super) const ROCK_PLAYLISTS: [Playlist; 2] = [
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

/// ID, title, show, and the last segment of the page's URL, as documented.
pub(super) const EPISODES: [(&str, &str, &str, &str); 2] = [
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
