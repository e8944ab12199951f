//! Passes over the request builders.

use anyhow::Result;
use syn::{
    Expr, File, ImplItemFn, Item, WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::find::{expect, module, squeezed};
use crate::spec::Operation;

/// Reports why a value was rejected; the generator's message is "conversion to `X` failed".
pub(crate) fn report_rejected_values(file: &mut File, operations: &[Operation]) -> Result<()> {
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
    expect("report rejected values", pass.0, parameters)
}

/// Marks requests `#[must_use]`: one that is built and not sent is always a mistake.
pub(crate) fn mark_must_use(file: &mut File, operations: usize) -> Result<()> {
    let mut marked = 0;
    for item in module(&mut file.items, "builder")? {
        if let Item::Struct(item) = item {
            item.attrs
                .push(parse_quote!(#[must_use = "a request does nothing until it is sent"]));
            marked += 1;
        }
    }
    expect("mark must use", marked, operations)
}
