//! The nodes of a list: entities that this crate knows, or made from their schema.

use serde_json::{Value, json};

use crate::{
    catalog::{self, entity::Kind, made, rich, synthetic::seed},
    spec::{
        Spec,
        schema::{Schema, Schemas},
    },
};

/// The source of the nodes of one kind.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    schemas: &'static Schemas,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    /// An entity that this crate knows, and the properties of its schema that this crate does not know yet.
    Known(Kind, Vec<(&'static str, &'static Schema)>),
    /// The schema of any other.
    Made(&'static Schema),
    /// The spec has no such schema.
    Nothing,
}

impl Nodes {
    /// Nodes of a component of the spec.
    pub(super) fn of(spec: &'static Spec, component: &str) -> Self {
        let schemas = &spec.schemas;
        let source = match (Kind::of(component), schemas.get(component)) {
            (Some(kind), schema) => {
                let mut sample = known(kind, "", 0);
                rich::enrich(kind, &mut sample, "", 0);
                let properties = schema.into_iter().flat_map(|schema| &schema.properties);
                let properties = properties.map(|(name, schema)| (name.as_str(), schema));
                let is_new = |(name, schema): &(&str, &Schema)| {
                    sample.get(name).is_none() && !schemas.resolve(schema).is_connection()
                };
                Source::Known(kind, properties.filter(is_new).collect())
            }
            (None, Some(schema)) => Source::Made(schema),
            (None, None) => Source::Nothing,
        };
        Self { schemas, source }
    }

    /// The kind of the nodes, if this crate knows them.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self.source {
            Source::Known(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// A node as its list shows it.
    pub(super) fn listed(&self, list: &str, index: usize) -> Value {
        match &self.source {
            Source::Known(kind, new) => {
                let mut node = known(*kind, list, index);
                let seed = seed(list, index);
                for (name, schema) in new {
                    let seed = made::of_property(seed, name);
                    node[*name] = made::property(self.schemas, schema, seed);
                }
                node
            }
            Source::Made(schema) => made::item(self.schemas, schema, list, index),
            Source::Nothing => json!({}),
        }
    }

    /// A node with all documented fields.
    pub(super) fn whole(&self, list: &str, index: usize) -> Value {
        let mut node = self.listed(list, index);
        if let Source::Known(kind, _) = self.source {
            rich::enrich(kind, &mut node, list, index);
        }
        node
    }
}

fn known(kind: Kind, list: &str, index: usize) -> Value {
    match kind {
        Kind::Track => json!(catalog::track(list, index)),
        Kind::Album => json!(catalog::album(list, index)),
        Kind::Playlist => json!(catalog::playlist(list, index)),
        Kind::Episode => json!(catalog::episode(list, index)),
        Kind::Category => json!(catalog::category(index)),
    }
}
