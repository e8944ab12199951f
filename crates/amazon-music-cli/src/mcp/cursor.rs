//! Cursors of the tools: a position in a list as one word, with the page size in it.

use amazon_music::Position;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The cursor of a position.
pub(super) fn encode(position: &Position) -> Option<String> {
    let json = serde_json::to_vec(position).ok()?;
    Some(URL_SAFE_NO_PAD.encode(json))
}

/// The position of a cursor, if it is one of ours.
pub(super) fn decode(cursor: &str) -> Option<Position> {
    let json = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    serde_json::from_slice(&json).ok()
}
