//! Changes to the generator's output, each for a reason, each counted.
//!
//! A pass finds what it changes by shape. If the generator's output changes, the count is off and the pass
//! fails.

mod builders;
mod documentation;
mod find;
mod making;
mod objects;
mod sending;
mod types;
mod unwanted;

pub(super) use builders::{mark_must_use, report_rejected_values};
pub(super) use documentation::{
    document_builders, document_fields, document_methods, document_structs,
};
pub(super) use making::make_requests;
pub(super) use objects::keep_unknown_fields;
pub(super) use sending::{decode_generically, read_bodies_bounded};
pub(super) use types::{add_constructors, add_values, append, box_parts};
pub(super) use unwanted::{
    drop_api_version, drop_default_constructor, drop_hooks, drop_prelude, drop_struct_builders,
};
