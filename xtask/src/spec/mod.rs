//! The OpenAPI spec as data: its text, its tree, and one [`Operation`] per path.
//!
//! Everything generated from the spec reads it here, so that each construct is interpreted in one place.

mod document;
mod names;
mod operation;
mod read;

pub use document::{Property, SPEC, Spec, component_name};
pub use names::{snake_case, upper_camel_case, with_article};
pub use operation::{Connection, Entity, Kind, Operation, Parameter, Place, Shape};

/// The pattern of a path id, checked without a regular expression engine. A wider alphabet would have to
/// exclude everything with a meaning in a path: `/ \ ? # %`, `.` and `..`.
pub const PATH_ID_PATTERN: &str = "^[A-Za-z0-9_-]+$";

/// The extension of an open enum: the values seen so far.
pub const OPEN_ENUM: &str = "x-extensible-enum";
