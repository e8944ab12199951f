//! Paths of the operations.

use crate::spec::Spec;

/// Paths of the operations below the base URL, as in the OpenAPI spec and in its order.
///
/// ```
/// let paths: Vec<_> = amazon_music_sandbox::routes().collect();
/// assert!(paths.contains(&"/browse/categories/{id}/tracks"));
/// ```
pub fn routes() -> impl Iterator<Item = &'static str> {
    Spec::get()
        .operations
        .iter()
        .map(|operation| operation.path.as_str())
}
