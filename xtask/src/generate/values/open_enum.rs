//! Open enums: a known value is a variant, any other one is kept.

use anyhow::Result;

use super::{template::fill, value::Value};
use crate::spec::upper_camel_case;

const TEMPLATE: &str = include_str!("../../../templates/open_enum.rs");

/// Generates the enum and its impls.
pub(super) fn open_enum(name: &str, docs: &str, known: &[String]) -> Result<Value> {
    let row = |value: &String| {
        [
            ("VARIANT", upper_camel_case(value)),
            ("VARIANT_DOCS", format!("{:?}", format!("`{value}`."))),
            ("VALUE", format!("{value:?}")),
        ]
    };
    let rows: Vec<_> = known.iter().map(row).collect();
    let rows: Vec<_> = rows.iter().map(|row| &row[..]).collect();
    let holes = [("NAME", name.to_owned()), ("DOCS", format!("{docs:?}"))];
    Ok(Value {
        name: name.to_owned(),
        tokens: fill(TEMPLATE, &holes, &rows)?,
    })
}
