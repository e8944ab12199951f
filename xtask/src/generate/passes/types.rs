//! Passes over the wire types.

use anyhow::{Context, Result, ensure};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Fields, File, Item, ItemStruct, parse_quote};

use super::find::{expect, module, squeezed};
use crate::{generate::values::Value, spec::with_article};

/// Adds a constructor to each type that has no `Default`: the types are non-exhaustive, so that a test could
/// not create them otherwise.
pub(crate) fn add_constructors(file: &mut File) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    let mut out = Vec::new();
    let mut added = 0;
    let mut wanted = 0;
    for item in std::mem::take(types) {
        let constructor = match &item {
            Item::Struct(item) if is_object(item) && !derives_default(item) => {
                wanted += 1;
                constructor(item)
            }
            _ => None,
        };
        out.push(item);
        if let Some(constructor) = constructor {
            added += 1;
            out.push(constructor);
        }
    }
    *types = out;
    expect("add constructors", added, wanted)
}

/// Boxes the optional objects in the types that have an id: lists hold a hundred of those, and moving them
/// costs by their size, while few responses have these parts.
pub(crate) fn box_parts(file: &mut File) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    let objects: Vec<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) if is_object(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut boxed = 0;
    for item in types {
        let Item::Struct(item) = item else { continue };
        if !is_object(item) || derives_default(item) {
            continue;
        }
        for field in &mut item.fields {
            let text = squeezed(&field.ty);
            let part = text
                .strip_prefix("::std::option::Option<")
                .and_then(|text| text.strip_suffix('>'));
            if let Some(part) = part.filter(|part| objects.iter().any(|object| object == part)) {
                let part = format_ident!("{part}");
                field.ty = parse_quote!(::std::option::Option<::std::boxed::Box<#part>>);
                boxed += 1;
            }
        }
    }
    ensure!(
        boxed > 0,
        "box parts: no type with an id has an optional object"
    );
    Ok(())
}

fn is_object(item: &ItemStruct) -> bool {
    matches!(item.fields, Fields::Named(_))
}

fn derives_default(item: &ItemStruct) -> bool {
    item.attrs.iter().any(|attribute| {
        let text = squeezed(attribute);
        text.contains("derive") && text.contains("Default")
    })
}

fn constructor(item: &ItemStruct) -> Option<Item> {
    let ident = &item.ident;
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for field in &item.fields {
        let name = field.ident.as_ref()?;
        let ty = &field.ty;
        let text = squeezed(ty);
        if text == "::std::string::String" {
            parameters.push(quote!(#name: impl ::std::convert::Into<::std::string::String>));
            values.push(quote!(#name: #name.into()));
        } else if is_optional(&text) {
            values.push(quote!(#name: ::std::default::Default::default()));
        } else {
            parameters.push(quote!(#name: #ty));
            values.push(quote!(#name));
        }
    }
    let docs = format!(
        " Creates {} from its required fields; the others are unset.",
        with_article(&ident.to_string())
    );
    Some(parse_quote! {
        impl #ident {
            #[doc = #docs]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }
        }
    })
}

fn is_optional(ty: &str) -> bool {
    ty.starts_with("::std::option::Option")
        || ty.starts_with("::std::vec::Vec")
        || ty == "crate::Extra"
}

/// Adds the types that the generator was told to leave out.
pub(crate) fn add_values(file: &mut File, values: &[Value]) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    for value in values {
        let ident = format_ident!("{}", value.name);
        let taken = types
            .iter()
            .any(|item| matches!(item, Item::Struct(item) if item.ident == ident));
        ensure!(!taken, "{}: the generator emits it as well", value.name);
        let added: File = syn::parse2(value.tokens.clone())
            .with_context(|| format!("{}: does not parse", value.name))?;
        types.extend(added.items);
    }
    Ok(())
}

/// Appends items to the file.
pub(crate) fn append(file: &mut File, tokens: TokenStream) -> Result<()> {
    let added: File = syn::parse2(tokens)?;
    file.items.extend(added.items);
    Ok(())
}
