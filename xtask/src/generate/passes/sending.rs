//! Changes to how a request is made and its answer read, where the generator's way costs more than it
//! must.

use anyhow::{Context, Result, ensure};
use quote::quote;
use syn::{
    Expr, ExprMacro, File, ImplItem, ImplItemFn, Item, LitStr, Local, Token,
    parse::Parser as _,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::{expect, module, squeezed};

/// Every request would parse the base URL again, which is a tenth of a small call.
pub fn parse_urls_once(file: &mut File, operations: usize) -> Result<()> {
    struct Pass {
        paths: usize,
        requests: usize,
    }
    impl VisitMut for Pass {
        fn visit_local_mut(&mut self, local: &mut Local) {
            if squeezed(&local.pat) == "url"
                && let Some(init) = &mut local.init
                && let Expr::Macro(text) = &*init.expr
                && let Some(path) = path_of(text)
            {
                *init.expr = path;
                local.pat = parse_quote!(path);
                self.paths += 1;
            }
            visit_mut::visit_local_mut(self, local);
        }

        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            if squeezed(expression) == "client.client.get(url)" {
                *expression = parse_quote!(crate::target::get(client, path));
                self.requests += 1;
            }
            visit_mut::visit_expr_mut(self, expression);
        }
    }
    let mut pass = Pass {
        paths: 0,
        requests: 0,
    };
    pass.visit_file_mut(file);
    expect("name the path alone", pass.paths, operations)?;
    expect("parse URLs once", pass.requests, operations)
}

/// Room for headers that hardly any request has.
pub fn allocate_headers_late(file: &mut File, operations: usize) -> Result<()> {
    struct Pass(usize);
    impl VisitMut for Pass {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            if let Expr::Call(call) = expression
                && squeezed(&call.func) == "::reqwest::header::HeaderMap::with_capacity"
            {
                *expression = parse_quote!(::reqwest::header::HeaderMap::new());
                self.0 += 1;
            }
            visit_mut::visit_expr_mut(self, expression);
        }
    }
    let mut pass = Pass(0);
    pass.visit_file_mut(file);
    expect("allocate headers late", pass.0, operations)
}

/// The path in `format!("{}/path/{}", client.baseurl, …)`.
fn path_of(text: &ExprMacro) -> Option<Expr> {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let mut arguments = parser.parse2(text.mac.tokens.clone()).ok()?.into_iter();
    let format: LitStr = match arguments.next()? {
        Expr::Lit(literal) => match literal.lit {
            syn::Lit::Str(text) => text,
            _ => return None,
        },
        _ => return None,
    };
    if squeezed(&arguments.next()?) != "client.baseurl" {
        return None;
    }
    let path = format.value().strip_prefix("{}")?.to_owned();
    let rest: Vec<Expr> = arguments.collect();
    Some(if rest.is_empty() {
        parse_quote!(#path)
    } else {
        parse_quote!(&format!(#path, #(#rest),*))
    })
}

/// A companion that takes an answer apart would build it first, only for that. This lets it decode into
/// what it wants.
pub fn decode_as_asked(file: &mut File, operations: usize) -> Result<()> {
    let mut added = 0;
    for item in module(&mut file.items, "builder")? {
        let Item::Impl(item) = item else { continue };
        let Some(place) = item.items.iter().position(is_send) else {
            continue;
        };
        let ImplItem::Fn(send) = &mut item.items[place] else {
            continue;
        };
        let send_as = send_as(send)?;
        send.block = parse_quote!({ self.send_as().await });
        item.items.insert(place + 1, ImplItem::Fn(send_as));
        added += 1;
    }
    expect("decode as asked", added, operations)
}

fn is_send(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "send")
}

/// The same request, whose answer is decoded as any type.
fn send_as(send: &ImplItemFn) -> Result<ImplItemFn> {
    let block = &send.block;
    let output = squeezed(&send.sig.output);
    let error = output
        .rsplit_once(",Error<")
        .and_then(|(_, rest)| rest.split_once(">"))
        .map(|(name, _)| name)
        .context("`send` has no typed error")?;
    let error: syn::Type = syn::parse_str(error)?;
    ensure!(
        squeezed(block).contains("crate::body::value(client,response)"),
        "`send` does not read its body here: run this pass after that one"
    );
    Ok(syn::parse2(quote! {
        #[doc(hidden)]
        pub async fn send_as<T>(self) -> Result<ResponseValue<T>, Error<#error>>
        where
            T: ::serde::de::DeserializeOwned,
        #block
    })?)
}
