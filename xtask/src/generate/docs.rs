//! Documentation comments, from the texts of the spec.

use anyhow::{Context, Result};
use syn::{Attribute, parse_quote};

use crate::spec::Operation;

/// Makes one `///` line of each line of a Markdown text.
pub(super) fn doc_lines(text: &str) -> Vec<Attribute> {
    text.trim()
        .lines()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// Describes an operation, for the documentation of its method.
pub(super) fn operation_docs(operation: &Operation) -> Result<String> {
    let url = operation
        .docs_url
        .as_deref()
        .with_context(|| format!("{}: no externalDocs", operation.id))?;
    Ok(format!(
        "{}.\n\n{}\n\n`GET {}` ([Amazon's documentation]({url})).",
        operation.summary.trim_end_matches('.'),
        operation.description.trim(),
        operation.path,
    ))
}
