//! Value types that the generator gets wrong: open enums, path ids and page sizes.
//!
//! The generator makes closed enums (a new value fails the page), ids checked by a regular expression engine,
//! and integers without an upper bound. These components are replaced by types generated here.

mod bounded;
mod open_enum;
mod path_id;
mod template;
mod value;

use anyhow::{Context, Result};

pub(super) use value::Value;

use crate::spec::{Kind, OPEN_ENUM, Place, Spec};

/// Generates all value types of the spec, sorted by name.
pub(super) fn values(spec: &Spec) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for (name, schema) in spec.components() {
        if let Some(known) = schema.schema_data.extensions.get(OPEN_ENUM) {
            let known: Vec<String> = serde_json::from_value(known.clone())
                .with_context(|| format!("{name}: {OPEN_ENUM}"))?;
            let docs = schema.schema_data.description.as_deref();
            values.push(open_enum::open_enum(
                name,
                docs.unwrap_or_default(),
                &known,
            )?);
        }
    }
    for operation in spec.operations()? {
        for parameter in &operation.parameters {
            let Some(name) = &parameter.component else {
                continue;
            };
            if values.iter().any(|value| &value.name == name) {
                continue;
            }
            match (parameter.place, &parameter.kind) {
                (Place::Path, Kind::Text) => values.push(path_id::path_id(spec, name)?),
                (Place::Query, Kind::Bounded { .. }) => {
                    values.push(bounded::bounded(spec, name, parameter)?)
                }
                _ => {}
            }
        }
    }
    values.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(values)
}
