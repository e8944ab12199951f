//! Scopes.

/// The scope that Browse requires.
pub(crate) const CATALOG: &str = "music::catalog";

/// The documented scopes. All others are unknown.
const SCOPES: [&str; 13] = [
    CATALOG,
    "music::favorites",
    "music::favorites:read",
    "music::history",
    "music::library",
    "music::library:read",
    "music::playback",
    "music::profile",
    "music::profile:read",
    "music::recommendation",
    "profile",
    "profile:user_id",
    "postal_code",
];

/// Whether the text is at least one scope, and each of them is listed.
pub(super) fn are_known(scopes: &str) -> bool {
    let mut scopes = scopes.split(' ').peekable();
    scopes.peek().is_some() && scopes.all(|scope| SCOPES.contains(&scope))
}
