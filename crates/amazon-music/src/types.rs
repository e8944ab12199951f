//! The types of responses and parameters, generated from the OpenAPI spec.
//!
//! # Entities
//!
//! The items of lists, and [`Category`] as the result of [`AmazonMusic::category`]. Only the `id` of an
//! entity is always there; every other field is optional, because the documentation promises no other.
//!
//! | entity | returned by |
//! |---|---|
//! | [`Track`] | [`top_tracks`], [`category_tracks`] |
//! | [`Album`] | [`category_albums`] |
//! | [`Playlist`] | [`top_playlists`], [`category_playlists`] |
//! | [`PodcastEpisode`] | [`new_podcast_episodes`] |
//! | [`Category`] | [`categories`], [`category`] |
//!
//! # Values
//!
//! Lengths, counts and images come as the service sends them; [`Track::length`], [`Playlist::track_total`]
//! and [`Playlist::image_for_width`], which [`Album`] has too, read them.
//!
//! [`Image`] is part of a [`Playlist`]. [`CategoryType`] and [`ErrorCode`] are open enums: an undocumented
//! value is kept as `Unknown`.
//!
//! # Envelopes
//!
//! The JSON around the entities, which [`List`] and [`Get`] unwrap. They appear only in the responses of
//! [`AmazonMusic::call`].
//!
//! | type | contents |
//! |---|---|
//! | `…Response`, `…Data` | the body of a response and its `data`, one pair per operation |
//! | `…Connection`, `…Edge`, [`PageInfo`] | one page of a list, the places on it, and whether the list goes on |
//! | `CategoryWith…` | a category with one of its lists |
//! | [`ErrorEnvelope`], [`ErrorDetail`], [`ErrorPayload`] | the body of an error response |
//!
//! # Parameters
//!
//! [`CategoryId`], [`Cursor`], [`LimitUpTo20`] and [`LimitUpTo100`] are the checked parameters of the
//! generated client; [`List`] and [`Get`] check plain numbers and strings the same way.
//!
//! # Example
//!
//! ```
//! use amazon_music::types::Track;
//!
//! // As the service sends it.
//! let track: Track = serde_json::from_str(r#"{ "id": "B07FF8HV2Z", "title": "Better" }"#)?;
//! assert_eq!(track.title.as_deref(), Some("Better"));
//!
//! // For tests: an entity with its id alone.
//! let track = Track::new("B07FF8HV2Z");
//! assert_eq!(track.title, None);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! [`AmazonMusic::call`]: crate::AmazonMusic::call
//! [`AmazonMusic::category`]: crate::AmazonMusic::category
//! [`Get`]: crate::Get
//! [`List`]: crate::List
//! [`categories`]: crate::AmazonMusic::categories
//! [`category`]: crate::AmazonMusic::category
//! [`category_albums`]: crate::AmazonMusic::category_albums
//! [`category_playlists`]: crate::AmazonMusic::category_playlists
//! [`category_tracks`]: crate::AmazonMusic::category_tracks
//! [`new_podcast_episodes`]: crate::AmazonMusic::new_podcast_episodes
//! [`top_playlists`]: crate::AmazonMusic::top_playlists
//! [`top_tracks`]: crate::AmazonMusic::top_tracks

pub use amazon_music_browse::types::*;
