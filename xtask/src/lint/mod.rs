//! Checks `openapi/browse.yaml` for what the Rust generator cannot handle.
//!
//! Each rule stands for a failure that was observed: a panic of the generator, generated code that does not
//! compile or rejects good responses, a clash with what the companion crate needs. Rules that hold for any
//! OpenAPI spec (references, tags, examples, security) are those of Redocly and Spectral, see
//! `openapi/redocly.yaml`: each rule stands in one place.

mod commands;
mod document;
mod finding;
mod operations;
mod schemas;

use anyhow::{Result, bail};

pub use commands::OWN_COMMANDS;
pub use finding::Finding;
use finding::Findings;

use crate::spec::Spec;

/// Lists everything wrong with the spec, in its order.
#[must_use]
pub fn findings(spec: &Spec) -> Vec<Finding> {
    let mut findings = Findings::default();
    document::check(&spec.tree, &mut findings);
    schemas::check(&spec.tree, &mut findings);
    operations::check(&spec.tree, &mut findings);
    if let Ok(operations) = spec.operations() {
        commands::check(&operations, &mut findings);
    }
    if let Err(error) = crate::generate::refuse(spec) {
        findings.add("paths", format!("{error:#}"));
    }
    findings.into_list()
}

/// Returns an error that lists the findings, if there are any.
pub fn refuse(spec: &Spec) -> Result<()> {
    let findings = findings(spec);
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    bail!("the spec has findings:\n{}", lines.join("\n"))
}
