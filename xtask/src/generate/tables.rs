//! The operations and open enums of the spec, as constants of the wire crate.

use std::collections::BTreeMap;

use openapiv3::{SchemaKind, Type};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc_lines;
use crate::spec::{OPEN_ENUM, Operation, Spec, component_name, snake_case};

/// Makes the module `operations`: one constant per operation, and all of them in the order of the spec.
pub(super) fn operations(operations: &[Operation]) -> TokenStream {
    let names: Vec<_> = operations
        .iter()
        .map(|operation| format_ident!("{}", snake_case(&operation.id).to_uppercase()))
        .collect();
    let constants = operations.iter().zip(&names).map(|(operation, constant)| {
        let (id, path) = (&operation.id, &operation.path);
        let name = snake_case(id);
        let url = operation.docs_url.as_deref().unwrap_or_default();
        let docs = doc_lines(&format!("{}: `GET {path}`.", operation.summary));
        quote! {
            #(#docs)*
            pub const #constant: OperationInfo = OperationInfo {
                id: #id,
                name: #name,
                path: #path,
                documentation: #url,
            };
        }
    });
    quote! {
        /// Descriptions of the operations.
        pub mod operations {
            use crate::OperationInfo;

            /// All operations, in the order of the spec.
            pub const ALL: &[&OperationInfo] = &[#(&#names),*];

            #(#constants)*
        }
    }
}

/// Makes the table of the properties that hold an open enum, but for names that stand for something else
/// elsewhere: `code` is that of an error and that of a territory.
pub(super) fn open_values(spec: &Spec) -> TokenStream {
    let mut found = BTreeMap::new();
    for (_, schema) in spec.components() {
        let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
            continue;
        };
        for (property, schema) in &object.properties {
            let name = component_name(&schema.clone().unbox());
            let name = name.filter(|name| is_open_enum(spec, name));
            let known = found.entry(property).or_insert_with(|| name.clone());
            if *known != name {
                *known = None;
            }
        }
    }
    let rows = found
        .into_iter()
        .filter_map(|(property, name)| Some((property, format_ident!("{}", name?))))
        .map(|(property, name)| quote!((#property, types::#name::KNOWN)));
    quote! {
        /// Properties that hold an open enum, each with the values that the spec lists.
        pub const OPEN_VALUES: &[(&str, &[&str])] = &[#(#rows),*];
    }
}

fn is_open_enum(spec: &Spec, component: &str) -> bool {
    spec.component(component)
        .is_some_and(|schema| schema.schema_data.extensions.contains_key(OPEN_ENUM))
}
