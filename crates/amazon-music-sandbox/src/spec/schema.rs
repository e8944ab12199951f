//! Schemas of the spec, as far as values are checked or made by them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The start of a reference to a component schema.
const COMPONENT: &str = "#/components/schemas/";

/// A schema, or a reference to a component.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) example: Value,
    pub(crate) default: Value,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) min_length: usize,
    pub(crate) max_length: Option<usize>,
    pub(crate) properties: BTreeMap<String, Schema>,
    pub(crate) items: Option<Box<Schema>>,
    /// The values of a closed enum.
    #[serde(rename = "enum")]
    pub(crate) closed: Vec<Value>,
    /// The known values of an open enum.
    #[serde(rename = "x-extensible-enum")]
    pub(crate) open: Vec<Value>,
}

impl Schema {
    /// The name of the component that this refers to.
    pub(crate) fn component(&self) -> Option<&str> {
        self.reference.as_deref()?.strip_prefix(COMPONENT)
    }

    /// The component of this schema, or of its items if it is an array.
    pub(crate) fn component_or_items(&self) -> Option<&str> {
        let items = || self.items.as_deref()?.component();
        self.component().or_else(items)
    }

    /// Whether this is one page of a list, which an operation of its own serves.
    pub(crate) fn is_connection(&self) -> bool {
        self.properties.contains_key("edges")
    }
}

/// The component schemas, by name.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Schemas(BTreeMap<String, Schema>);

impl Schemas {
    /// The component of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Schema> {
        self.0.get(name)
    }

    /// The schema itself, or the component that it refers to.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        let component = schema.component().and_then(|name| self.get(name));
        component.unwrap_or(schema)
    }
}
