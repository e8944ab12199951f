//! Finding and counting what a pass changes.

use anyhow::{Context, Result, ensure};
use quote::ToTokens;
use syn::{Item, ItemMod, Type};

/// Fails unless a pass changed as much as it must: nothing is skipped silently.
pub(super) fn expect(pass: &str, found: usize, wanted: usize) -> Result<()> {
    ensure!(
        found == wanted,
        "pass `{pass}` matched {found} time(s), expected {wanted}: the generator's output has changed, \
         adapt the pass"
    );
    Ok(())
}

/// Returns the items of an inline module.
pub(super) fn module<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut Vec<Item>> {
    items
        .iter_mut()
        .find_map(|item| match item {
            Item::Mod(ItemMod {
                ident,
                content: Some((_, items)),
                ..
            }) if ident == name => Some(items),
            _ => None,
        })
        .with_context(|| format!("the generator's output has no module `{name}`"))
}

/// Returns the tokens of a piece of syntax without white space, for comparison.
pub(super) fn squeezed(syntax: &impl ToTokens) -> String {
    let mut text = syntax.to_token_stream().to_string();
    text.retain(|character| !character.is_whitespace());
    text
}

/// Removes items and returns their number.
pub(super) fn remove(items: &mut Vec<Item>, mut unwanted: impl FnMut(&Item) -> bool) -> usize {
    let before = items.len();
    items.retain(|item| !unwanted(item));
    before - items.len()
}

/// Returns the last segment of a type's path, inside `Option` and `Vec`.
pub(super) fn innermost(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(ty) => innermost(ty),
            _ => None,
        },
        _ => Some(last.ident.to_string()),
    }
}
