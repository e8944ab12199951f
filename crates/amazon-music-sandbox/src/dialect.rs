//! Dialects of the service.

/// A form of the service that its documentation shows in one place and contradicts in another, or leaves open.
///
/// By default the sandbox follows the OpenAPI spec. Which form the live service has is unknown: run your
/// client against each. Dialects can be combined.
///
/// ```
/// use amazon_music_sandbox::{Dialect, Sandbox};
///
/// let sandbox = Sandbox::new().dialect(Dialect::FlatTables).dialect(Dialect::RichNodes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// The lists of a category directly below `data`, as in the tables of the documentation: `data.albums`, and
    /// not `data.category.albums`.
    FlatTables,
    /// Categories at `/browse/browse/categories`, as in the `curl` lines of the documentation. The paths of its
    /// headings, `/browse/categories`, are not found then.
    DoubledPath,
    /// A single category without `data` around it, as in the sample: `{"category": …}`.
    BareCategory,
    /// Items with every field that the documentation shows of their entity on any page, and two that it does
    /// not show at all, `sandboxNote` and `sandboxDetails`.
    RichNodes,
    /// Categories with the fields of the samples only: around albums and tracks an ID and a name, around
    /// playlists a URL too.
    SparseCategories,
}

impl Dialect {
    /// All dialects.
    pub const ALL: [Self; 5] = [
        Self::FlatTables,
        Self::DoubledPath,
        Self::BareCategory,
        Self::RichNodes,
        Self::SparseCategories,
    ];
}
