//! Ids that are sent in the path of a request.

use anyhow::{Context, Result, bail};
use openapiv3::{SchemaKind, Type};

use super::{
    template::fill,
    value::{Value, description},
};
use crate::spec::{PATH_ID_PATTERN, Spec};

const TEMPLATE: &str = include_str!("../../../templates/path_id.rs");

/// Generates the id type and its impls.
pub(super) fn path_id(spec: &Spec, name: &str) -> Result<Value> {
    let schema = spec.component(name).context("unresolved path id")?;
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        bail!("{name}: a path id is a string")
    };
    if string.pattern.as_deref() != Some(PATH_ID_PATTERN) {
        bail!("{name}: a path id has the pattern {PATH_ID_PATTERN}");
    }
    let holes = [("NAME", name.to_owned()), ("DOCS", description(spec, name))];
    Ok(Value {
        name: name.to_owned(),
        tokens: fill(TEMPLATE, &holes, &[])?,
    })
}
