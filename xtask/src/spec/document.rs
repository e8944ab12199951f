//! The document as data: its text, its tree, and one [`Operation`] per path.
//!
//! Everything generated from the document reads it through here, so that a construct is understood
//! in one place only.

use std::path::Path;

use anyhow::{Context, Result, bail};
use openapiv3::{
    OpenAPI, Parameter as RawParameter, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind,
    Type,
};
use serde::Deserialize;
use serde_json::Value;

use crate::lint;

/// The path of the document below the workspace root.
pub const DOCUMENT: &str = "openapi/browse.yaml";

/// The document, read once.
pub struct Spec {
    /// The text as committed, line ends normalised.
    pub text: String,
    /// The typed document, in file order.
    pub document: OpenAPI,
    /// The untyped document, for rules about things the typed one drops.
    pub tree: Value,
}

impl Spec {
    /// Reads and lints the document below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let spec = Self::read_unchecked(root)?;
        spec.refuse_findings()?;
        Ok(spec)
    }

    /// Reads the document below `root` without linting it.
    pub fn read_unchecked(root: &Path) -> Result<Self> {
        let path = root.join(DOCUMENT);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse_unchecked(&text)
    }

    /// Parses and lints a document.
    pub fn parse(text: &str) -> Result<Self> {
        let spec = Self::parse_unchecked(text)?;
        spec.refuse_findings()?;
        Ok(spec)
    }

    /// Parses a document without linting it.
    pub fn parse_unchecked(text: &str) -> Result<Self> {
        let text = text.replace("\r\n", "\n");
        let tree = yaml_serde::from_str(&text).context("the document is not valid YAML")?;
        let document = yaml_serde::from_str(&text).context("the document is not OpenAPI 3.0")?;
        Ok(Self {
            text,
            document,
            tree,
        })
    }

    fn refuse_findings(&self) -> Result<()> {
        let findings = lint::findings(self);
        if findings.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        bail!("the document has findings:\n{}", lines.join("\n"))
    }

    /// The operations in document order.
    pub fn operations(&self) -> Result<Vec<Operation>> {
        let mut operations = Vec::new();
        for (path, item) in &self.document.paths.paths {
            let ReferenceOr::Item(item) = item else {
                bail!("{path}: write the path item out, not as a reference")
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
        Ok(operations)
    }

    fn operation(&self, path: &str, raw: &openapiv3::Operation) -> Result<Operation> {
        let id = raw.operation_id.clone().context("no operationId")?;
        let answer = raw
            .responses
            .responses
            .get(&openapiv3::StatusCode::Code(200))
            .and_then(ReferenceOr::as_item)
            .and_then(|response| response.content.get("application/json"))
            .and_then(|media| media.schema.as_ref())
            .and_then(component_name)
            .context("no 200 answer with a named schema")?;
        let shape = match (
            raw.extensions.get("x-pagination"),
            raw.extensions.get("x-entity"),
        ) {
            (Some(list), None) => Shape::List(serde_json::from_value(list.clone())?),
            (None, Some(entity)) => Shape::Entity(serde_json::from_value(entity.clone())?),
            _ => bail!("an operation has either x-pagination or x-entity"),
        };
        let parameters = raw
            .parameters
            .iter()
            .map(|parameter| self.parameter(parameter))
            .collect::<Result<_>>()?;
        Ok(Operation {
            id,
            path: path.to_owned(),
            summary: raw.summary.clone().unwrap_or_default(),
            description: raw.description.clone().unwrap_or_default(),
            docs_url: raw.external_docs.as_ref().map(|docs| docs.url.clone()),
            parameters,
            answer,
            shape,
        })
    }

    fn parameter(&self, raw: &ReferenceOr<RawParameter>) -> Result<Parameter> {
        let raw = match raw {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                self.document
                    .components
                    .as_ref()
                    .and_then(|components| components.parameters.get(name))
                    .and_then(ReferenceOr::as_item)
                    .with_context(|| format!("{reference} does not resolve"))?
            }
        };
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
        let resolved = self.schema(schema)?;
        let kind = match &resolved.schema_kind {
            SchemaKind::Type(Type::String(_)) => Kind::Text,
            SchemaKind::Type(Type::Boolean(_)) => Kind::Boolean,
            SchemaKind::Type(Type::Integer(integer)) => match (integer.minimum, integer.maximum) {
                (Some(minimum), Some(maximum)) => Kind::Bounded {
                    minimum: u32::try_from(minimum)?,
                    maximum: u32::try_from(maximum)?,
                    default: match &resolved.schema_data.default {
                        Some(value) => u32::try_from(value.as_u64().context("default")?)?,
                        None => u32::try_from(maximum)?,
                    },
                },
                _ => Kind::Integer,
            },
            _ => bail!("{}: only strings, integers and booleans", data.name),
        };
        Ok(Parameter {
            name: data.name.clone(),
            place,
            required: data.required,
            description: data.description.clone().unwrap_or_default(),
            example: data.example.clone(),
            component,
            kind,
        })
    }

    /// The schema behind a reference to a component, or the schema itself.
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

    /// A component schema by name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&Schema> {
        self.document
            .components
            .as_ref()?
            .schemas
            .get(name)?
            .as_item()
    }

    /// The component schemas in document order.
    pub fn components(&self) -> impl Iterator<Item = (&String, &Schema)> {
        self.document
            .components
            .iter()
            .flat_map(|components| &components.schemas)
            .filter_map(|(name, schema)| Some((name, schema.as_item()?)))
    }

    /// The properties of a component that is an object.
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

/// What a property of an object holds, as far as a path through the document cares.
#[derive(Debug, PartialEq, Eq)]
pub enum Property {
    /// Another component.
    Component(String),
    /// An array of another component.
    ArrayOf(String),
    /// Anything without a name of its own.
    Plain,
}

/// The component a schema refers to.
#[must_use]
pub fn component_name(schema: &ReferenceOr<Schema>) -> Option<String> {
    match schema {
        ReferenceOr::Reference { reference } => reference
            .strip_prefix("#/components/schemas/")
            .map(str::to_owned),
        ReferenceOr::Item(_) => None,
    }
}

/// One GET operation.
pub struct Operation {
    /// The `operationId`, camelCase.
    pub id: String,
    /// The path template below the server URL.
    pub path: String,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// The section of the documentation page.
    pub docs_url: Option<String>,
    /// In document order.
    pub parameters: Vec<Parameter>,
    /// The component of the 200 answer.
    pub answer: String,
    /// A list or a single entity.
    pub shape: Shape,
}

impl Operation {
    /// The name without its verb, camelCase: `getTopTracks` is `topTracks`.
    #[must_use]
    pub fn noun(&self) -> String {
        let noun = self.id.strip_prefix("get").unwrap_or(&self.id);
        let mut characters = noun.chars();
        characters
            .next()
            .map(|first| first.to_lowercase().chain(characters).collect())
            .unwrap_or_default()
    }
}

/// What an operation answers with.
pub enum Shape {
    /// One page of a connection.
    List(Connection),
    /// One thing.
    Entity(Entity),
}

/// `x-pagination`: all that is needed to page through an operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The dotted path of the connection in the answer.
    pub connection: String,
    /// The component of a node.
    pub item: String,
}

/// `x-entity`: where the one thing stands that an operation answers with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The dotted path of the thing in the answer.
    pub path: String,
    /// Its component.
    pub item: String,
}

/// One parameter of an operation.
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Markdown.
    pub description: String,
    /// An example value.
    pub example: Option<Value>,
    /// The component of its schema, where it has a name.
    pub component: Option<String>,
    /// Its type.
    pub kind: Kind,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// The type of a parameter.
pub enum Kind {
    /// Any string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Any integer.
    Integer,
    /// An integer within bounds.
    Bounded {
        /// The smallest value.
        minimum: u32,
        /// The largest value.
        maximum: u32,
        /// What the service takes when it is absent.
        default: u32,
    },
}

/// `camelCase`, `SCREAMING_CASE` or `Header-Case` as `snake_case`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for character in name.chars() {
        if character == '-' || character == '_' {
            snake.push('_');
            after_lower = false;
            continue;
        }
        if character.is_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
        snake.extend(character.to_lowercase());
    }
    snake
}

/// `camelCase` or `SCREAMING_CASE` as `UpperCamelCase`.
#[must_use]
pub fn upper_camel_case(name: &str) -> String {
    snake_case(name)
        .split('_')
        .flat_map(|word| {
            let mut characters = word.chars();
            characters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .chain(characters)
                .collect::<Vec<_>>()
        })
        .collect()
}
