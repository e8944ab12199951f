//! The operations and open enums of the spec, as constants of the wire crate.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use openapiv3::{ReferenceOr, Schema, SchemaKind, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;

use super::docs::doc_lines;
use crate::spec::{
    OPEN_ENUM, Operation, Parameter, Place, Shape, Spec, component_name, snake_case,
    upper_camel_case,
};

/// Makes the module `operations`: one constant per operation, and all of them in the order of the spec.
pub(super) fn operations(spec: &Spec, operations: &[Operation]) -> Result<TokenStream> {
    let mut shared = BTreeMap::new();
    let mut names = Vec::new();
    let mut constants = Vec::new();
    for operation in operations {
        let name = constant(&operation.id, "");
        constants.push(info(spec, operation, &name, &mut shared)?);
        names.push(name);
    }
    let shared = shared.values();
    Ok(quote! {
        /// Descriptions of the operations.
        pub mod operations {
            use crate::{OperationInfo, ParameterInfo, ParameterPlace, PropertyInfo, Shape, ValueKind};

            /// All operations, in the order of the spec.
            pub const ALL: &[&OperationInfo] = &[#(&#names),*];

            #(#constants)*

            #(#shared)*
        }
    })
}

/// Makes the constant of an operation. Those that several operations refer to are added to `shared`.
fn info(
    spec: &Spec,
    operation: &Operation,
    constant_name: &Ident,
    shared: &mut BTreeMap<String, TokenStream>,
) -> Result<TokenStream> {
    let (id, path, summary) = (&operation.id, &operation.path, &operation.summary);
    let name = snake_case(id);
    let url = operation.docs_url.as_deref().unwrap_or_default();
    let docs = doc_lines(&format!("{summary}: `GET {path}`."));
    let (shape, payload, item, is_personal) = match &operation.shape {
        Shape::List(list) => (quote!(List), &list.connection, &list.item, list.personal),
        Shape::Entity(entity) => (quote!(Entity), &entity.path, &entity.item, false),
    };
    let payload = payload.split('.');
    let words = operation.commands.first().context("no words")?;
    let aliases = operation.commands.iter().skip(1);
    let aliases = aliases.map(|words| quote!(&[#(#words),*]));
    let properties = constant(item, "_PROPERTIES");
    if !shared.contains_key(item) {
        let rows = properties_of(spec, item)?;
        let table = quote!(const #properties: &[PropertyInfo] = &[#(#rows),*];);
        shared.insert(item.clone(), table);
    }
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let row = parameter_info(parameter)?;
        let Some(component) = &parameter.shared else {
            return Some(row);
        };
        let name = constant(component, "_PARAMETER");
        let key = format!("{component} parameter");
        shared.insert(key, quote!(const #name: ParameterInfo = #row;));
        Some(quote!(#name))
    });
    Ok(quote! {
        #(#docs)*
        pub const #constant_name: OperationInfo = OperationInfo {
            id: #id,
            name: #name,
            path: #path,
            documentation: #url,
            summary: #summary,
            words: &[#(#words),*],
            aliases: &[#(#aliases),*],
            parameters: &[#(#parameters),*],
            shape: Shape::#shape,
            payload: &[#(#payload),*],
            item: #item,
            properties: #properties,
            is_personal: #is_personal,
        };
    })
}

fn constant(name: &str, suffix: &str) -> Ident {
    format_ident!("{}{suffix}", snake_case(name).to_uppercase())
}

/// Makes the description of a parameter, unless it is a header.
fn parameter_info(parameter: &Parameter) -> Option<TokenStream> {
    let place = match parameter.place {
        Place::Path => quote!(Path),
        Place::Query => quote!(Query),
        Place::Header => return None,
    };
    let (name, is_required, schema) = (&parameter.name, parameter.required, &parameter.schema);
    let kind = kind(schema);
    let format = option(schema["format"].as_str());
    let description = first_sentence(&parameter.description);
    let minimum = option(schema["minimum"].as_u64());
    let maximum = option(schema["maximum"].as_u64());
    let default = option(schema.get("default").map(Value::to_string));
    let example = parameter.example.as_ref().or_else(|| schema.get("example"));
    let example = option(example.map(plain));
    let values = [OPEN_ENUM, "enum"]
        .iter()
        .flat_map(|name| schema[name].as_array());
    let values = values.flatten().map(plain);
    Some(quote! {
        ParameterInfo {
            name: #name,
            place: ParameterPlace::#place,
            kind: ValueKind::#kind,
            format: #format,
            description: #description,
            minimum: #minimum,
            maximum: #maximum,
            default: #default,
            example: #example,
            values: &[#(#values),*],
            is_required: #is_required,
        }
    })
}

/// Makes the descriptions of the properties of a component.
fn properties_of(spec: &Spec, component: &str) -> Result<Vec<TokenStream>> {
    let schema = spec.component(component).map(|it| &it.schema_kind);
    let Some(SchemaKind::Type(Type::Object(object))) = schema else {
        bail!("{component}: an item is a component that is an object");
    };
    let row = |(name, schema): (&String, &ReferenceOr<Box<Schema>>)| {
        let schema = serde_json::to_value(spec.schema(&schema.clone().unbox())?)?;
        let kind = kind(&schema);
        let format = option(schema["format"].as_str());
        let is_column = schema["x-column"] != false;
        Ok(quote!(PropertyInfo::new(#name, ValueKind::#kind, #format, #is_column)))
    };
    object.properties.iter().map(row).collect()
}

fn kind(schema: &Value) -> Ident {
    format_ident!(
        "{}",
        upper_camel_case(schema["type"].as_str().unwrap_or("object"))
    )
}

fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// Returns a value as sent: a string without quotes.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn first_sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_owned()
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
