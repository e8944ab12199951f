//! The OpenAPI spec as data: its text, its tree, and one [`Operation`] per path.
//!
//! Everything generated from the spec reads it here, so that each construct is interpreted in one place.

mod document;
mod names;
mod operation;
mod read;
mod words;

pub use document::{Property, SPEC, Spec, component_name};
pub use names::{snake_case, upper_camel_case, variable, with_article};
pub use operation::{Connection, Entity, Kind, Operation, Parameter, Place, Shape};

/// The pattern of a path id, checked without a regular expression engine. It excludes what percent-encoding
/// does not tame: `.` and `..`, which a URL resolves in any spelling, and slashes, backslashes and control
/// characters, which gateways decode before they route or forward a request.
pub const PATH_ID_PATTERN: &str =
    r"^(\.{0,2}[^./\\\x00-\x1F\x7F-\x9F]|\.{3})[^/\\\x00-\x1F\x7F-\x9F]*$";

/// The extension of an open enum: the values seen so far.
pub const OPEN_ENUM: &str = "x-extensible-enum";
