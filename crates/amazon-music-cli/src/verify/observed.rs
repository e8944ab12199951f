//! What bodies hold, against the schemas of the spec: types, names and values, and how often.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Deref,
};

use serde_json::Value;

use super::{allowed::Allowed, schema::Schema};

/// What was seen, by the pointer of the place in the spec.
#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) places: BTreeMap<Allowed, Place>,
    /// Hashes of all strings: a name that is one of them may be data.
    texts: HashSet<u64>,
}

/// What was seen at one place.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) schema: Schema,
    pub(super) types: Types,
    /// How many strings of an open or closed set there were.
    pub(super) texts: u64,
    /// Values of an open or closed set that are not documented.
    pub(super) values: BTreeMap<String, u64>,
    /// Names that are not documented.
    pub(super) names: BTreeMap<String, Name>,
}

/// An undocumented name.
#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) types: Types,
    /// Hashes of the nodes that have it: of their ids, or of all that they hold. One that comes on two pages is one.
    nodes: HashSet<u64>,
}

/// A hash for comparison within this process.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// JSON types, and how often they were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Types(pub(super) BTreeMap<&'static str, u64>);

impl Types {
    pub(super) fn add(&mut self, value: &Value) {
        *self.0.entry(type_of(value)).or_default() += 1;
    }

    pub(super) fn merge(&mut self, others: &Self) {
        for (name, count) in &others.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    pub(super) fn count(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Observed {
    /// Adds a value that should have this schema.
    pub(super) fn add(&mut self, value: &Value, schema: &Schema) {
        self.at(value, schema.pointer().clone(), schema);
    }

    pub(super) fn get(&self, pointer: &Allowed) -> Option<&Place> {
        self.places.get(pointer)
    }

    /// How many nodes have this undocumented name, wherever they stand.
    pub(super) fn nodes_with(&self, name: &str) -> u64 {
        let names = self
            .places
            .values()
            .filter_map(|place| place.names.get(name));
        let nodes: HashSet<u64> = names.flat_map(|name| &name.nodes).copied().collect();
        u64::try_from(nodes.len()).unwrap_or(u64::MAX)
    }

    /// Whether a string of this text was seen: an id, a title, a cursor.
    pub(super) fn is_text(&self, text: &str) -> bool {
        self.texts.contains(&hash(text))
    }

    fn place(&mut self, pointer: &Allowed, schema: &Schema) -> &mut Place {
        let place = || Place {
            schema: schema.clone(),
            types: Types::default(),
            texts: 0,
            values: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        self.places.entry(pointer.clone()).or_insert_with(place)
    }

    /// Adds a value at a place, which a property can have without being the schema itself.
    fn at(&mut self, value: &Value, pointer: Allowed, schema: &Schema) {
        self.place(&pointer, schema).types.add(value);
        match value {
            Value::Object(members) => {
                // Counted where it is declared, whatever refers to it.
                if pointer != *schema.pointer() {
                    self.place(schema.pointer(), schema).types.add(value);
                }
                let node = LazyCell::new(|| node(value));
                for (name, value) in members {
                    self.member(name, value, schema, &node);
                }
            }
            Value::Array(values) => {
                if let Some((pointer, items)) = schema.items() {
                    for value in values {
                        self.at(value, pointer.clone(), &items);
                    }
                }
            }
            Value::String(text) => {
                self.texts.insert(hash(text));
                if let Some(known) = schema.values() {
                    let place = self.place(schema.pointer(), schema);
                    place.texts += 1;
                    if !known.contains(&text.as_str()) {
                        *place.values.entry(text.clone()).or_default() += 1;
                    }
                }
            }
            _ => {}
        }
    }

    /// Remembers the strings in a value that the spec does not know.
    fn inner(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.texts.insert(hash(text));
            }
            Value::Array(values) => values.iter().for_each(|value| self.inner(value)),
            Value::Object(members) => members.values().for_each(|value| self.inner(value)),
            _ => {}
        }
    }

    fn member(
        &mut self,
        name: &str,
        value: &Value,
        schema: &Schema,
        node: &dyn Deref<Target = u64>,
    ) {
        if let Some((pointer, schema)) = schema.property(name) {
            self.at(value, pointer, &schema);
        } else {
            let place = self.place(schema.pointer(), schema);
            let name = place.names.entry(name.to_owned()).or_default();
            name.types.add(value);
            name.nodes.insert(**node);
            self.inner(value);
        }
    }
}

/// The identity of an object: its id, or else all that it holds.
fn node(value: &Value) -> u64 {
    match value["id"].as_str() {
        Some(id) => hash(id),
        None => hash(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_names_and_values_are_counted_at_their_places() {
        let mut observed = Observed::default();
        let category = Schema::component("Category");
        for value in [
            json!({"id": "a", "name": null, "categoryType": "GENRE", "mood": 1}),
            json!({"id": "b", "categoryType": "MOOD", "mood": "x", "extra": {}}),
        ] {
            observed.add(&value, &category);
        }
        let shown: Vec<String> = observed
            .places
            .iter()
            .map(|(pointer, place)| {
                let names: Vec<_> = place
                    .names
                    .iter()
                    .map(|(name, it)| (name, &it.types.0))
                    .collect();
                format!("{pointer} {:?} {:?} {names:?}", place.types.0, place.values)
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        #/components/schemas/Category {"object": 2} {} [("extra", {"object": 1}), ("mood", {"integer": 1, "string": 1})]
        #/components/schemas/Category/properties/categoryType {"string": 2} {} []
        #/components/schemas/Category/properties/id {"string": 2} {} []
        #/components/schemas/Category/properties/name {"null": 1} {} []
        #/components/schemas/CategoryType {} {"MOOD": 1} []
        "#);
    }
}
