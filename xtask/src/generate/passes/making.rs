//! The pass over making a request.

use anyhow::{Context, Result, bail, ensure};
use syn::{
    Block, Expr, ExprMacro, ExprMethodCall, File, Item, ItemStruct, LitStr, Local, Stmt, Token,
    parse::Parser as _, parse_quote, punctuated::Punctuated,
};

use super::find::{expect, module, squeezed};

/// Makes requests by `crate::request`, which parses each URL once, encodes IDs as strictly as a URL allows,
/// allocates no room for headers that hardly any request has, and moves the request once: together a
/// fifteenth of a small call.
pub(crate) fn make_requests(file: &mut File, operations: usize) -> Result<()> {
    let builder = module(&mut file.items, "builder")?;
    let mut changed = 0;
    let mut fields = None;
    for item in builder {
        match item {
            Item::Struct(item) => fields = Some(item.clone()),
            Item::Impl(item) => {
                for method in &mut item.items {
                    if let syn::ImplItem::Fn(method) = method
                        && method.sig.ident == "send"
                    {
                        let fields = fields.as_ref().context("`send` without a builder")?;
                        rewrite(&mut method.block, fields, changed)?;
                        changed += 1;
                    }
                }
            }
            _ => {}
        }
    }
    expect("make requests", changed, operations)
}

/// Rewrites one `send`, of the operation at this index.
fn rewrite(block: &mut Block, fields: &ItemStruct, index: usize) -> Result<()> {
    let mut path = None;
    let mut statements = Vec::new();
    for statement in std::mem::take(&mut block.stmts) {
        match &statement {
            Stmt::Local(local) if squeezed(&local.pat) == "url" => {
                path = Some(Path::of(initial(local)?)?);
            }
            Stmt::Local(local) if squeezed(&local.pat) == "mutheader_map" => {
                statements.push(parse_quote!(
                    #[allow(unused_mut)]
                    let mut header_map = ::reqwest::header::HeaderMap::new();
                ));
            }
            Stmt::Local(local) if squeezed(&local.pat) == "mutrequest" => {
                let path = path.take().context("a request without a URL")?;
                statements.push(path.get(index));
                statements.extend(queries(initial(local)?, fields)?);
            }
            _ => statements.push(statement),
        }
    }
    block.stmts = statements;
    Ok(())
}

fn initial(local: &Local) -> Result<&Expr> {
    Ok(&local
        .init
        .as_ref()
        .context("a variable without a value")?
        .expr)
}

/// A path below the base URL.
struct Path {
    /// The path up to its first parameter.
    prefix: String,
    /// The segments behind it.
    segments: Vec<Expr>,
}

impl Path {
    /// Reads `format!("{}/path/{}", client.baseurl, encode_path(&id.to_string()))`.
    fn of(text: &Expr) -> Result<Self> {
        let Expr::Macro(ExprMacro { mac, .. }) = text else {
            bail!("a URL is no `format!`");
        };
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let mut arguments = parser.parse2(mac.tokens.clone())?.into_iter();
        let format: LitStr = match arguments.next() {
            Some(format) => syn::parse2(quote::ToTokens::to_token_stream(&format))?,
            None => bail!("a URL without a format"),
        };
        ensure!(
            arguments
                .next()
                .is_some_and(|base| squeezed(&base) == "client.baseurl"),
            "a URL that does not begin with the base URL"
        );
        let format = format.value();
        let path = format
            .strip_prefix("{}/")
            .context("a URL that is only a base URL")?;
        let mut prefix = String::new();
        let mut segments = Vec::new();
        for segment in path.split('/') {
            match (segment, segments.is_empty()) {
                ("{}", _) => match arguments.next() {
                    Some(Expr::Call(call)) if squeezed(&call.func) == "encode_path" => {
                        segments.extend(call.args.into_iter().next());
                    }
                    _ => bail!("a parameter of a path that is not encoded"),
                },
                (text, _) if text.contains('{') => {
                    bail!("a parameter must be a whole segment of a path, not a part of {text:?}")
                }
                (text, true) => prefix.push_str(&format!("/{text}")),
                (text, false) => segments.push(parse_quote!(#text)),
            }
        }
        Ok(Self { prefix, segments })
    }

    /// Makes the request.
    fn get(&self, index: usize) -> Stmt {
        let (prefix, segments) = (&self.prefix, &self.segments);
        parse_quote!(
            #[allow(unused_mut)]
            let mut request =
                crate::request::get(client, #index, #prefix, &[#(#segments),*], header_map)?;
        )
    }
}

/// The statements for the parameters in `….query(&progenitor_client::QueryParam::new("limit", &limit))…`.
fn queries(chain: &Expr, fields: &ItemStruct) -> Result<Vec<Stmt>> {
    let Expr::Try(built) = chain else {
        bail!("a request is not built");
    };
    let mut queries = Vec::new();
    let mut rest = &*built.expr;
    while let Expr::MethodCall(ExprMethodCall {
        receiver,
        method,
        args,
        ..
    }) = rest
    {
        match method.to_string().as_str() {
            "query" => queries.push(query(&args[0], fields)?),
            // The headers are passed on, and `Accept` is set with them.
            "build" | "headers" | "header" => {}
            "get" => return Ok(queries.into_iter().rev().collect()),
            other => bail!("a request is made with `{other}`"),
        }
        rest = receiver;
    }
    bail!("a request is not made with `get`")
}

fn query(argument: &Expr, fields: &ItemStruct) -> Result<Stmt> {
    let Expr::Reference(reference) = argument else {
        bail!("a parameter of a query is no reference");
    };
    let Expr::Call(call) = &*reference.expr else {
        bail!("a parameter of a query is not made by `QueryParam::new`");
    };
    let (name, value) = (&call.args[0], &call.args[1]);
    let variable = squeezed(value);
    let variable = variable.trim_start_matches('&');
    let field = fields
        .fields
        .iter()
        .find(|field| field.ident.as_ref().is_some_and(|name| name == variable))
        .with_context(|| format!("{variable}: no field of the builder"))?;
    let is_optional = squeezed(&field.ty).starts_with("Result<Option<");
    Ok(if is_optional {
        let Expr::Reference(value) = value else {
            bail!("{variable}: no reference");
        };
        let value = &value.expr;
        parse_quote!(
            crate::request::query(&mut request, #name, #value.map(|value| value.to_string()));
        )
    } else {
        parse_quote!(crate::request::query(&mut request, #name, Some(#value.to_string()));)
    })
}
