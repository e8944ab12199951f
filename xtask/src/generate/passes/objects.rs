//! The pass that lets every response object keep the fields that the spec does not know.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, Field, Fields, File, Item, ItemStruct, LitStr, parse::Parser as _, parse_quote,
};

use super::find::{expect, module, squeezed};

/// Replaces serde's derives by `crate::object::object!`, and adds the field `extra`.
pub(crate) fn keep_unknown_fields(file: &mut File) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    let (mut changed, mut wanted) = (0, 0);
    let mut out = Vec::new();
    for mut item in std::mem::take(types) {
        let mut added = None;
        if let Item::Struct(item) = &mut item
            && matches!(item.fields, Fields::Named(_))
        {
            wanted += 1;
            changed += usize::from(drop_derives(&mut item.attrs)?);
            added = Some(object(item)?);
        }
        out.push(item);
        out.extend(added);
    }
    *types = out;
    expect("keep unknown fields", changed, wanted)
}

/// Takes serde's derives away; whether both were there.
fn drop_derives(attributes: &mut [Attribute]) -> Result<bool> {
    let mut dropped = 0;
    for attribute in attributes
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let mut kept: Vec<syn::Path> = Vec::new();
        attribute.parse_nested_meta(|meta| {
            let name = squeezed(&meta.path);
            if name.ends_with("::Deserialize") || name.ends_with("::Serialize") {
                dropped += 1;
            } else {
                kept.push(meta.path);
            }
            Ok(())
        })?;
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    Ok(dropped == 2)
}

/// The call of the macro, after the fields were changed to fit it.
fn object(item: &mut ItemStruct) -> Result<Item> {
    let ident = item.ident.clone();
    let Fields::Named(fields) = &mut item.fields else {
        bail!("{ident}: not a struct with named fields");
    };
    let mut rows = Vec::new();
    for field in &mut fields.named {
        rows.push(row(field).with_context(|| format!("{ident}: a field"))?);
    }
    fields.named.push(Field::parse_named.parse2(quote! {
        /// Fields that the spec does not know, as served.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub extra: crate::Extra
    })?);
    Ok(parse_quote!(crate::object::object!(#ident { #(#rows)* });))
}

/// A field as the macro wants it, after its attribute of serde became one of schemars.
fn row(field: &mut Field) -> Result<TokenStream> {
    let ident = field.ident.clone().context("has no name")?;
    let mut name = ident.to_string();
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        attribute.parse_nested_meta(|meta| {
            match meta.value() {
                Ok(value) if meta.path.is_ident("rename") => {
                    name = value.parse::<LitStr>()?.value();
                }
                Ok(value) => {
                    // A value that is not looked at.
                    value.parse::<syn::Expr>()?;
                }
                Err(_) => {}
            }
            Ok(())
        })?;
    }
    if ident == "extra" {
        bail!("`extra` is the name of what keeps unknown fields: add a rename to the generator");
    }
    let kind = match squeezed(&field.ty) {
        ty if ty.starts_with("::std::option::Option<") => "optional",
        ty if ty.starts_with("::std::vec::Vec<") => "list",
        _ => "required",
    };
    field
        .attrs
        .retain(|attribute| !attribute.path().is_ident("serde"));
    if ident != name {
        field
            .attrs
            .push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(rename = #name))]));
    }
    if kind == "list" {
        field
            .attrs
            .push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(default))]));
    }
    let kind = format_ident!("{kind}");
    Ok(quote!(#kind #ident = #name,))
}
