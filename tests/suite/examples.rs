//! The examples: those of the document are those of the page, and all of them decode and come back.

use std::collections::BTreeMap;

use amazon_music_browse::types;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use xtask::spec::Spec;

use crate::{common::root, generated::every_component};

/// The type of each component, by its name.
mod all {
    pub use amazon_music_browse::{ErrorStatus, types::*};
}

fn spec_examples() -> Vec<(String, Value)> {
    let tree = Spec::read(&root()).unwrap().tree;
    let examples = tree["components"]["examples"].as_object().unwrap();
    examples
        .iter()
        .map(|(name, example)| (name.clone(), example["value"].clone()))
        .collect()
}

/// The component of each example, by the name of the example: that of the responses that show it.
fn components_of_examples() -> BTreeMap<String, String> {
    let tree = Spec::read(&root()).unwrap().tree;
    let name = |value: &Value| {
        let reference = value["$ref"].as_str()?;
        reference.rsplit('/').next().map(str::to_owned)
    };
    let values = |value: &Value| -> Vec<Value> {
        let members = value.as_object().into_iter().flatten();
        members.map(|(_, value)| value.clone()).collect()
    };
    let operations = values(&tree["paths"]);
    let operations = operations.iter().flat_map(values);
    let responses = operations.flat_map(|operation| values(&operation["responses"]));
    let responses = responses.chain(values(&tree["components"]["responses"]));
    let mut found = BTreeMap::new();
    for media in responses.flat_map(|response| values(&response["content"])) {
        for example in values(&media["examples"]) {
            found.insert(name(&example).unwrap(), name(&media["schema"]).unwrap());
        }
    }
    found
}

/// Decodes and encodes again; returns how the result differs, in what has a meaning.
fn comes_back<T: DeserializeOwned + Serialize>(value: &Value) -> Option<String> {
    let encoded =
        serde_json::from_value(value.clone()).and_then(|decoded: T| serde_json::to_value(decoded));
    match encoded {
        Ok(encoded) if normal(&encoded) == normal(value) => None,
        Ok(encoded) => Some(format!("{value} became {encoded}")),
        Err(error) => Some(error.to_string()),
    }
}

macro_rules! by_component {
    ($($name:ident)*) => {
        |component: &str, value: &Value| match component {
            $(stringify!($name) => comes_back::<all::$name>(value),)*
            other => Some(format!("{other} is no component")),
        }
    };
}

/// Numbers by value; absent, null and an empty array are one and the same.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map(Value::from).unwrap(),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null() && value.as_array() != Some(&Vec::new()))
            .map(|(name, value)| (name.clone(), normal(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn every_documented_example_decodes_and_comes_back() {
    let difference = every_component!(by_component);
    let components = components_of_examples();
    let wrong: Vec<_> = spec_examples()
        .iter()
        .filter_map(|(name, value)| match components.get(name) {
            Some(component) => Some(format!("{name}: {}", difference(component, value)?)),
            None => Some(format!("{name}: no response shows this example")),
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_examples_of_answers_are_those_of_the_page_repaired() {
    for (name, value) in spec_examples() {
        if name.starts_with("Error") {
            continue;
        }
        let path = root().join(format!("tests/fixtures/documented/{name}.txt"));
        let printed = std::fs::read_to_string(&path).unwrap();
        // The repairs: leave out the marks of omission, add the braces that one answer lacks.
        let kept: Vec<&str> = printed
            .lines()
            .filter(|line| line.trim() != "...")
            .collect();
        let mut text = kept.join("\n");
        if name.starts_with("Category") && name != "Category" || name == "CategoryTracks" {
            text = text.replace("},\n        ]", "}\n        ]");
        }
        if !text.starts_with('{') {
            text = format!("{{\"data\":{{{text}}}}}");
        }
        let repaired: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(repaired, value, "{name}");
    }
}

#[test]
fn an_unknown_category_type_and_an_unknown_field_are_kept_out_of_the_way() {
    let body = r#"{"id":"a","categoryType":"MOOD","somethingNew":{"deep":[1]}}"#;
    let category: types::Category = serde_json::from_str(body).unwrap();
    let kind = category.category_type.unwrap();
    assert_eq!(kind, types::CategoryType::Unknown("MOOD".to_owned()));
    assert_eq!(serde_json::to_string(&kind).unwrap(), "\"MOOD\"");
    assert_eq!(
        types::CategoryType::from("GENRE"),
        types::CategoryType::Genre
    );
}
