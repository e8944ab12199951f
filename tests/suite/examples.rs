//! The examples: those of the document are those of the page, and all of them decode and come back.

use amazon_music_browse::types;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use xtask::spec::Spec;

use crate::common::root;

fn spec_examples() -> Vec<(String, Value)> {
    let tree = Spec::read(&root()).unwrap().tree;
    let examples = tree["components"]["examples"].as_object().unwrap();
    examples
        .iter()
        .map(|(name, example)| (name.clone(), example["value"].clone()))
        .collect()
}

/// Decodes and encodes again, which must change nothing that has a meaning.
fn comes_back<T: DeserializeOwned + Serialize>(name: &str, value: &Value) {
    let decoded: T =
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let encoded = serde_json::to_value(decoded).unwrap();
    assert_eq!(normal(&encoded), normal(value), "{name}");
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
    let mut decoded = 0;
    for (name, value) in spec_examples() {
        match name.as_str() {
            "TopTracks" => comes_back::<types::TopTracksResponse>(&name, &value),
            "TopPlaylists" => comes_back::<types::TopPlaylistsResponse>(&name, &value),
            "NewPodcastEpisodes" => comes_back::<types::NewPodcastEpisodesResponse>(&name, &value),
            "Categories" => comes_back::<types::CategoriesResponse>(&name, &value),
            "Category" => comes_back::<types::CategoryResponse>(&name, &value),
            "CategoryAlbums" => comes_back::<types::CategoryAlbumsResponse>(&name, &value),
            "CategoryPlaylists" => comes_back::<types::CategoryPlaylistsResponse>(&name, &value),
            "CategoryTracks" => comes_back::<types::CategoryTracksResponse>(&name, &value),
            error if error.starts_with("Error") => {
                comes_back::<types::ErrorEnvelope>(&name, &value);
            }
            other => panic!("{other}: say here what this example decodes as"),
        }
        decoded += 1;
    }
    assert_eq!(
        decoded,
        8 + 16,
        "eight answers and sixteen errors are documented"
    );
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
