//! Dotted paths from a response to its payload.

use anyhow::{Context, Result, bail, ensure};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::spec::{Property, Spec, snake_case, with_article};

/// Returns code for the optional field at the end of a path, and the component it holds.
pub(super) fn follow(
    spec: &Spec,
    response: &str,
    segments: &[&str],
) -> Result<(TokenStream, String)> {
    let mut component = response.to_owned();
    let mut code = quote!(::std::option::Option::Some(response));
    for (depth, segment) in segments.iter().enumerate() {
        let Some(Property::Component(next)) = spec.property(&component, segment) else {
            if let Some(Property::ArrayOf(item)) = spec.property(&component, segment) {
                bail!(
                    "`{segment}` of {component} is an array of {item}: neither a page of a list nor an entity. \
                     Lead to a connection (`edges`, `node`, `pageInfo`) with `x-pagination`, or to the object that \
                     holds the array with `x-entity`, and give that object an `id`"
                );
            }
            bail!("{component} has no property `{segment}` that is a named object");
        };
        let field = format_ident!("{}", snake_case(segment));
        code = match depth {
            0 => quote!(response.#field),
            _ => quote!(#code?.#field),
        };
        component = next;
    }
    Ok((code, component))
}

/// Returns the names beside the last one of a path, in the object that holds it.
pub(super) fn beside<'s>(
    spec: &'s Spec,
    response: &str,
    segments: &[&str],
) -> Result<Vec<&'s str>> {
    let (last, around) = segments.split_last().context("the path is empty")?;
    let (_, holder) = follow(spec, response, around)?;
    let names = spec.property_names(&holder).into_iter();
    Ok(names.filter(|name| name != last).collect())
}

/// Fails unless the companion can read the connection as one page of a list.
pub(super) fn check_connection(
    spec: &Spec,
    response: &str,
    segments: &[&str],
    item: &str,
) -> Result<()> {
    let (_, connection) = follow(spec, response, segments)?;
    let Some(Property::ArrayOf(edge)) = spec.property(&connection, "edges") else {
        bail!("{connection} has no array `edges`");
    };
    let node = spec.property(&edge, "node");
    ensure!(
        node == Some(Property::Component(item.to_owned())),
        "the `node` of {edge} is not {}",
        with_article(item)
    );
    for (component, property) in [
        (&connection, "pageInfo"),
        (&connection, "edgeCount"),
        (&edge, "cursor"),
    ] {
        ensure!(
            spec.property(component, property).is_some(),
            "{component} has no `{property}`"
        );
    }
    Ok(())
}
