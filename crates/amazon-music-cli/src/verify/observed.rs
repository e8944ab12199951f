//! What bodies hold, against the schemas of the spec: types, names and values, and how often.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{allowed::Allowed, schema::Schema};

/// What was seen, by the pointer of the place in the spec.
#[derive(Debug, Default)]
pub(super) struct Observed(pub(super) BTreeMap<Allowed, Place>);

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
    pub(super) names: BTreeMap<String, Types>,
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
        self.0.get(pointer)
    }

    fn place(&mut self, pointer: &Allowed, schema: &Schema) -> &mut Place {
        let place = || Place {
            schema: schema.clone(),
            types: Types::default(),
            texts: 0,
            values: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        self.0.entry(pointer.clone()).or_insert_with(place)
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
                for (name, value) in members {
                    self.member(name, value, schema);
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

    fn member(&mut self, name: &str, value: &Value, schema: &Schema) {
        if let Some((pointer, schema)) = schema.property(name) {
            self.at(value, pointer, &schema);
        } else if !schema.is_free() {
            let place = self.place(schema.pointer(), schema);
            place.names.entry(name.to_owned()).or_default().add(value);
        }
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
            .0
            .iter()
            .map(|(pointer, place)| {
                let names: Vec<_> = place.names.iter().map(|(name, it)| (name, &it.0)).collect();
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
