//! The spec as it is written, with its references.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::spec::{
    operation::{Operation, Parameter, Payload},
    ordered::Ordered,
    schema::{Schema, Schemas},
};

/// The start of a reference to a parameter.
const PARAMETER: &str = "#/components/parameters/";

#[derive(Deserialize)]
pub(super) struct Document {
    paths: Ordered<Path>,
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    parameters: BTreeMap<String, Parameter>,
    schemas: Schemas,
}

#[derive(Deserialize)]
struct Path {
    get: RawOperation,
}

#[derive(Deserialize)]
struct RawOperation {
    #[serde(default)]
    parameters: Vec<RawParameter>,
    responses: Responses,
    #[serde(rename = "x-pagination")]
    list: Option<List>,
    #[serde(rename = "x-entity")]
    entity: Option<Entity>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawParameter {
    Reference {
        #[serde(rename = "$ref")]
        reference: String,
    },
    Inline(Box<Parameter>),
}

/// The one response that is read, that of a success.
#[derive(Deserialize)]
struct Responses {
    #[serde(rename = "200")]
    ok: Response,
}

#[derive(Deserialize)]
struct Response {
    content: BTreeMap<String, Media>,
}

#[derive(Deserialize)]
struct Media {
    schema: Schema,
}

#[derive(Deserialize)]
struct List {
    connection: String,
    item: String,
}

#[derive(Deserialize)]
struct Entity {
    path: String,
    item: String,
}

impl Document {
    /// The operations in the order of the spec, without references to parameters, and the component schemas.
    pub(super) fn into_parts(self) -> (Vec<Operation>, Schemas) {
        let Components {
            parameters,
            schemas,
        } = self.components;
        let paths = self.paths.0.into_iter();
        let operations = paths.filter_map(|(path, item)| item.get.resolved(path, &parameters));
        (operations.collect(), schemas)
    }
}

impl RawOperation {
    /// The operation, unless it has no payload.
    fn resolved(self, path: String, known: &BTreeMap<String, Parameter>) -> Option<Operation> {
        let media = self.responses.ok.content.into_values().next();
        let (is_list, place, item) = match (self.list, self.entity) {
            (Some(List { connection, item }), _) => (true, connection, item),
            (_, Some(Entity { path, item })) => (false, path, item),
            _ => return None,
        };
        let parameters = self.parameters.into_iter();
        let parameters = parameters.filter_map(|parameter| match parameter {
            RawParameter::Inline(parameter) => Some(*parameter),
            RawParameter::Reference { reference } => {
                known.get(reference.strip_prefix(PARAMETER)?).cloned()
            }
        });
        Some(Operation {
            path,
            parameters: parameters.collect(),
            response: media?.schema.component()?.to_owned(),
            payload: Payload {
                is_list,
                path: place.split('.').map(str::to_owned).collect(),
                item,
            },
        })
    }
}
