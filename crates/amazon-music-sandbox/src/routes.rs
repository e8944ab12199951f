//! Paths of the operations.

/// Paths of the operations below the base URL, as in the OpenAPI spec.
pub const ROUTES: [&str; 8] = [
    "/browse/tracks/top",
    "/browse/playlists/top",
    "/browse/podcasts/episodes/new",
    CATEGORIES,
    "/browse/categories/{id}",
    "/browse/categories/{id}/albums",
    "/browse/categories/{id}/playlists",
    "/browse/categories/{id}/tracks",
];

/// The list of categories, and the start of the paths below it.
pub(crate) const CATEGORIES: &str = "/browse/categories";

/// The paths of lists: all but those of a single entity.
pub(crate) fn lists() -> impl Iterator<Item = &'static str> {
    ROUTES.into_iter().filter(|path| !path.ends_with("{id}"))
}
