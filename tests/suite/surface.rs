//! The generated surface, so that a change of the spec shows as a change of the API.

use insta::assert_snapshot;
use quote::ToTokens as _;
use syn::{File, ImplItem, Item, Visibility};

use crate::common::root;

/// Signatures, fields and the attributes that matter; no bodies, no documentation.
fn surface(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let mut file: File = syn::parse_file(&text).unwrap();
    reduce(&mut file.items);
    prettyplease::unparse(&file)
}

fn reduce(items: &mut Vec<Item>) {
    items.retain_mut(|item| match item {
        Item::Mod(module) => {
            module.attrs.clear();
            if let Some((_, items)) = &mut module.content {
                reduce(items);
            }
            true
        }
        Item::Struct(item) => {
            keep_attributes(&mut item.attrs);
            for field in &mut item.fields {
                keep_attributes(&mut field.attrs);
            }
            true
        }
        Item::Enum(item) => {
            keep_attributes(&mut item.attrs);
            for variant in &mut item.variants {
                keep_attributes(&mut variant.attrs);
            }
            true
        }
        Item::Const(item) => {
            keep_attributes(&mut item.attrs);
            matches!(item.vis, Visibility::Public(_))
        }
        Item::Impl(item) => {
            item.attrs.clear();
            let inherent = item.trait_.is_none();
            item.items.retain_mut(|item| match item {
                ImplItem::Fn(function) => {
                    keep_attributes(&mut function.attrs);
                    function.block.stmts.clear();
                    inherent && matches!(function.vis, Visibility::Public(_))
                }
                ImplItem::Const(item) => {
                    keep_attributes(&mut item.attrs);
                    true
                }
                ImplItem::Type(_) => true,
                _ => false,
            });
            true
        }
        _ => false,
    });
}

fn keep_attributes(attributes: &mut Vec<syn::Attribute>) {
    attributes.retain(|attribute| {
        let name = attribute.path().to_token_stream().to_string();
        ["derive", "serde", "non_exhaustive", "cfg_attr", "must_use"].contains(&name.as_str())
    });
}

#[test]
fn the_client() {
    let surface = surface("crates/amazon-music-browse/src/generated.rs");
    assert_snapshot!("client_surface", surface);
}

#[test]
fn the_requests() {
    let surface = surface("crates/amazon-music/src/generated.rs");
    assert_snapshot!("request_surface", surface);
}
