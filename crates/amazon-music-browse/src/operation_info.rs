//! The description of an operation.

/// Description of an operation. [`operations`](crate::operations) has one for each.
///
/// Enough to build a command line, a form or a test for operations that did not exist when it was written:
///
/// ```
/// use amazon_music_browse::{ParameterPlace, Shape, operations};
///
/// for operation in operations::ALL {
///     let ids = operation.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
///     let verb = if operation.shape == Shape::List { "lists" } else { "gets" };
///     println!("{} {verb} {} by {} id(s)", operation.id, operation.item, ids.count());
/// }
/// ```
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
    /// Summary in one line: `List a category's tracks`.
    pub summary: &'static str,
    /// Command of the CLI, with path parameters in braces: `["category", "{id}", "tracks"]`.
    pub words: &'static [&'static str],
    /// Further commands of the CLI, such as those of an earlier release.
    pub aliases: &'static [&'static [&'static str]],
    /// Parameters in the path and query, in the order of the spec.
    pub parameters: &'static [ParameterInfo],
    /// Whether it returns a page of a list or a single entity.
    pub shape: Shape,
    /// Names of the members from the body to the connection or entity: `["data", "category", "tracks"]`.
    pub payload: &'static [&'static str],
    /// Schema of an item or of the entity: `Track`.
    pub item: &'static str,
    /// Properties of that schema, in the order of the spec.
    pub properties: &'static [PropertyInfo],
    /// Whether it returns a list that is chosen for the current user, and so no part of the catalog.
    pub is_personal: bool,
}

/// Payload of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// One page of a list.
    List,
    /// A single entity.
    Entity,
}

/// Description of a parameter in the path or query of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// Name in the request: `limit`.
    pub name: &'static str,
    /// Part of the request that carries it.
    pub place: ParameterPlace,
    /// Type of its value.
    pub kind: ValueKind,
    /// Format of its value: `int32`.
    pub format: Option<&'static str>,
    /// First sentence of its description, without the full stop.
    pub description: &'static str,
    /// Smallest value of an integer.
    pub minimum: Option<u64>,
    /// Largest value of an integer.
    pub maximum: Option<u64>,
    /// Value that the service uses if none is sent, as JSON.
    pub default: Option<&'static str>,
    /// Example of a value, as sent.
    pub example: Option<&'static str>,
    /// Known values. The service may accept others.
    pub values: &'static [&'static str],
    /// Whether the service requires it. Parameters in the path are always required.
    pub is_required: bool,
}

/// Part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// The path.
    Path,
    /// The query.
    Query,
}

/// Type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    Array,
    /// An object, or a value of any type.
    Object,
}

/// Description of a property of an item or entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PropertyInfo {
    /// Name in the response: `trackCount`.
    pub name: &'static str,
    /// Type of its value.
    pub kind: ValueKind,
    /// Format of its value: `double`.
    pub format: Option<&'static str>,
    /// Whether a table may show it as a column: not if the spec says `x-column: false`.
    pub is_column: bool,
}

impl PropertyInfo {
    pub(crate) const fn new(
        name: &'static str,
        kind: ValueKind,
        format: Option<&'static str>,
        is_column: bool,
    ) -> Self {
        Self {
            name,
            kind,
            format,
            is_column,
        }
    }
}
