//! A value type and what several of them share.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::spec::Spec;

/// A component whose Rust type is generated here.
pub(crate) struct Value {
    /// The name of the component.
    pub(crate) name: String,
    /// The Rust type and its impls.
    pub(crate) tokens: TokenStream,
}

/// Returns the description of a component.
pub(super) fn description(spec: &Spec, name: &str) -> String {
    spec.component(name)
        .and_then(|schema| schema.schema_data.description.clone())
        .unwrap_or_default()
}

/// Implements `JsonSchema` like that of a string.
pub(super) fn string_json_schema(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    quote! {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                <::std::string::String as ::schemars::JsonSchema>::json_schema(generator)
            }
        }
    }
}
