//! An operation of the spec, as plain data.

use serde::Deserialize;
use serde_json::Value;

/// A GET operation.
pub struct Operation {
    /// The `operationId`, in camelCase.
    pub id: String,
    /// The path template below the server URL.
    pub path: String,
    /// The summary, one line.
    pub summary: String,
    /// The description, in Markdown.
    pub description: String,
    /// URL of the section of Amazon's documentation.
    pub docs_url: Option<String>,
    /// The parameters, in the order of the spec.
    pub parameters: Vec<Parameter>,
    /// The component of the 200 response.
    pub response: String,
    /// Whether it returns a list or a single entity.
    pub shape: Shape,
    /// The commands of the CLI: the words of each, with path parameters in braces. The first one is shown.
    pub commands: Vec<Vec<String>>,
}

impl Operation {
    /// Returns the id without its verb, in camelCase: `topTracks` for `getTopTracks`.
    #[must_use]
    pub fn noun(&self) -> String {
        let noun = self.id.strip_prefix("get").unwrap_or(&self.id);
        let mut characters = noun.chars();
        characters
            .next()
            .map(|first| first.to_lowercase().chain(characters).collect())
            .unwrap_or_default()
    }

    /// Returns the smallest, the largest and the default `limit`.
    #[must_use]
    pub fn limits(&self) -> Option<(u32, u32, u32)> {
        self.parameters
            .iter()
            .find_map(|parameter| match parameter.kind {
                Kind::Bounded {
                    minimum,
                    maximum,
                    default,
                } if parameter.name == "limit" => Some((minimum, maximum, default)),
                _ => None,
            })
    }
}

/// The kind of payload an operation returns.
pub enum Shape {
    /// One page of a connection.
    List(Connection),
    /// A single entity.
    Entity(Entity),
}

/// `x-pagination`: everything needed to page through an operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The dotted path of the connection in the response.
    pub connection: String,
    /// The component of a node.
    pub item: String,
    /// The name of the connection in the documentation's table, if it is not the last of the path.
    pub table: Option<String>,
    /// Whether the list is chosen for the current user.
    #[serde(default)]
    pub personal: bool,
}

/// `x-entity`: the place of the entity in the response.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The dotted path of the entity in the response.
    pub path: String,
    /// The component of the entity.
    pub item: String,
}

/// A parameter of an operation.
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The part of the request that carries it.
    pub place: Place,
    /// Whether the service requires it.
    pub required: bool,
    /// The description, in Markdown.
    pub description: String,
    /// An example value.
    pub example: Option<Value>,
    /// The component of its schema, if the schema is a reference.
    pub component: Option<String>,
    /// The type of its value.
    pub kind: Kind,
    /// Its schema, resolved.
    pub schema: Value,
    /// The name of the component that it is, unless it is written inline.
    pub shared: Option<String>,
}

impl Parameter {
    /// Returns a Rust literal for a documentation example.
    #[must_use]
    pub fn example_literal(&self) -> String {
        match (&self.example, &self.kind) {
            (Some(value), _) => value.to_string(),
            (None, Kind::Text) => "\"value\"".to_owned(),
            (None, Kind::Boolean) => "true".to_owned(),
            (None, Kind::Integer | Kind::Bounded { .. }) => "1".to_owned(),
        }
    }
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
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
        /// The value the service uses if none is sent.
        default: u32,
    },
}
