//! Passes over sending a request and reading its response.

use anyhow::{Context, Result, bail, ensure};
use quote::quote;
use syn::{
    Arm, Expr, ExprMacro, File, ImplItem, ImplItemFn, Item, LitStr, Local, Stmt, Token,
    parse::Parser as _,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::find::{expect, module, squeezed};

/// Reads bodies with a bound and keeps the status of an error that is not JSON; the runtime does neither.
/// Parses checked strings, which is a sixth faster than bytes.
pub(crate) fn read_bodies_bounded(file: &mut File, operations: usize) -> Result<()> {
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
                    arm.body = parse_quote!(crate::body::value(&client.inner, &mut response).await);
                    self.values += 1;
                }
                arms.push(arm);
            }
            if !errors.is_empty() {
                self.errors += 1;
                let arm: Arm = parse_quote!(
                    #(#errors)|* => Err(::std::boxed::Box::pin(
                        crate::body::error(&client.inner, response)
                    ).await),
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
    expect("read the bodies of responses", pass.values, operations)?;
    expect("read the bodies of errors", pass.errors, operations)
}

/// Caches parsed URLs: parsing the base URL with every request is a tenth of the CPU time of a small call.
pub(crate) fn parse_urls_once(file: &mut File, operations: usize) -> Result<()> {
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
                *expression = parse_quote!(crate::url_cache::get(
                    &client.client,
                    &client.baseurl,
                    client.inner.url_cache(),
                    path
                ));
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
    expect("split off the path", pass.paths, operations)?;
    expect("parse URLs once", pass.requests, operations)
}

/// Encodes ids in paths as strictly as a URL allows. The runtime leaves characters as they are that have a
/// meaning to some servers (`;`) or are not allowed (`|`).
pub(crate) fn encode_ids_strictly(file: &mut File, ids: usize) -> Result<()> {
    struct Pass(usize);
    impl VisitMut for Pass {
        fn visit_macro_mut(&mut self, text: &mut syn::Macro) {
            let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
            let Ok(mut arguments) = parser.parse2(text.tokens.clone()) else {
                return;
            };
            let before = self.0;
            for argument in &mut arguments {
                if let Expr::Call(call) = argument
                    && squeezed(&call.func) == "encode_path"
                {
                    *call.func = parse_quote!(crate::path_id::encode);
                    self.0 += 1;
                }
            }
            if self.0 > before {
                text.tokens = quote!(#arguments);
            }
        }
    }
    let mut pass = Pass(0);
    pass.visit_file_mut(file);
    expect("encode ids strictly", pass.0, ids)
}

/// Allocates no room for headers, which hardly any request has.
pub(crate) fn allocate_headers_late(file: &mut File, operations: usize) -> Result<()> {
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

/// Returns the path in `format!("{}/path/{}", client.baseurl, …)`.
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

/// Adds `send_as`, which decodes into any type: the companion reads a page straight into its items. Moves
/// the making of the request to a function of its own: within the future of a call, its parts would take
/// room until the response has been read. The hooks of the runtime go, which would move the request twice.
pub(crate) fn decode_generically(file: &mut File, operations: usize) -> Result<()> {
    let mut added = 0;
    for item in module(&mut file.items, "builder")? {
        let Item::Impl(item) = item else { continue };
        let Some(place) = item.items.iter().position(is_send) else {
            continue;
        };
        let ImplItem::Fn(send) = &mut item.items[place] else {
            continue;
        };
        let parts = Parts::of(send)?;
        send.block = parse_quote!({ self.send_as().await });
        item.items.insert(place + 1, parts.send_as()?);
        item.items.insert(place + 2, parts.request()?);
        added += 1;
    }
    expect("decode generically", added, operations)
}

fn is_send(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "send")
}

/// The parts of `send`.
struct Parts {
    /// The type of a documented error.
    error: syn::Type,
    /// The statements that make the request.
    making: Vec<Stmt>,
    /// The name of the operation.
    operation: Expr,
    /// The choice by the status of the response.
    by_status: Expr,
}

impl Parts {
    fn of(send: &ImplItemFn) -> Result<Self> {
        let output = squeezed(&send.sig.output);
        let error = output
            .rsplit_once(",Error<")
            .and_then(|(_, rest)| rest.split_once(">"))
            .map(|(name, _)| name)
            .context("`send` has no typed error")?;
        let statements = &send.block.stmts;
        let made = statements
            .iter()
            .position(|statement| is_local(statement, "mutrequest"))
            .context("`send` makes no `request`")?;
        let operation = statements
            .iter()
            .find_map(operation_of)
            .context("`send` names no operation")?;
        let Some(Stmt::Expr(by_status, None)) = statements.last() else {
            bail!("`send` does not end with the response");
        };
        ensure!(
            squeezed(by_status).contains("crate::body::value(&client.inner,&mutresponse)"),
            "`send` reads no body through `crate::body`: run `read_bodies_bounded` before"
        );
        Ok(Self {
            error: syn::parse_str(error)?,
            making: statements[..=made].to_vec(),
            operation,
            by_status: by_status.clone(),
        })
    }

    fn send_as(&self) -> Result<ImplItem> {
        let (error, operation, by_status) = (&self.error, &self.operation, &self.by_status);
        Ok(syn::parse2(quote! {
            #[doc(hidden)]
            pub async fn send_as<T>(self) -> Result<ResponseValue<T>, Error<#error>>
            where
                T: ::serde::de::DeserializeOwned,
            {
                let client = self.client;
                let mut response = client.start(self.request()?, #operation).await?;
                client.note(&response);
                #by_status
            }
        })?)
    }

    fn request(&self) -> Result<ImplItem> {
        let (error, making) = (&self.error, &self.making);
        Ok(syn::parse2(quote! {
            fn request(self) -> Result<::reqwest::Request, Error<#error>> {
                #(#making)*
                Ok(request)
            }
        })?)
    }
}

fn is_local(statement: &Stmt, pattern: &str) -> bool {
    matches!(statement, Stmt::Local(local) if squeezed(&local.pat) == pattern)
}

/// The name in `let info = OperationInfo { operation_id: "…" }`.
fn operation_of(statement: &Stmt) -> Option<Expr> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    match &*local.init.as_ref()?.expr {
        Expr::Struct(info) if squeezed(&info.path) == "OperationInfo" => {
            Some(info.fields.first()?.expr.clone())
        }
        _ => None,
    }
}
