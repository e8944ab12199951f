//! One item as lines.

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Meta, TraitItem, Type, Visibility};

/// The lines of an item that stands in this module. Nothing for what is private.
pub(super) fn lines(item: &Item, module: &str) -> Vec<String> {
    match item {
        Item::Struct(item) if is_public(&item.vis, &item.attrs) => {
            let name = format!("{module}::{}{}", item.ident, text(&item.generics));
            let mut lines = vec![format!("{}pub struct {name}", facts(&item.attrs))];
            lines.extend(fields(&item.fields, &name, true));
            lines
        }
        Item::Enum(item) if is_public(&item.vis, &item.attrs) => {
            let name = format!("{module}::{}{}", item.ident, text(&item.generics));
            let mut lines = vec![format!("{}pub enum {name}", facts(&item.attrs))];
            for variant in &item.variants {
                let variant_name = format!("{name}::{}", variant.ident);
                lines.push(format!("{}variant {variant_name}", facts(&variant.attrs)));
                lines.extend(fields(&variant.fields, &variant_name, false));
            }
            lines
        }
        Item::Fn(item) if is_public(&item.vis, &item.attrs) => {
            vec![format!(
                "{}pub {module}::{}",
                facts(&item.attrs),
                text(&item.sig)
            )]
        }
        Item::Const(item) if is_public(&item.vis, &item.attrs) => {
            let (name, kind) = (&item.ident, text(&item.ty));
            vec![format!(
                "{}pub const {module}::{name}: {kind}",
                facts(&item.attrs)
            )]
        }
        Item::Type(item) if is_public(&item.vis, &item.attrs) => {
            let name = format!("{}{}", item.ident, text(&item.generics));
            vec![format!(
                "{}pub type {module}::{name} = {}",
                facts(&item.attrs),
                text(&item.ty)
            )]
        }
        Item::Use(item) if is_public(&item.vis, &item.attrs) => {
            vec![format!(
                "{}pub use {module}: {}",
                facts(&item.attrs),
                text(&item.tree)
            )]
        }
        Item::Trait(item) if is_public(&item.vis, &item.attrs) => {
            let name = format!("{module}::{}", item.ident);
            let (generics, bounds) = (text(&item.generics), text(&item.supertraits));
            let head = format!("{}pub trait {name}{generics}: {bounds}", facts(&item.attrs));
            let members = item.items.iter().filter_map(|member| match member {
                TraitItem::Fn(function) => {
                    let provided = function.default.is_some();
                    let kind = if provided { "provided" } else { "required" };
                    Some(format!("{kind} {name}: {}", text(&function.sig)))
                }
                TraitItem::Type(item) => {
                    let bounds = text(&item.bounds);
                    Some(format!("required {name}: type {}: {bounds}", item.ident))
                }
                TraitItem::Const(item) => {
                    let kind = text(&item.ty);
                    Some(format!("required {name}: const {}: {kind}", item.ident))
                }
                _ => None,
            });
            std::iter::once(head).chain(members).collect()
        }
        Item::Impl(item) if !is_hidden(&item.attrs) => implementation(item, module),
        _ => Vec::new(),
    }
}

fn implementation(item: &syn::ItemImpl, module: &str) -> Vec<String> {
    let condition = condition(&item.attrs);
    let (generics, of) = (text(&item.generics), text(&item.self_ty));
    if let Some((path, _)) = &item.trait_ {
        // Of a private type, or of a private trait: not told apart here, and harmless.
        return vec![format!(
            "{condition}impl{generics} {} for {of} in {module}",
            text(path)
        )];
    }
    let public = item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(function) if is_public(&function.vis, &function.attrs) => {
            let (own, signature) = (facts(&function.attrs), text(&function.sig));
            Some(format!("{condition}{own}pub {module}::{of}: {signature}"))
        }
        ImplItem::Const(item) if is_public(&item.vis, &item.attrs) => {
            let (name, kind) = (&item.ident, text(&item.ty));
            Some(format!(
                "{condition}pub {module}::{of}: const {name}: {kind}"
            ))
        }
        _ => None,
    });
    public.collect()
}

/// Public fields; all of them where the fields of a variant are meant.
fn fields(fields: &Fields, owner: &str, only_public: bool) -> Vec<String> {
    let line = |(index, field): (usize, &syn::Field)| {
        let name = field
            .ident
            .as_ref()
            .map_or(index.to_string(), ToString::to_string);
        let shown = !only_public || is_public(&field.vis, &field.attrs);
        shown.then(|| format!("field {owner}.{name}: {}", type_text(&field.ty)))
    };
    fields.iter().enumerate().filter_map(line).collect()
}

fn is_public(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    matches!(visibility, Visibility::Public(_)) && !is_hidden(attributes)
}

/// Whether an item is kept out of the documentation, and so out of the surface.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = text(attribute);
        text.contains("doc (hidden)")
            || text.contains("cfg (test)")
            || text.contains("cfg (doctest)")
    })
}

/// The features that an item needs, as a prefix.
pub(super) fn condition(attributes: &[Attribute]) -> String {
    let conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    conditions
        .map(|attribute| format!("{} ", text(attribute)))
        .collect()
}

/// The path of a module that is not where it is looked for.
pub(super) fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => {
                Some(text(&pair.value).trim_matches('"').to_owned())
            }
            _ => None,
        })
}

/// What else of its attributes a user of the item notices.
fn facts(attributes: &[Attribute]) -> String {
    let mut facts = condition(attributes);
    for attribute in attributes {
        if attribute.path().is_ident("non_exhaustive") || attribute.path().is_ident("derive") {
            facts.push_str(&text(attribute));
            facts.push(' ');
        }
    }
    facts
}

fn type_text(kind: &Type) -> String {
    text(kind)
}

/// Tokens on one line, with the spaces that a reader expects.
fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let tight = [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" > ", "> "),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" :", ":"),
        (" ;", ";"),
        (" .", "."),
        ("# [", "#["),
    ];
    tight
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
        .trim()
        .to_owned()
}
