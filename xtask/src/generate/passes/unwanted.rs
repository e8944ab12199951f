//! Passes that remove what a client should not have.

use anyhow::Result;
use syn::{
    File, ImplItem, Item, ItemImpl, Stmt, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::find::{expect, module, remove, squeezed};

/// Drops the struct builders: three quarters of the output, tied to the builder interface and of no use to a
/// client that only reads these types.
pub(crate) fn drop_struct_builders(file: &mut File) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    let builders = module(types, "builder")?
        .iter()
        .filter(|item| matches!(item, Item::Struct(_)))
        .count();
    let modules = remove(
        types,
        |item| matches!(item, Item::Mod(module) if module.ident == "builder"),
    );
    expect("drop the module of struct builders", modules, 1)?;
    let functions = remove(types, |item| match item {
        Item::Impl(ItemImpl {
            trait_: None,
            items,
            ..
        }) => matches!(&items[..], [ImplItem::Fn(function)] if function.sig.ident == "builder"),
        _ => false,
    });
    expect("drop the calls of struct builders", functions, builders)
}

/// Drops `Client::new`, which builds an HTTP client of its own and panics if that fails.
pub(crate) fn drop_default_constructor(file: &mut File) -> Result<()> {
    let mut dropped = 0;
    for item in &mut file.items {
        if let Item::Impl(ItemImpl {
            trait_: None,
            items,
            ..
        }) = item
        {
            let before = items.len();
            items.retain(
                |item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"),
            );
            dropped += before - items.len();
        }
    }
    expect("drop Client::new", dropped, 1)
}

/// Drops a module that re-exports the client.
pub(crate) fn drop_prelude(file: &mut File) -> Result<()> {
    let dropped = remove(
        &mut file.items,
        |item| matches!(item, Item::Mod(module) if module.ident == "prelude"),
    );
    expect("drop the prelude", dropped, 1)
}

/// Drops the empty hooks of the runtime: a request is sent by `Client::start`.
pub(crate) fn drop_hooks(file: &mut File) -> Result<()> {
    let dropped = remove(&mut file.items, |item| {
        matches!(item, Item::Impl(item) if squeezed(&item.self_ty) == "&Client"
            && item.trait_.as_ref().is_some_and(|(name, _)| squeezed(name).starts_with("ClientHooks<")))
    });
    expect("drop the hooks", dropped, 1)
}

/// Drops the header `api-version: <info.version>`, which the service does not document.
pub(crate) fn drop_api_version(file: &mut File, operations: usize) -> Result<()> {
    struct Pass(usize);
    impl VisitMut for Pass {
        fn visit_block_mut(&mut self, block: &mut syn::Block) {
            let before = block.stmts.len();
            block.stmts.retain(|statement| {
                !matches!(statement, Stmt::Expr(..))
                    || !squeezed(statement).contains("\"api-version\"")
            });
            if block.stmts.len() < before {
                self.0 += before - block.stmts.len();
                for statement in &mut block.stmts {
                    if let Stmt::Local(local) = statement
                        && squeezed(&local.pat) == "mutheader_map"
                    {
                        local.attrs.push(parse_quote!(#[allow(unused_mut)]));
                    }
                }
            }
            visit_mut::visit_block_mut(self, block);
        }
    }
    let mut pass = Pass(0);
    pass.visit_file_mut(file);
    expect("drop the api-version header", pass.0, operations)
}
