//! Rust source with a blank line between items, which prettyplease leaves out.

use syn::{
    File, ImplItem, Item,
    visit_mut::{self, VisitMut},
};

/// Stands for a blank line until the source is text.
const MARK: &str = "blank_line!();";

/// Prints a file.
pub(super) fn print(mut file: File) -> String {
    separate(&mut file.items);
    Marks.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    let lines = text
        .lines()
        .map(|line| if line.trim() == MARK { "" } else { line });
    lines.map(|line| format!("{line}\n")).collect()
}

struct Marks;

impl VisitMut for Marks {
    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            separate(items);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let items = std::mem::take(&mut item.items);
        for (index, member) in items.into_iter().enumerate() {
            let is_type = matches!(item.items.last(), Some(ImplItem::Type(_)));
            if index > 0 && !is_type {
                item.items.push(syn::parse_quote!(blank_line!();));
            }
            item.items.push(member);
        }
        visit_mut::visit_item_impl_mut(self, item);
    }
}

/// Puts a mark before each item but the first; imports stay together.
fn separate(items: &mut Vec<Item>) {
    for item in std::mem::take(items) {
        let are_imports = matches!((items.last(), &item), (Some(Item::Use(_)), Item::Use(_)));
        if !items.is_empty() && !are_imports {
            items.push(syn::parse_quote!(blank_line!();));
        }
        items.push(item);
    }
}
