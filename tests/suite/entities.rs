//! Entities as rich as the documentation shows them decode with each of their fields typed.

use amazon_music_browse::types;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use xtask::spec::Spec;

use crate::common::root;

fn fixture(name: &str) -> Value {
    let path = root().join(format!("tests/fixtures/entities/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(fixture(name)).unwrap()
}

/// Numbers by value; an empty array is not written back.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| value.as_array() != Some(&Vec::new()))
            .map(|(name, value)| (name.clone(), normal(value)))
            .collect(),
        other => other.clone(),
    }
}

fn comes_back<T: DeserializeOwned + Serialize>(name: &str) {
    let written = serde_json::to_value(read::<T>(name)).unwrap();
    assert_eq!(normal(&written), normal(&fixture(name)), "{name}");
}

/// The fields of a value that its schema does not name, by path.
fn untyped(tree: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => tree.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    match value {
        Value::Object(_) if schema["additionalProperties"] == true => Vec::new(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                let path = format!("{path}.{name}");
                match schema["properties"].get(name) {
                    Some(schema) => untyped(tree, schema, value, &path),
                    None => vec![path],
                }
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .flat_map(|item| untyped(tree, &schema["items"], item, path))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_field_of_a_rich_entity_is_typed_and_every_typed_field_is_shown() {
    let tree = Spec::read(&root()).unwrap().tree;
    for name in ["Track", "Album", "Playlist"] {
        let (schema, value) = (&tree["components"]["schemas"][name], fixture(name));
        assert_eq!(untyped(&tree, schema, &value, name), [""; 0]);
        for property in schema["properties"].as_object().unwrap().keys() {
            assert!(value.get(property).is_some(), "{name} shows no {property}");
        }
    }
    let invented = json!({"id": "a", "artists": [{"genre": "Pop"}], "trackNumber": 1});
    let schema = json!({"$ref": "#/components/schemas/Track"});
    assert_eq!(
        untyped(&tree, &schema, &invented, "Track"),
        ["Track.artists.genre", "Track.trackNumber"]
    );
}

#[test]
fn rich_entities_come_back_as_they_were() {
    comes_back::<types::Track>("Track");
    comes_back::<types::Album>("Album");
    comes_back::<types::Playlist>("Playlist");
}

#[test]
fn a_rich_track_is_read() {
    let track: types::Track = read("Track");
    assert_eq!(track.duration, Some(232.0));
    assert_eq!(track.isrc.as_deref(), Some("USQ4E1300686"));
    assert_eq!(
        track.release_date.as_deref(),
        Some("2013-06-18T04:00:00.000Z")
    );
    assert_eq!(track.global_asin, Some(track.id));
    assert_eq!(track.short_title, track.title);
    assert_eq!(track.album.unwrap().title.as_deref(), Some("G I R L"));
    assert_eq!(track.artists[0].name.as_deref(), Some("Pharrell Williams"));
    assert_eq!(track.music_territory.unwrap().code.as_deref(), Some("US"));
    assert_eq!(track.market.unwrap().id.as_deref(), Some("US"));
    let eligibility = track.eligibility.unwrap();
    assert_eq!(eligibility.is_downloadable, Some(true));
    assert_eq!(eligibility.is_prime_eligible, Some(false));
    assert_eq!(eligibility.playback, None);
}

#[test]
fn a_rich_album_is_read() {
    let album: types::Album = read("Album");
    assert_eq!(album.duration, Some(3660.0));
    assert_eq!(album.track_count, Some(14.0));
    assert_eq!(
        album.audio_qualities,
        [types::AudioQuality::Sd, types::AudioQuality::Hd]
    );
    assert_eq!(album.artists[0].name.as_deref(), Some("Daft Punk"));
    assert_eq!(album.tracks[0].title.as_deref(), Some("One More Time"));
    assert_eq!(album.available_markets[0].id.as_deref(), Some("US"));
    assert_eq!(album.images[0].height, Some(1800));
    let settings = album.parental_settings.unwrap();
    assert_eq!(settings.has_explicit_language, Some(false));
    assert_eq!(album.release.unwrap().0["date"], "2001-03-07T05:00:00.000Z");
}

#[test]
fn a_rich_playlist_is_read() {
    let playlist: types::Playlist = read("Playlist");
    assert_eq!(playlist.visibility, Some(types::Visibility::Private));
    assert_eq!(
        playlist.curator.unwrap().id.as_deref(),
        Some("yy7aiqasggy2violdby46fka")
    );
    assert_eq!(
        playlist.images[0].image_type,
        Some(types::ImageType::Primary)
    );
    assert_eq!(playlist.images[0].height, None);
    let eligibility = playlist.eligibility.unwrap();
    let playback = eligibility.playback.unwrap();
    assert_eq!(playback.can_play_on_demand, Some(true));
    assert_eq!(playback.shuffle_type, Some(types::ShuffleType::Inline));
    assert!(eligibility.playback_subscription_tiers.is_empty());
}

#[test]
fn nothing_but_an_id_is_required_and_nested_objects_require_nothing() {
    let sparse = r#"{"id":"a","album":{},"artists":[{}],"market":{},"musicTerritory":{},
        "eligibility":{"playback":{},"playbackSubscriptionTiers":["A",{"b":1}]}}"#;
    let track: types::Track = serde_json::from_str(sparse).unwrap();
    assert_eq!(track.title, None);
    let sparse = r#"{"id":"a","release":{},"parentalSettings":{},"tracks":[{}],"images":[{}],
        "audioQualities":["ULTRA_HD"]}"#;
    let album: types::Album = serde_json::from_str(sparse).unwrap();
    assert_eq!(
        album.audio_qualities,
        [types::AudioQuality::Unknown("ULTRA_HD".to_owned())]
    );
}
