//! Values made from their schema, for entities that this crate knows nothing else of.
//!
//! The first item of a list has the examples of its schema. All others are computed from the name of the list
//! and their index, property by property, so that a new property changes no other.

use serde_json::{Map, Value};

use crate::{
    catalog::synthetic::{asin, date, digits, pick_of, seed, title},
    random::mix,
    spec::schema::{Schema, Schemas},
};

/// Objects in objects, beyond which there are none: a schema may hold itself.
const MAX_DEPTH: usize = 4;

/// One item of a list, with all its properties.
pub(super) fn item(schemas: &Schemas, schema: &Schema, list: &str, index: usize) -> Value {
    let maker = Maker {
        schemas,
        has_examples: index == 0,
    };
    let mut item = maker.object(schema, seed(list, index), 0);
    let example = schema.properties.get("id").map(|id| &id.example);
    let example = example.and_then(Value::as_str).filter(|_| index == 0);
    item["id"] = example
        .map_or_else(|| id(list, index), str::to_owned)
        .into();
    item
}

/// The value of one property of an item.
pub(super) fn property(schemas: &Schemas, schema: &Schema, seed: u64) -> Value {
    let maker = Maker {
        schemas,
        has_examples: false,
    };
    maker.value(schema, seed, 1).unwrap_or_default()
}

/// An ID that no other index of this list has.
fn id(list: &str, index: usize) -> String {
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let list = seed(list, usize::MAX);
    // The last digits count, from a start that differs by list.
    let place = (list % 46_656).wrapping_add(index as u64);
    format!(
        "B0{}{}",
        digits(list, alphabet, 4),
        digits(place, alphabet, 4)
    )
}

struct Maker<'a> {
    schemas: &'a Schemas,
    has_examples: bool,
}

impl Maker<'_> {
    fn object(&self, schema: &Schema, seed: u64, depth: usize) -> Value {
        let properties = schema.properties.iter();
        let properties = properties.filter_map(|(name, schema)| {
            let seed = of_property(seed, name);
            Some((name.clone(), self.value(schema, seed, depth + 1)?))
        });
        Value::Object(properties.collect::<Map<_, _>>())
    }

    /// A value; none where it would be a list of its own, or an object in too many others.
    fn value(&self, schema: &Schema, seed: u64, depth: usize) -> Option<Value> {
        let schema = self.schemas.resolve(schema);
        if schema.is_connection() || depth > MAX_DEPTH {
            return None;
        }
        if self.has_examples && !schema.example.is_null() {
            return Some(schema.example.clone());
        }
        let listed = if schema.open.is_empty() {
            &schema.closed
        } else {
            &schema.open
        };
        if let Some(value) = pick_of(listed, seed) {
            return Some(value.clone());
        }
        Some(match &*schema.kind {
            "boolean" => seed.is_multiple_of(2).into(),
            "integer" | "number" => number(schema, seed).into(),
            "array" => self.array(schema, seed, depth),
            "string" => text(schema, seed).into(),
            _ => self.object(schema, seed, depth),
        })
    }

    fn array(&self, schema: &Schema, seed: u64, depth: usize) -> Value {
        let elements = schema.items.iter().filter_map(|items| {
            let items = self.schemas.resolve(items);
            let has_shape = !items.kind.is_empty();
            has_shape.then(|| self.value(items, seed, depth))?
        });
        elements.collect()
    }
}

/// The seed of one property.
pub(super) fn of_property(seed: u64, name: &str) -> u64 {
    let mix_in = |seed, byte| mix(seed ^ u64::from(byte));
    name.bytes().fold(seed, mix_in)
}

/// A whole number within the bounds, of the size of the example.
fn number(schema: &Schema, seed: u64) -> i64 {
    let bound = |bound: Option<f64>| bound.map(|bound| bound as i64);
    let least = bound(schema.minimum).unwrap_or(1);
    let example = bound(schema.example.as_f64()).unwrap_or(500);
    let usual = least.saturating_add(example.saturating_mul(2).max(1));
    let most = bound(schema.maximum).unwrap_or(usual).max(least);
    let count = most.abs_diff(least).saturating_add(1);
    least.saturating_add_unsigned(seed % count)
}

/// A text of the kind that the example is: a URL, a date, a code or words.
fn text(schema: &Schema, seed: u64) -> String {
    let example = schema.example.as_str().unwrap_or_default();
    let is_date = example.as_bytes().get(4..).is_some_and(|rest| {
        rest.first() == Some(&b'-') && example.bytes().take(4).all(|digit| digit.is_ascii_digit())
    });
    match example.rsplit_once('/') {
        Some((start, file)) if start.starts_with("http") => {
            let end = file.rfind('.').map_or("", |dot| &file[dot..]);
            format!("{start}/{}{end}", asin(seed))
        }
        _ if is_date => date(seed),
        _ if example.is_empty() || example.contains(' ') => title(seed),
        _ => example.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    fn schemas() -> Schemas {
        serde_json::from_value(json!({
            "Artist": {"type": "object", "properties": {
                "id": {"type": "string", "example": "B000QJPQTA"},
                "name": {"type": "string", "example": "Pharrell Williams"},
                "url": {"type": "string", "example": "https://music.amazon.com/artists/B000QJPQTA"},
                "since": {"type": "string", "example": "2013-06-18T04:00:00.000Z"},
                "country": {"type": "string", "example": "US"},
                "fans": {"type": "integer", "minimum": 3, "maximum": 9},
                "mood": {"$ref": "#/components/schemas/Mood"},
                "moods": {"type": "array", "items": {"$ref": "#/components/schemas/Mood"}},
                "verified": {"type": "boolean"},
                "anything": {"type": "array", "items": {}},
                "like": {"$ref": "#/components/schemas/Artist"},
                "albums": {"$ref": "#/components/schemas/Connection"},
            }},
            "Mood": {"type": "string", "x-extensible-enum": ["CALM", "LOUD"]},
            "Connection": {"type": "object", "properties": {"edges": {"type": "array"}}},
        }))
        .unwrap()
    }

    fn artist(index: usize) -> Value {
        let schemas = schemas();
        item(&schemas, schemas.get("Artist").unwrap(), "artists", index)
    }

    #[test]
    fn the_first_item_has_the_examples_and_the_others_values_like_them() {
        let first = artist(0);
        assert_eq!(first["id"], "B000QJPQTA");
        assert_eq!(first["name"], "Pharrell Williams");
        let other = artist(7);
        assert_eq!(other, artist(7));
        let url = other["url"].as_str().unwrap();
        assert!(
            url.starts_with("https://music.amazon.com/artists/B0"),
            "{url}"
        );
        let since = other["since"].as_str().unwrap();
        assert!(since.ends_with("T05:00:00.000Z"), "{since}");
        assert_eq!(other["country"], "US");
        assert_eq!(other["anything"], json!([]));
        assert!(other.get("albums").is_none());
        assert!(other["like"]["like"]["id"].is_string());
        for index in 0..100 {
            let fans = artist(index)["fans"].as_i64().unwrap();
            assert!((3..=9).contains(&fans), "{fans}");
        }
    }

    #[test]
    fn every_open_value_and_both_truths_are_there() {
        let values = |name: &str| -> HashSet<String> {
            (1..50)
                .map(|index| artist(index)[name].to_string())
                .collect()
        };
        assert_eq!(values("mood").len(), 2);
        assert_eq!(values("moods").len(), 2);
        assert_eq!(values("verified").len(), 2);
    }

    #[test]
    fn ids_are_unique_within_a_list() {
        let ids: HashSet<_> = (0..2000)
            .map(|index| artist(index)["id"].to_string())
            .collect();
        assert_eq!(ids.len(), 2000);
    }
}
