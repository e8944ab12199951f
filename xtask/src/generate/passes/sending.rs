//! Passes over sending a request and reading its response.

use anyhow::{Context, Result, bail, ensure};
use quote::quote;
use syn::{
    Arm, Expr, File, ImplItem, ImplItemFn, Item, Stmt, parse_quote,
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
        let (made, operation) = statements
            .iter()
            .enumerate()
            .find_map(|(place, statement)| Some((place, operation_of(statement)?)))
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
            making: statements[..made].to_vec(),
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
