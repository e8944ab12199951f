//! The JSON form of the spec, for readers without a YAML parser.

use anyhow::Result;
use yaml_serde::{Mapping, Value};

use crate::spec::Spec;

/// Renders the spec as JSON, in the same order. JSON has no comments: the banner is the first extension.
pub(super) fn render(spec: &Spec, banner: &str) -> Result<String> {
    let document: Mapping = yaml_serde::from_str(&spec.text)?;
    let mut marked = Mapping::new();
    marked.insert("x-generated".into(), Value::String(banner.to_owned()));
    marked.extend(document);
    Ok(serde_json::to_string_pretty(&marked)? + "\n")
}
