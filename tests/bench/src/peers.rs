//! Ways to do the same work.

mod by_hand;
mod generated;
mod sdk;
mod tuned;
mod value;

use std::{future::Future, pin::Pin};

pub(crate) use by_hand::{ByHand, Connection, Envelope, TopPlaylists, TopTracks, Track};
pub(crate) use sdk::music_at;

/// An id of a security profile.
pub(crate) const PROFILE: &str = "amzn1.application.0123456789abcdef0123456789abcdef";

/// Work in progress, which returns the total length of the ids it has seen.
pub(crate) type Work<'a> = Pin<Box<dyn Future<Output = usize> + 'a>>;

/// One way to do the work.
pub(crate) trait Peer {
    /// Requests a small page of tracks, that many times.
    fn calls(&self, calls: usize) -> Work<'_>;

    /// Walks through that many pages of playlists, and looks at the id of each.
    fn walk(&self, pages: usize) -> Work<'_>;
}

/// All peers by name: the first is what the others are compared with.
pub(crate) const NAMES: [&str; 8] = [
    "reqwest + serde by hand",
    "reqwest + serde by hand, with a timeout",
    "reqwest + serde by hand, tuned",
    "reqwest + serde_json::Value",
    "generated client alone",
    "this SDK, call() of the generated client",
    "this SDK, send()",
    "this SDK, items()",
];

/// The peer of this place in [`NAMES`].
#[must_use]
pub(crate) fn make(number: usize, url: &str) -> Box<dyn Peer> {
    match number {
        0 => Box::new(by_hand::ByHand::new(url)),
        1 => Box::new(by_hand::ByHand::with_timeout(url)),
        2 => Box::new(tuned::Tuned::new(url)),
        3 => Box::new(value::Untyped::new(url)),
        4 => Box::new(generated::Generated::new(url)),
        5 => Box::new(sdk::Call::new(url)),
        6 => Box::new(sdk::Send::new(url)),
        7 => Box::new(sdk::Streamed::new(url)),
        _ => panic!("there is no peer {number}"),
    }
}
