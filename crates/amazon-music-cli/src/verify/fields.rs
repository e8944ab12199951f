//! From what was seen at the places of the spec to differences, and to tables of fields.

use serde::Serialize;

use super::{
    allowed::{Allowed, say},
    difference::{Differences, Kind},
    observed::{Observed, Place, Types},
    schema::word,
};

/// Undocumented names at one place that are few enough to be fields: more are keys of a map, such as ids.
const FIELDS: usize = 32;

/// An object of the spec, as it was served.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object {
    pub(super) pointer: Allowed,
    pub(super) nodes: u64,
    pub(super) fields: Vec<Field>,
}

/// A field of an object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Field {
    pub(super) name: Allowed,
    pub(super) is_documented: bool,
    /// JSON types with their counts: `string 24, null 1`.
    pub(super) types: Allowed,
    pub(super) present: u64,
}

/// Undocumented values of one set that are told: more are text.
const VALUES: usize = 8;

/// Adds the differences in types, names and values, and in fields that the documented samples have.
pub(super) fn differ(observed: &Observed, documented: &Observed, differences: &mut Differences) {
    for (pointer, place) in &observed.places {
        types(pointer, place, differences);
        // An object that may have any names has a table, and no difference.
        let names = match place.schema.is_free() {
            true => Vec::new(),
            false => names(place, observed),
        };
        for (name, types) in names {
            let kinds = Allowed::joined(types.0.keys().map(|kind| say!(*kind)), " or ");
            let of = place.types.total().max(types.total());
            let found = say!(name, ", ", kinds);
            let times = (types.total(), of);
            differences.add_part(Kind::UnknownField, pointer.clone(), found, times);
        }
        let are_values = place.values.len() <= VALUES;
        for (value, times) in &place.values {
            let known = Allowed::value(value).filter(|_| are_values);
            let shape = || say!("a value of ", Allowed::shape(value));
            let value = known.map_or_else(shape, |value| say!("`", value, "`"));
            let times = (*times, place.texts);
            differences.add_part(Kind::UnknownValue, pointer.clone(), value, times);
        }
        missing(pointer, place, observed, differences);
        never(pointer, place, (observed, documented), differences);
    }
}

/// Properties that the documented samples show, and that no object has. A cursor is missing on last pages.
fn never(
    pointer: &Allowed,
    place: &Place,
    (observed, documented): (&Observed, &Observed),
    differences: &mut Differences,
) {
    if place.schema.pointer() != pointer {
        return;
    }
    let nodes = place.types.count("object");
    let required: Vec<&str> = place.schema.required().collect();
    for name in place
        .schema
        .properties()
        .filter(|name| !required.contains(name))
    {
        let Some((property, _)) = place.schema.property(name) else {
            continue;
        };
        let is_seen = |seen: &Observed| seen.get(&property).is_some();
        if nodes > 0 && name != "token" && is_seen(documented) && !is_seen(observed) {
            let found = say!(name, ", which the documented sample has");
            differences.add_part(Kind::MissingField, pointer.clone(), found, (nodes, nodes));
        }
    }
}

fn types(pointer: &Allowed, place: &Place, differences: &mut Differences) {
    let all = place.types.total();
    for (found, times) in &place.types.0 {
        let is_right = match (place.schema.kind(), *found) {
            (None, _) => true,
            (_, "null") => place.schema.is_nullable(),
            (Some("number"), "integer") => true,
            (Some(declared), found) => declared == found,
        };
        let (kind, text) = match (*found, place.schema.kind()) {
            _ if is_right => continue,
            ("null", _) => (Kind::Null, say!("null")),
            (found, declared) => (
                Kind::Type,
                say!(found, " in place of ", declared.unwrap_or_default()),
            ),
        };
        differences.add_part(kind, pointer.clone(), text, (*times, all));
    }
}

/// Required properties that objects lack.
fn missing(pointer: &Allowed, place: &Place, observed: &Observed, differences: &mut Differences) {
    let nodes = place.types.count("object");
    if place.schema.pointer() != pointer || nodes == 0 {
        return;
    }
    for name in place.schema.required() {
        let property = place.schema.property(name);
        let property = property.and_then(|(pointer, _)| observed.get(&pointer));
        let present = property.map_or(0, |place| place.types.total());
        if present < nodes {
            let times = (nodes - present, nodes);
            differences.add_part(Kind::MissingField, pointer.clone(), say!(name), times);
        }
    }
}

/// The undocumented names of a place that can be told; the others by their shapes.
fn names(place: &Place, observed: &Observed) -> Vec<(Allowed, Types)> {
    let are_fields = place.names.len() <= FIELDS;
    let mut told: Vec<(Allowed, Types)> = Vec::new();
    for (text, name) in &place.names {
        let known = Allowed::name(text, observed.nodes_with(text));
        let known = known.filter(|_| are_fields && !observed.is_text(text));
        let text = match known.or_else(|| word(text)) {
            Some(name) => say!("`", name, "`"),
            None => say!("names of ", Allowed::shape(text)),
        };
        match told.iter_mut().find(|(known, _)| *known == text) {
            Some((_, known)) => known.merge(&name.types),
            None => told.push((text, name.types.clone())),
        }
    }
    told
}

/// The objects of the spec that were seen, with their fields.
pub(super) fn objects(observed: &Observed) -> Vec<Object> {
    let places = observed.places.iter().filter(|(pointer, place)| {
        let is_own = place.schema.pointer() == *pointer;
        let is_around = ["Response", "Data"]
            .iter()
            .any(|end| pointer.as_str().ends_with(end));
        is_own && !is_around && place.types.count("object") > 0
    });
    let object = |(pointer, place): (&Allowed, &Place)| Object {
        pointer: pointer.clone(),
        nodes: place.types.count("object"),
        fields: of_object(place, observed),
    };
    places.map(object).collect()
}

fn of_object(place: &Place, observed: &Observed) -> Vec<Field> {
    let documented = place.schema.properties().map(|name| {
        let property = place.schema.property(name);
        let seen = property.and_then(|(pointer, _)| observed.get(&pointer));
        let types = seen.map(|place| place.types.clone()).unwrap_or_default();
        field(say!(name), true, &types)
    });
    let others = names(place, observed)
        .into_iter()
        .map(|(name, types)| field(name, false, &types));
    documented.chain(others).collect()
}

fn field(name: Allowed, is_documented: bool, types: &Types) -> Field {
    let counts = types.0.iter().map(|(kind, times)| say!(*kind, " ", *times));
    Field {
        name,
        is_documented,
        types: Allowed::joined(counts, ", "),
        present: types.total(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::verify::schema::Schema;

    fn told(values: &[Value], component: &'static str) -> Vec<String> {
        let mut observed = Observed::default();
        for value in values {
            observed.add(value, &Schema::component(component));
        }
        let mut differences = Differences::default();
        differ(&observed, &Observed::default(), &mut differences);
        let told = differences.told();
        let line = |it: &super::super::difference::Told| {
            let pointer = it
                .pointer
                .as_str()
                .trim_start_matches("#/components/schemas/");
            format!(
                "{} {pointer} {} ({} of {})",
                it.kind, it.found, it.times, it.of
            )
        };
        told.iter().map(line).collect()
    }

    #[test]
    fn what_the_spec_says_is_no_difference() {
        let track = json!({"id": "a", "title": "b", "duration": 1, "artists": [{"id": "c"}]});
        assert_eq!(told(&[track], "Track"), [""; 0]);
        let free = json!({"id": "a", "release": {"anything": 1}});
        assert_eq!(told(&[free], "Album"), [""; 0]);
    }

    #[test]
    fn each_difference_is_counted_at_its_place() {
        let tracks = [
            json!({"id": 1, "title": null, "mood": "a", "B0785GTW4T": 1, "album": "x"}),
            json!({"title": "b", "mood": null, "artists": {"B0": {}, "B1": {}}, "once": 1}),
        ];
        insta::assert_snapshot!(told(&tracks, "Track").join("\n"), @"
        type Track/properties/album string in place of object (1 of 1)
        type Track/properties/artists object in place of array (1 of 1)
        type Track/properties/id integer in place of string (1 of 1)
        null Track/properties/title null (1 of 2)
        unknown-field Track `mood`, null or string (2 of 2)
        unknown-field Track names of 10 letters and digits, integer (1 of 2)
        unknown-field Track names of 4 letters, integer (1 of 2)
        unknown-field Track/properties/artists names of 2 letters and digits, object (2 of 2)
        missing-field Track id (1 of 2)
        ");
        let values = ["GENRE", "MOOD", "MOOD", "Heavy Metal"]
            .map(|value| json!({"id": "a", "categoryType": value}));
        insta::assert_snapshot!(told(&values, "Category").join("\n"), @"
        unknown-value CategoryType `MOOD` (2 of 4)
        unknown-value CategoryType a value of text of about 16 characters (1 of 4)
        ");
    }

    #[test]
    fn the_keys_of_a_map_are_no_fields() {
        let members = (0..40).map(|it| {
            let letters = ["a", "b", "c", "d", "e", "f", "g"];
            (
                format!("{}{}", letters[it % 7], letters[it / 7]),
                Value::from(it),
            )
        });
        let map = Value::Object(members.collect());
        let lines = told(&[map.clone(), map], "Market");
        assert_eq!(
            lines,
            ["unknown-field Market names of 2 letters, integer (80 of 80)"]
        );
    }
}
