//! Changes to the generator's output, each for a reason, each counted.
//!
//! A pass finds what it changes by shape. When the generator's output changes shape, the count is
//! off and the pass fails: nothing is ever skipped in silence.

mod documentation;
mod sending;

use anyhow::{Context, Result, ensure};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Arm, Expr, Fields, File, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, Stmt, Type,
    WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

pub(crate) use documentation::{doc_lines, operation_docs};
pub use documentation::{document_builders, document_fields, document_methods, document_structs};
pub use sending::{allocate_headers_late, decode_as_asked, parse_urls_once};

use crate::{spec::Operation, values::Value};

fn expect(pass: &str, found: usize, wanted: usize) -> Result<()> {
    ensure!(
        found == wanted,
        "pass `{pass}` matched {found} time(s), expected {wanted}: the generator's output has \
         changed shape, look at it and mend the pass"
    );
    Ok(())
}

fn module<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut Vec<Item>> {
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
        .with_context(|| format!("the generator made no module `{name}`"))
}

/// The tokens of a piece of syntax without any white space, to compare with.
fn squeezed(syntax: &impl ToTokens) -> String {
    let mut text = syntax.to_token_stream().to_string();
    text.retain(|character| !character.is_whitespace());
    text
}

/// Removes items, and says how many.
fn remove(items: &mut Vec<Item>, mut unwanted: impl FnMut(&Item) -> bool) -> usize {
    let before = items.len();
    items.retain(|item| !unwanted(item));
    before - items.len()
}

/// The struct builders: three quarters of the output, tied to the builder interface, not wanted by
/// a client that only reads these types.
pub fn drop_struct_builders(file: &mut File) -> Result<()> {
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

/// `Client::new` builds an HTTP client of its own and panics where that fails.
pub fn drop_default_constructor(file: &mut File) -> Result<()> {
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

/// A module that re-exports the client, once more.
pub fn drop_prelude(file: &mut File) -> Result<()> {
    let dropped = remove(
        &mut file.items,
        |item| matches!(item, Item::Mod(module) if module.ident == "prelude"),
    );
    expect("drop the prelude", dropped, 1)
}

/// Every request would carry `api-version: <info.version>`, which the service does not document.
pub fn drop_api_version(file: &mut File, operations: usize) -> Result<()> {
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

/// The runtime reads bodies without a bound, loses the status of an error that is not JSON, and
/// parses bytes where a checked string is a sixth faster.
pub fn read_bodies_ourselves(file: &mut File, operations: usize) -> Result<()> {
    struct Pass {
        values: usize,
        errors: usize,
    }
    impl VisitMut for Pass {
        fn visit_expr_match_mut(&mut self, expression: &mut syn::ExprMatch) {
            if squeezed(&expression.expr) != "response.status().as_u16()" {
                return visit_mut::visit_expr_match_mut(self, expression);
            }
            let mut arms: Vec<Arm> = Vec::new();
            let mut errors = Vec::new();
            for mut arm in std::mem::take(&mut expression.arms) {
                let body = squeezed(&arm.body);
                if body.contains("Error::ErrorResponse") {
                    errors.push(arm.pat);
                    continue;
                }
                if body.contains("ResponseValue::from_response") {
                    arm.body = parse_quote!(crate::body::value(client, response).await);
                    self.values += 1;
                }
                arms.push(arm);
            }
            if !errors.is_empty() {
                self.errors += 1;
                let arm: Arm = parse_quote!(
                    #(#errors)|* => Err(crate::body::error(client, response).await),
                );
                arms.insert(arms.len() - 1, arm);
            }
            expression.arms = arms;
        }
    }
    let mut pass = Pass {
        values: 0,
        errors: 0,
    };
    pass.visit_file_mut(file);
    expect("read the bodies of answers", pass.values, operations)?;
    expect("read the bodies of errors", pass.errors, operations)
}

/// A refused value would say "conversion to `X` failed" and drop the reason.
pub fn say_why_a_value_is_refused(file: &mut File, operations: &[Operation]) -> Result<()> {
    struct Pass(usize);
    impl VisitMut for Pass {
        fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
            let name = function.sig.ident.to_string();
            let Some(clause) = &mut function.sig.generics.where_clause else {
                return;
            };
            let Some(WherePredicate::Type(bound)) = clause.predicates.first() else {
                return;
            };
            if squeezed(&bound.bounded_ty) != "V" {
                return;
            }
            clause
                .predicates
                .push(parse_quote!(V::Error: ::std::fmt::Display));
            Reason(&name, &mut self.0).visit_block_mut(&mut function.block);
        }
    }
    struct Reason<'a>(&'a str, &'a mut usize);
    impl VisitMut for Reason<'_> {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            if let Expr::Closure(closure) = expression
                && squeezed(&closure.inputs) == "_"
            {
                let text = format!("{}: {{reason}}", self.0);
                *expression = parse_quote!(|reason| format!(#text));
                *self.1 += 1;
                return;
            }
            visit_mut::visit_expr_mut(self, expression);
        }
    }
    let mut pass = Pass(0);
    pass.visit_file_mut(file);
    let parameters = operations
        .iter()
        .map(|operation| operation.parameters.len())
        .sum();
    expect("say why a value is refused", pass.0, parameters)
}

/// The types are non-exhaustive: one that cannot be defaulted needs a constructor, or nobody could
/// make one for a test.
pub fn add_constructors(file: &mut File) -> Result<()> {
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
    let docs = format!(" A `{ident}` of which nothing else is known.");
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
    ty.starts_with("::std::option::Option") || ty.starts_with("::std::vec::Vec")
}

/// Puts the types that the generator was told to leave alone beside its own.
pub fn add_values(file: &mut File, values: &[Value]) -> Result<()> {
    let types = module(&mut file.items, "types")?;
    for value in values {
        let ident = format_ident!("{}", value.name);
        let taken = types
            .iter()
            .any(|item| matches!(item, Item::Struct(item) if item.ident == ident));
        ensure!(!taken, "{}: the generator made it as well", value.name);
        let made: File = syn::parse2(value.tokens.clone())
            .with_context(|| format!("{}: does not parse", value.name))?;
        types.extend(made.items);
    }
    Ok(())
}

/// A request that is built and not sent is always a mistake.
pub fn insist_on_use(file: &mut File, operations: usize) -> Result<()> {
    let mut marked = 0;
    for item in module(&mut file.items, "builder")? {
        if let Item::Struct(item) = item {
            item.attrs
                .push(parse_quote!(#[must_use = "a request does nothing until it is sent"]));
            marked += 1;
        }
    }
    expect("insist on use", marked, operations)
}

/// The last segment of a type's path, inside `Option` and `Vec`.
fn innermost(ty: &Type) -> Option<String> {
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
