//! The derived JSON schema of each generated type equals its component of the spec.

use std::collections::BTreeSet;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};
use xtask::spec::Spec;

use crate::{common::root, generated::every_component};

/// The type of each component, by its name.
mod all {
    pub use amazon_music_browse::{ErrorStatus, types::*};
}

fn derived<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::openapi3().into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// Reduces both sides to their common vocabulary. Dropped are:
///
/// - descriptions, titles, examples and extensions: they are not about shape;
/// - `pattern`, `minLength`, `maxLength`: the Rust types check them in code;
/// - `nullable`, and the wrapping of a reference to make it nullable: the Rust types read a null that
///   stands for a missing value, the spec never says null;
/// - `default` of an array: it makes a missing one empty, which the spec says by not
///   requiring it.
fn normal(schema: &Value) -> Value {
    let Some(fields) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return Value::String(name.to_owned());
    }
    for wrapper in ["allOf", "anyOf"] {
        if let Some(first) = fields.get(wrapper).and_then(|list| list.get(0)) {
            return normal(first);
        }
    }
    let mut kept = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "type" | "format" | "minimum" | "maximum" => value.clone(),
            "default" if fields.get("type") == Some(&"integer".into()) => value.clone(),
            "items" => normal(value),
            "required" => {
                let mut names = value.as_array().unwrap().clone();
                names.sort_by_key(Value::to_string);
                names.into()
            }
            "properties" => value
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), normal(value)))
                .collect(),
            _ => continue,
        };
        kept.insert(name.clone(), value);
    }
    kept.into()
}

macro_rules! derive_all {
    ($($name:ident)*) => {
        [$((stringify!($name), derived::<all::$name>())),*]
    };
}

#[test]
fn every_component_and_its_type_have_the_same_shape() {
    let tree = Spec::read(&root()).unwrap().tree;
    let components = tree["components"]["schemas"].as_object().unwrap();
    let derived = every_component!(derive_all);
    let names: BTreeSet<_> = derived.iter().map(|(name, _)| *name).collect();
    assert!(components.keys().all(|name| names.contains(&**name)));
    assert_eq!(derived.len(), components.len());
    let differing: Vec<_> = derived
        .iter()
        .filter(|(name, derived)| normal(derived) != normal(&components[*name]))
        .map(|(name, derived)| {
            let (type_, component) = (normal(derived), normal(&components[*name]));
            format!("{name}: the type is {type_}, the component {component}")
        })
        .collect();
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}
