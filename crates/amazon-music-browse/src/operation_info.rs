//! The description of an operation.

/// Description of an operation. [`operations`](crate::operations) has one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// `operationId` in the spec: `getCategoryTracks`.
    pub id: &'static str,
    /// Method of [`Client`](crate::Client), as named in errors: `get_category_tracks`.
    pub name: &'static str,
    /// Path below the base URL, with parameters in braces.
    pub path: &'static str,
    /// URL of the section of Amazon's documentation that describes the operation.
    pub documentation: &'static str,
}
