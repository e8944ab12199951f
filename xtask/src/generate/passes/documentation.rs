//! Passes that write documentation: every public item gets one, from the document.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use quote::ToTokens;
use syn::{Attribute, Fields, File, ImplItem, Item, parse_quote};

use super::{expect, innermost, module};
use crate::spec::{Kind, Operation, Parameter, Place, snake_case};

/// One `///` line for each line of a Markdown text.
pub(crate) fn doc_lines(text: &str) -> Vec<Attribute> {
    text.trim()
        .lines()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

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

/// A field that refers to a component has no description of its own: it takes the component's. All
/// descriptions are set line by line.
pub fn document_fields(file: &mut File) -> Result<()> {
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
            "The HTTP status as the body tells it.".to_owned(),
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

/// The client and the request builders: their descriptions, line by line.
pub fn document_structs(file: &mut File) -> Result<()> {
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

/// What an operation is, for the documentation of its call.
pub(crate) fn operation_docs(operation: &Operation) -> Result<String> {
    let url = operation
        .docs_url
        .as_deref()
        .with_context(|| format!("{}: no externalDocs", operation.id))?;
    Ok(format!(
        "{}.\n\n{}\n\n`GET {}`, written from [this section of the documentation]({url}).",
        operation.summary.trim_end_matches('.'),
        operation.description.trim(),
        operation.path,
    ))
}

/// A Rust literal for a parameter, for an example.
fn example_value(parameter: &Parameter) -> String {
    match (&parameter.example, &parameter.kind) {
        (Some(value), _) => value.to_string(),
        (None, Kind::Text) => "\"value\"".to_owned(),
        (None, Kind::Boolean) => "true".to_owned(),
        (None, Kind::Integer | Kind::Bounded { .. }) => "1".to_owned(),
    }
}

/// The calls of the client. The generator's examples are not compiled; these are.
pub fn document_methods(file: &mut File, operations: &BTreeMap<String, &Operation>) -> Result<()> {
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
                        snake_case(&parameter.name),
                        example_value(parameter)
                    )
                })
                .collect();
            let text = format!(
                "{}\n\n\
                 ```no_run\n\
                 # async fn example(client: amazon_music_browse::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
                 let answer = client\n    .{}(){setters}\n    .send()\n    .await?\n    .into_inner();\n\
                 # let _ = answer;\n# Ok(())\n# }}\n```",
                operation_docs(operation)?,
                function.sig.ident,
            );
            set_docs(&mut function.attrs, &text);
            documented += 1;
        }
    }
    expect("document the calls", documented, operations.len())
}

/// The setters of the request builders.
pub fn document_builders(file: &mut File, operations: &BTreeMap<String, &Operation>) -> Result<()> {
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
            bail!("{name}: a builder of no operation")
        };
        for item in &mut item.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let name = function.sig.ident.to_string();
            let text = match name.as_str() {
                "new" => "Starts the request. The client's own method does the same.".to_owned(),
                "send" => {
                    "Sends the request once. Neither retried nor renewed: that is for the caller."
                        .to_owned()
                }
                _ => {
                    let parameter = operation
                        .parameters
                        .iter()
                        .find(|parameter| snake_case(&parameter.name) == name)
                        .with_context(|| format!("{name}: no such parameter"))?;
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
            };
            set_docs(&mut function.attrs, &text);
            documented += 1;
        }
    }
    expect("document the builders", documented, wanted)
}
