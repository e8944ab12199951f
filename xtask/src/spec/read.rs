//! Reading of operations from the typed spec.

use anyhow::{Context, Result, bail};
use openapiv3::{
    Parameter as RawParameter, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, Type,
};

use super::{
    document::{Spec, component_name},
    operation::{Kind, Operation, Parameter, Place, Shape},
    words,
};

impl Spec {
    /// Reads the operations in the order of the spec.
    pub fn operations(&self) -> Result<Vec<Operation>> {
        let mut operations = Vec::new();
        for (path, item) in &self.document.paths.paths {
            let ReferenceOr::Item(item) = item else {
                bail!("{path}: write the path item inline, not as a reference")
            };
            for (method, operation) in item.iter() {
                if method != "get" {
                    bail!("{method} {path}: only GET operations are generated");
                }
                let operation = self
                    .operation(path, operation)
                    .with_context(|| format!("{method} {path}"))?;
                operations.push(operation);
            }
        }
        words::assign(&mut operations);
        Ok(operations)
    }

    fn operation(&self, path: &str, raw: &openapiv3::Operation) -> Result<Operation> {
        let parameters = raw
            .parameters
            .iter()
            .map(|parameter| self.parameter(parameter))
            .collect::<Result<_>>()?;
        Ok(Operation {
            id: raw.operation_id.clone().context("no operationId")?,
            path: path.to_owned(),
            summary: raw.summary.clone().unwrap_or_default(),
            description: raw.description.clone().unwrap_or_default(),
            docs_url: raw.external_docs.as_ref().map(|docs| docs.url.clone()),
            parameters,
            response: response(raw).context("no 200 response with a named schema")?,
            shape: shape(raw)?,
            commands: words::commands(raw)?,
        })
    }

    fn parameter(&self, reference: &ReferenceOr<RawParameter>) -> Result<Parameter> {
        let raw = self.resolve_parameter(reference)?;
        let data = raw.parameter_data_ref();
        let place = match raw {
            RawParameter::Path { .. } => Place::Path,
            RawParameter::Query { .. } => Place::Query,
            RawParameter::Header { .. } => Place::Header,
            RawParameter::Cookie { .. } => bail!("{}: cookies are not supported", data.name),
        };
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            bail!("{}: give the parameter a schema, not content", data.name)
        };
        let component = component_name(schema);
        let schema = self.schema(schema)?;
        let kind = kind(schema).with_context(|| data.name.clone())?;
        let shared = match reference {
            ReferenceOr::Reference { reference } => reference.rsplit('/').next(),
            ReferenceOr::Item(_) => None,
        };
        Ok(Parameter {
            name: data.name.clone(),
            place,
            required: data.required,
            description: data.description.clone().unwrap_or_default(),
            example: data.example.clone(),
            component,
            kind,
            schema: serde_json::to_value(schema)?,
            shared: shared.map(str::to_owned),
        })
    }

    fn resolve_parameter<'a>(
        &'a self,
        raw: &'a ReferenceOr<RawParameter>,
    ) -> Result<&'a RawParameter> {
        match raw {
            ReferenceOr::Item(item) => Ok(item),
            ReferenceOr::Reference { reference } => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.document
                    .components
                    .as_ref()
                    .and_then(|components| components.parameters.get(name))
                    .and_then(ReferenceOr::as_item)
                    .with_context(|| format!("{reference} does not resolve"))
            }
        }
    }
}

fn response(raw: &openapiv3::Operation) -> Option<String> {
    let ok = openapiv3::StatusCode::Code(200);
    let response = raw.responses.responses.get(&ok)?.as_item()?;
    component_name(response.content.get("application/json")?.schema.as_ref()?)
}

fn shape(raw: &openapiv3::Operation) -> Result<Shape> {
    let extension = |name| raw.extensions.get(name).cloned();
    match (extension("x-pagination"), extension("x-entity")) {
        (Some(list), None) => Ok(Shape::List(serde_json::from_value(list)?)),
        (None, Some(entity)) => Ok(Shape::Entity(serde_json::from_value(entity)?)),
        _ => bail!("an operation has either x-pagination or x-entity"),
    }
}

fn kind(schema: &Schema) -> Result<Kind> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(_)) => Ok(Kind::Text),
        SchemaKind::Type(Type::Boolean(_)) => Ok(Kind::Boolean),
        SchemaKind::Type(Type::Integer(integer)) => match (integer.minimum, integer.maximum) {
            (Some(minimum), Some(maximum)) => Ok(Kind::Bounded {
                minimum: u32::try_from(minimum)?,
                maximum: u32::try_from(maximum)?,
                default: match &schema.schema_data.default {
                    Some(value) => u32::try_from(value.as_u64().context("default")?)?,
                    None => u32::try_from(maximum)?,
                },
            }),
            _ => Ok(Kind::Integer),
        },
        _ => bail!("only strings, integers and booleans are supported"),
    }
}
