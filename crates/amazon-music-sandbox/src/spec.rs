//! The OpenAPI spec, as far as the sandbox serves by it: paths, parameters, the place of each payload, schemas.
//!
//! Items, cursors and the contradictions of the documentation, which are beyond the spec, are written by hand elsewhere.

mod document;
pub(crate) mod operation;
mod ordered;
pub(crate) mod place;
pub(crate) mod schema;

use std::sync::OnceLock;

use crate::spec::{document::Document, operation::Operation, schema::Schemas};

/// The spec in JSON, as generated.
pub(crate) const JSON: &str = include_str!("openapi.json");

/// The OpenAPI spec of the API in JSON.
#[must_use]
pub fn openapi_json() -> &'static str {
    JSON
}

/// The spec, as far as the sandbox serves by it.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    /// In the order of the spec.
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemas: Schemas,
}

impl Spec {
    /// The spec of this crate, read once. A test shows that it can be read.
    pub(crate) fn get() -> &'static Self {
        static SPEC: OnceLock<Spec> = OnceLock::new();
        SPEC.get_or_init(|| Self::read(JSON).unwrap_or_default())
    }

    /// Reads a spec.
    pub(crate) fn read(json: &str) -> serde_json::Result<Self> {
        let (operations, schemas) = serde_json::from_str::<Document>(json)?.into_parts();
        Ok(Self {
            operations,
            schemas,
        })
    }

    /// The operations that list items.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &Operation> {
        let is_list = |operation: &&Operation| operation.payload.is_list;
        self.operations.iter().filter(is_list)
    }

    /// The lists of these items whose path has no id in it.
    pub(crate) fn lists_of(&self, item: &str) -> impl Iterator<Item = &Operation> {
        let is_of = move |list: &&Operation| list.has_no_id() && list.payload.item == item;
        self.lists().filter(is_of)
    }

    /// The operation at a path.
    pub(crate) fn at(&self, path: &str) -> Option<&Operation> {
        let is_at = |operation: &&Operation| operation.path == path;
        self.operations.iter().find(is_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spec_of_this_crate_can_be_read_whole() {
        let spec = Spec::read(JSON).unwrap();
        let raw: serde_json::Value = serde_json::from_str(JSON).unwrap();
        let paths = raw["paths"].as_object().unwrap();
        assert_eq!(spec.operations.len(), paths.len());
        for operation in &spec.operations {
            let raw = &paths[&operation.path]["get"];
            let parameters = raw["parameters"].as_array().unwrap();
            assert_eq!(operation.parameters.len(), parameters.len());
            for name in [&operation.response, &operation.payload.item] {
                assert!(spec.schemas.get(name).is_some(), "{name}");
            }
        }
    }
}
