//! The derived JSON schema of each generated type equals its component of the spec.

use amazon_music_browse::types;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};
use xtask::spec::Spec;

use crate::common::root;

fn derived<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::openapi3().into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

/// Reduces both sides to their common vocabulary. Dropped are:
///
/// - descriptions, titles, examples and extensions: they are not about shape;
/// - `pattern`, `minLength`, `maxLength`: the Rust types check them in code;
/// - `nullable`, and the wrapping of a reference to make it nullable: the Rust types read a null that
///   stands for a missing value, the spec never says null;
/// - `default` of an array: it makes a missing one empty, which the spec says by not
///   requiring it.
fn normal(schema: &Value) -> Value {
    let Some(fields) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return Value::String(name.to_owned());
    }
    for wrapper in ["allOf", "anyOf"] {
        if let Some(first) = fields.get(wrapper).and_then(|list| list.get(0)) {
            return normal(first);
        }
    }
    let mut kept = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "type" | "format" | "minimum" | "maximum" => value.clone(),
            "default" if fields.get("type") == Some(&"integer".into()) => value.clone(),
            "items" => normal(value),
            "required" => {
                let mut names = value.as_array().unwrap().clone();
                names.sort_by_key(Value::to_string);
                names.into()
            }
            "properties" => value
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), normal(value)))
                .collect(),
            _ => continue,
        };
        kept.insert(name.clone(), value);
    }
    kept.into()
}

macro_rules! components {
    ($($name:ident)*) => {
        [$((stringify!($name), derived::<types::$name>())),*]
    };
}

#[test]
fn every_component_and_its_type_have_the_same_shape() {
    let mut derived = Vec::from(components! {
        Album AlbumConnection AlbumEdge AlbumTrack Artist AudioQuality CategoriesData
        CategoriesResponse Category
        CategoryAlbumsData CategoryAlbumsResponse CategoryConnection CategoryData CategoryEdge
        CategoryId CategoryPlaylistsData CategoryPlaylistsResponse CategoryResponse
        CategoryTracksData CategoryTracksResponse CategoryType CategoryWithAlbums
        CategoryWithPlaylists CategoryWithTracks Curator Cursor Eligibility ErrorCode ErrorDetail
        ErrorEnvelope ErrorPayload Image ImageStyle ImageType LimitUpTo100 LimitUpTo20 Market
        MusicTerritory NewPodcastEpisodesData NewPodcastEpisodesResponse PageInfo ParentalSettings
        PlaybackEligibility Playlist PlaylistConnection PlaylistEdge PodcastEpisode
        PodcastEpisodeConnection PodcastEpisodeEdge Release ShuffleType TopPlaylistsData
        TopPlaylistsResponse TopTracksData TopTracksResponse Track TrackAlbum TrackConnection
        TrackEdge Visibility
    });
    let status = SchemaSettings::openapi3()
        .into_generator()
        .into_root_schema_for::<amazon_music_browse::ErrorStatus>();
    derived.push(("ErrorStatus", status.to_value()));
    let tree = Spec::read(&root()).unwrap().tree;
    let components = tree["components"]["schemas"].as_object().unwrap();
    for (name, component) in components {
        let (_, derived) = derived
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("{name}: add it to the list above"));
        assert_eq!(normal(derived), normal(component), "{name}");
    }
    assert_eq!(derived.len(), components.len());
}
