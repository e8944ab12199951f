//! A value type and what several of them share.

use proc_macro2::TokenStream;

use crate::spec::Spec;

/// A component whose Rust type is generated here.
pub(crate) struct Value {
    /// The name of the component.
    pub(crate) name: String,
    /// The Rust type and its impls.
    pub(crate) tokens: TokenStream,
}

/// Returns the description of a component, as a Rust literal.
pub(super) fn description(spec: &Spec, name: &str) -> String {
    let schema = spec.component(name);
    let description = schema.and_then(|schema| schema.schema_data.description.as_deref());
    format!("{:?}", description.unwrap_or_default())
}
