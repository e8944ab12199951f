//! Operations of the spec.

use serde::Deserialize;
use serde_json::Value;

use crate::spec::schema::{Schema, Schemas};

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The path below the base URL, with its ids between braces.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    /// The component of its response.
    pub(crate) response: String,
    pub(crate) payload: Payload,
}

/// The content of a response.
#[derive(Debug)]
pub(crate) struct Payload {
    /// Whether it is one page of a list, and not a single entity.
    pub(crate) is_list: bool,
    /// The names that lead to it from the root of the response.
    pub(crate) path: Vec<String>,
    /// The component of the entity, or of the nodes of the list.
    pub(crate) item: String,
}

/// A parameter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(rename = "in")]
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) example: Value,
    pub(crate) schema: Schema,
}

impl Operation {
    /// The parameters of the query.
    pub(crate) fn query(&self) -> impl Iterator<Item = &Parameter> {
        let is_query = |parameter: &&Parameter| parameter.place == "query";
        self.parameters.iter().filter(is_query)
    }

    /// The default and the largest number of items of a page.
    pub(crate) fn limit(&self, schemas: &Schemas) -> Option<(usize, usize)> {
        let limit = self.query().find(|parameter| parameter.name == "limit")?;
        let schema = schemas.resolve(&limit.schema);
        let largest = schema.maximum? as usize;
        let default = schema.default.as_u64();
        let default = default.and_then(|default| usize::try_from(default).ok());
        Some((default.unwrap_or(largest), largest))
    }

    /// The example of the last id in its path.
    pub(crate) fn example_of_id<'a>(&'a self, schemas: &'a Schemas) -> Option<&'a str> {
        let mut ids = self.parameters.iter().rev();
        let id = ids.find(|parameter| parameter.place == "path")?;
        let example = id.example.as_str();
        example.or_else(|| schemas.resolve(&id.schema).example.as_str())
    }

    /// Whether its path has no id in it.
    pub(crate) fn has_no_id(&self) -> bool {
        !self.path.contains('{')
    }
}
