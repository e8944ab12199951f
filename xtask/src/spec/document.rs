//! The whole spec and its component schemas.

use std::path::Path;

use anyhow::{Context, Result};
use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type};
use serde_json::Value;

/// The path of the spec below the workspace root.
pub const SPEC: &str = "openapi/browse.yaml";

/// The spec, read once.
pub struct Spec {
    /// The text as committed, with normalised line ends.
    pub text: String,
    /// The typed spec, in file order.
    pub document: OpenAPI,
    /// The untyped spec, for lint rules about constructs that the typed one drops.
    pub tree: Value,
}

impl Spec {
    /// Reads the spec below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join(SPEC);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text)
    }

    /// Parses a spec.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        // A map of JSON keeps the last of two equal keys, one of YAML rejects them.
        let _: yaml_serde::Value =
            yaml_serde::from_str(&text).context("the spec is not valid YAML")?;
        let tree = yaml_serde::from_str(&text).context("the spec is not valid YAML")?;
        let document = yaml_serde::from_str(&text).context("the spec is not OpenAPI 3.0")?;
        Ok(Self {
            text,
            document,
            tree,
        })
    }

    /// Returns the schema itself, or the component that it refers to.
    pub fn schema<'a>(&'a self, schema: &'a ReferenceOr<Schema>) -> Result<&'a Schema> {
        match schema {
            ReferenceOr::Item(item) => Ok(item),
            ReferenceOr::Reference { reference } => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.component(name)
                    .with_context(|| format!("{reference} does not resolve"))
            }
        }
    }

    /// Returns a component schema by name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&Schema> {
        self.document
            .components
            .as_ref()?
            .schemas
            .get(name)?
            .as_item()
    }

    /// Iterates over the component schemas in the order of the spec.
    pub fn components(&self) -> impl Iterator<Item = (&String, &Schema)> {
        self.document
            .components
            .iter()
            .flat_map(|components| &components.schemas)
            .filter_map(|(name, schema)| Some((name, schema.as_item()?)))
    }

    /// Returns the names of the properties of a component that is an object.
    #[must_use]
    pub fn property_names(&self, component: &str) -> Vec<&str> {
        match self.component(component).map(|schema| &schema.schema_kind) {
            Some(SchemaKind::Type(Type::Object(object))) => {
                object.properties.keys().map(String::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the property of a component that is an object.
    #[must_use]
    pub fn property(&self, component: &str, property: &str) -> Option<Property> {
        let SchemaKind::Type(Type::Object(object)) = &self.component(component)?.schema_kind else {
            return None;
        };
        let schema = object.properties.get(property)?.clone().unbox();
        Some(match component_name(&schema) {
            Some(name) => Property::Component(name),
            None => match schema.into_item()?.schema_kind {
                SchemaKind::Type(Type::Array(array)) => {
                    Property::ArrayOf(component_name(&array.items?.unbox())?)
                }
                _ => Property::Plain,
            },
        })
    }
}

/// The content of a property, as far as a path through the spec needs it.
#[derive(Debug, PartialEq, Eq)]
pub enum Property {
    /// Another component.
    Component(String),
    /// An array of another component.
    ArrayOf(String),
    /// Anything without a name of its own.
    Plain,
}

/// Returns the name of the component that a schema refers to.
#[must_use]
pub fn component_name(schema: &ReferenceOr<Schema>) -> Option<String> {
    match schema {
        ReferenceOr::Reference { reference } => reference
            .strip_prefix("#/components/schemas/")
            .map(str::to_owned),
        ReferenceOr::Item(_) => None,
    }
}
