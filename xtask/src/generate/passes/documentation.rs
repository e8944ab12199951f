//! Passes that document every public item, from the texts of the spec.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use quote::ToTokens;
use syn::{Attribute, Fields, File, ImplItem, Item};

use super::find::{expect, innermost, module};
use crate::{
    generate::docs::{doc_lines, operation_docs},
    spec::{Operation, Parameter, Place, snake_case, variable},
};

fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

fn doc_text(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| is_doc(attribute))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) => Some(pair.value.to_token_stream()),
            _ => None,
        })
        .filter_map(|tokens| syn::parse2::<syn::LitStr>(tokens).ok())
        .map(|literal| literal.value())
        .collect();
    lines.join("\n")
}

fn set_docs(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !is_doc(attribute));
    attributes.splice(0..0, doc_lines(text));
}

/// Documents the fields. A field that refers to a component has no description of its own and takes that of
/// the component.
pub(crate) fn document_fields(file: &mut File) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    let by_name: BTreeMap<String, String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), doc_text(&item.attrs))),
            Item::Enum(item) => Some((item.ident.to_string(), doc_text(&item.attrs))),
            _ => None,
        })
        .chain([(
            "ErrorStatus".to_owned(),
            "The HTTP status, as given in the body.".to_owned(),
        )])
        .collect();
    for item in types {
        let Item::Struct(item) = item else { continue };
        let own = doc_text(&item.attrs);
        ensure!(!own.is_empty(), "{}: no description", item.ident);
        set_docs(&mut item.attrs, &own);
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        for field in &mut fields.named {
            let mut text = doc_text(&field.attrs);
            if text.is_empty() {
                let name = innermost(&field.ty).unwrap_or_default();
                text = by_name.get(&name).cloned().with_context(|| {
                    format!("{}: a field of type {name} has no description", item.ident)
                })?;
                let first = text.split("\n\n").next().unwrap_or_default();
                text = first.to_owned();
            }
            set_docs(&mut field.attrs, &text);
        }
    }
    Ok(())
}

/// Documents the client and the request builders.
pub(crate) fn document_structs(file: &mut File) -> Result<()> {
    let (own, builders): (Vec<&mut Item>, Vec<&mut Item>) = file
        .items
        .iter_mut()
        .partition(|item| matches!(item, Item::Struct(_)));
    expect("document the client", own.len(), 1)?;
    for item in own {
        tidy(item);
    }
    for item in builders {
        if let Item::Mod(module) = item
            && module.ident == "builder"
        {
            for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                tidy(item);
            }
        }
    }
    Ok(())
}

fn tidy(item: &mut Item) {
    if let Item::Struct(item) = item {
        let text = doc_text(&item.attrs);
        set_docs(&mut item.attrs, &text);
    }
}

/// Documents the methods of the client, with examples that compile; those of the generator do not.
pub(crate) fn document_methods(
    file: &mut File,
    operations: &BTreeMap<String, &Operation>,
) -> Result<()> {
    let mut documented = 0;
    for item in &mut file.items {
        let Item::Impl(item) = item else { continue };
        for item in &mut item.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let Some(operation) = operations.get(&function.sig.ident.to_string()) else {
                continue;
            };
            let setters: String = operation
                .parameters
                .iter()
                .filter(|parameter| parameter.required || parameter.name == "limit")
                .map(|parameter| {
                    format!(
                        "\n    .{}({})",
                        variable(&parameter.name),
                        parameter.example_literal()
                    )
                })
                .collect();
            let text = format!(
                "{}\n\n\
                 ```no_run\n\
                 # async fn example(client: amazon_music_browse::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
                 let response = client\n    .{}(){setters}\n    .send()\n    .await?\n    .into_inner();\n\
                 # let _ = response;\n# Ok(())\n# }}\n```",
                operation_docs(operation)?,
                function.sig.ident,
            );
            set_docs(&mut function.attrs, &text);
            documented += 1;
        }
    }
    expect("document the methods", documented, operations.len())
}

/// Documents the setters of the request builders.
pub(crate) fn document_builders(
    file: &mut File,
    operations: &BTreeMap<String, &Operation>,
) -> Result<()> {
    let mut documented = 0;
    let wanted: usize = operations
        .values()
        .map(|operation| operation.parameters.len() + 2)
        .sum();
    for item in module(&mut file.items, "builder")? {
        let Item::Impl(item) = item else { continue };
        let name = innermost(&item.self_ty)
            .or_else(|| match &*item.self_ty {
                syn::Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
                _ => None,
            })
            .unwrap_or_default();
        let mut method = name.clone();
        if let Some(first) = method.get_mut(0..1) {
            first.make_ascii_lowercase();
        }
        let Some(operation) = operations.get(&snake_case(&method)) else {
            bail!("{name}: a request builder without an operation")
        };
        for item in &mut item.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let text = builder_docs(operation, &function.sig.ident.to_string())?;
            set_docs(&mut function.attrs, &text);
            documented += 1;
        }
    }
    expect("document the builders", documented, wanted)
}

/// Describes a function of a request builder.
fn builder_docs(operation: &Operation, name: &str) -> Result<String> {
    match name {
        "new" => {
            Ok("Creates the request, like the method of [`Client`](super::Client).".to_owned())
        }
        "send" => Ok("Sends the request once: no retries, no refresh of the token.".to_owned()),
        _ => {
            let parameter = operation
                .parameters
                .iter()
                .find(|parameter| variable(&parameter.name) == name)
                .with_context(|| format!("{name}: no such parameter"))?;
            Ok(parameter_docs(parameter))
        }
    }
}

fn parameter_docs(parameter: &Parameter) -> String {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    format!(
        "{}\n\nSent in the {place} as `{}`.",
        parameter.description.trim(),
        parameter.name
    )
}
