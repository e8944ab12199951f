//! Integers within bounds, such as page sizes.

use anyhow::{Context, Result, bail};
use openapiv3::{IntegerFormat, SchemaKind, Type, VariantOrUnknownOrEmpty};

use super::{
    template::fill,
    value::{Value, description},
};
use crate::spec::{Kind, Parameter, Spec};

const TEMPLATE: &str = include_str!("../../../templates/bounded.rs");

/// Generates the integer type and its impls.
pub(super) fn bounded(spec: &Spec, name: &str, parameter: &Parameter) -> Result<Value> {
    let Kind::Bounded {
        minimum,
        maximum,
        default,
    } = parameter.kind
    else {
        bail!("{name}: not a bounded integer")
    };
    let schema = spec.component(name).context("unresolved integer")?;
    let SchemaKind::Type(Type::Integer(integer)) = &schema.schema_kind else {
        bail!("{name}: not an integer")
    };
    if integer.format != VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) {
        bail!("{name}: give a bounded integer the format int32");
    }
    let bounds = format!(" {minimum} to {maximum}. The service uses {default} if none is sent.");
    let holes = [
        ("NAME", name.to_owned()),
        ("DOCS", description(spec, name)),
        ("BOUNDS", format!("{bounds:?}")),
        ("MINIMUM", format!("{minimum}u32")),
        ("MAXIMUM", format!("{maximum}u32")),
        ("DEFAULT", format!("{default}u32")),
    ];
    // `i32` is the type of integer literals, `usize` that of lengths.
    let sources = ["u8", "u16", "u32", "u64", "usize", "i32", "i64"];
    let rows = sources.map(|source| [("SOURCE", source.to_owned())]);
    Ok(Value {
        name: name.to_owned(),
        tokens: fill(TEMPLATE, &holes, &rows.each_ref().map(|row| &row[..]))?,
    })
}
