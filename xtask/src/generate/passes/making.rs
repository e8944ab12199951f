//! The pass over making a request.

use anyhow::{Context, Result, bail};
use syn::{Block, Expr, File, ImplItem, Item, Stmt, parse_quote};

use super::find::{expect, module, squeezed};
use crate::spec::{Operation, Parameter, Place, snake_case, variable};

/// Makes requests by `crate::request`, which parses each URL once, encodes IDs as strictly as a URL allows,
/// allocates no room for headers that hardly any request has, and moves the request once: together a
/// fifteenth of a small call.
pub(crate) fn make_requests(file: &mut File, operations: &[Operation]) -> Result<()> {
    let mut changed = 0;
    for item in module(&mut file.items, "builder")? {
        let Item::Impl(item) = item else { continue };
        let builder = squeezed(&item.self_ty);
        for method in &mut item.items {
            if let ImplItem::Fn(method) = method
                && method.sig.ident == "send"
            {
                let is_own = |operation: &Operation| {
                    builder.split('<').next().map(snake_case) == Some(snake_case(&operation.id))
                };
                let index = operations.iter().position(is_own);
                let index = index.with_context(|| format!("{builder}: no such operation"))?;
                rewrite(&mut method.block, index, &operations[index])?;
                changed += 1;
            }
        }
    }
    expect("make requests", changed, operations.len())
}

/// Rewrites one `send`.
fn rewrite(block: &mut Block, index: usize, operation: &Operation) -> Result<()> {
    let mut found = 0;
    let mut statements = Vec::new();
    for statement in std::mem::take(&mut block.stmts) {
        let variable = match &statement {
            Stmt::Local(local) => squeezed(&local.pat),
            _ => String::new(),
        };
        match variable.as_str() {
            "url" => {}
            "mutheader_map" => statements.push(parse_quote!(
                #[allow(unused_mut)]
                let mut header_map = ::reqwest::header::HeaderMap::new();
            )),
            "mutrequest" => {
                statements.push(get(index, operation)?);
                statements.extend(queries(operation));
            }
            _ => {
                statements.push(statement);
                continue;
            }
        }
        found += 1;
    }
    block.stmts = statements;
    expect("make requests: parts of one", found, 3)
}

/// The statement that makes the request.
fn get(index: usize, operation: &Operation) -> Result<Stmt> {
    let mut prefix = String::new();
    let mut segments: Vec<Expr> = Vec::new();
    for segment in operation.path.split('/').skip(1) {
        let parameter = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = parameter {
            let name = variable(name);
            segments.push(parse_quote!(&#name.to_string()));
        } else if segment.contains('{') {
            bail!(
                "{}: {segment}: a parameter must be a whole segment of the path",
                operation.id
            );
        } else if segments.is_empty() {
            prefix.push_str(&format!("/{segment}"));
        } else {
            segments.push(parse_quote!(#segment));
        }
    }
    Ok(parse_quote!(
        #[allow(unused_mut)]
        let mut request = crate::request::get(client, #index, #prefix, &[#(#segments),*], header_map)?;
    ))
}

/// The statements that add the parameters of the query, by name as progenitor has them.
fn queries(operation: &Operation) -> Vec<Stmt> {
    let parameters = operation.parameters.iter();
    let mut parameters: Vec<_> = parameters
        .filter(|parameter| parameter.place == Place::Query)
        .collect();
    parameters.sort_by_key(|parameter| &parameter.name);
    let add = |parameter: &&Parameter| {
        let name = &parameter.name;
        let variable = variable(name);
        let value: Expr = match parameter.required {
            true => parse_quote!(Some(#variable.to_string())),
            false => parse_quote!(#variable.map(|value| value.to_string())),
        };
        parse_quote!(crate::request::query(&mut request, #name, #value);)
    };
    parameters.iter().map(add).collect()
}
