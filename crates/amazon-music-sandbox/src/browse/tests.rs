//! Operations that the documentation does not have: they are served by the spec alone.

use std::collections::HashSet;

use super::*;
use crate::{clock::SystemClock, lwa::login, parameter::effects, spec::JSON};

/// The path, the parameters, the payload and the component of an operation.
type Added<'a> = (&'a str, Value, Value, &'a str);

/// A reference to a component schema.
fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn parameter(name: &str, place: &str, schema: Value) -> Value {
    json!({"name": name, "in": place, "required": place == "path", "schema": schema})
}

/// A list, an entity and a list of one, with parameters of each kind; an entity of a known kind; a required parameter.
fn added() -> [Added<'static>; 5] {
    let limit = json!({"$ref": "#/components/parameters/LimitUpTo20"});
    let cursor = json!({"$ref": "#/components/parameters/Cursor"});
    let id = || {
        parameter(
            "artist",
            "path",
            json!({"type": "string", "example": "B0EXAMPLE1"}),
        )
    };
    [
        (
            "/browse/artists",
            json!([
                limit,
                cursor,
                parameter("isNew", "query", json!({"type": "boolean"})),
                parameter("mood", "query", schema("Mood")),
                parameter("market", "query", json!({"type": "string", "minLength": 2})),
            ]),
            json!({"x-pagination": {"connection": "data.artists", "item": "Singer"}}),
            "ArtistsResponse",
        ),
        (
            "/browse/artists/{artist}",
            json!([id()]),
            json!({"x-entity": {"path": "data.artist", "item": "Singer"}}),
            "ArtistResponse",
        ),
        (
            "/browse/artists/{artist}/albums",
            json!([id(), limit, cursor]),
            json!({"x-pagination": {"connection": "data.artist.albums", "item": "Album"}}),
            "ArtistAlbumsResponse",
        ),
        (
            "/browse/albums/{album}",
            json!([parameter(
                "album",
                "path",
                json!({"type": "string", "example": "B003R490PW"})
            )]),
            json!({"x-entity": {"path": "data.album", "item": "Album"}}),
            "ArtistResponse",
        ),
        (
            "/browse/search",
            json!([{"name": "q", "in": "query", "required": true, "schema": {"type": "string"}}]),
            json!({"x-entity": {"path": "data.album", "item": "Singer"}}),
            "ArtistResponse",
        ),
    ]
}

/// The spec with artists.
fn artists() -> &'static Spec {
    let mut tree: Value = serde_json::from_str(JSON).unwrap();
    for (path, parameters, shape, response) in added() {
        let content = json!({"application/json": {"schema": schema(response)}});
        let responses = json!({"200": {"content": content}});
        let mut get =
            json!({"operationId": path, "parameters": parameters, "responses": responses});
        get.as_object_mut()
            .unwrap()
            .append(&mut shape.as_object().unwrap().clone());
        tree["paths"][path] = json!({"get": get});
    }
    let schemas = &mut tree["components"]["schemas"];
    schemas["Mood"] = json!({"type": "string", "x-extensible-enum": ["CALM", "LOUD"]});
    schemas["Singer"] = object(json!({
        "id": {"type": "string", "example": "B000QJPQTA"},
        "name": {"type": "string"},
        "secret": {"type": "string"},
        "isNew": {"type": "boolean"},
        "moods": {"type": "array", "items": schema("Mood")},
    }));
    schemas["ArtistResponse"] =
        object(json!({"data": object(json!({"artist": schema("Singer")}))}));
    schemas["ArtistsResponse"] = object(json!({"data": object(json!({}))}));
    let with_albums = object(json!({"id": {"type": "string"}, "name": {}, "albums": {}}));
    schemas["ArtistAlbumsResponse"] =
        object(json!({"data": object(json!({"artist": with_albums}))}));
    // A field of an entity that this crate knows.
    schemas["Track"]["properties"]["mood"] = schema("Mood");
    Box::leak(Box::new(Spec::read(&tree.to_string()).unwrap()))
}

/// The API with this spec, and settings of its own.
fn api(settings: Settings) -> Api {
    let login = Login::new(login::Settings::default(), Arc::new(SystemClock));
    Api {
        spec: artists(),
        settings,
        login: Arc::new(login),
    }
}

impl Api {
    fn get(&self, path: &str, ids: &[&str], query: &str) -> Result<Value, u16> {
        let found = self.respond(self.spec.at(path).unwrap(), ids, query);
        found.map_err(|error| error.into_response().status().as_u16())
    }

    /// The nodes of all pages of a list.
    fn nodes(&self, path: &str, ids: &[&str], query: &str, pointer: &str) -> Vec<Value> {
        let (mut nodes, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(path, ids, &format!("{query}{cursor}")).unwrap();
            let page = page.pointer(pointer).unwrap();
            let edges = page["edges"].as_array().unwrap();
            nodes.extend(edges.iter().map(|edge| edge["node"].clone()));
            match page["pageInfo"]["token"].as_str() {
                Some(token) => cursor = format!("&cursor={token}"),
                None => return nodes,
            }
        }
    }
}

const ARTISTS: &str = "/browse/artists";
const ARTIST: &str = "/browse/artists/{artist}";

#[test]
fn an_unknown_list_has_pages_of_items_made_from_their_schema() {
    let api = api(Settings::default());
    let nodes = api.nodes(ARTISTS, &[], "limit=7", "/data/artists");
    assert!(nodes.len() > 20);
    assert_eq!(nodes[0]["id"], "B000QJPQTA");
    let ids: HashSet<_> = nodes.iter().map(|node| node["id"].to_string()).collect();
    assert_eq!(ids.len(), nodes.len());
    assert!(nodes.iter().all(|node| node["moods"][0].is_string()));
    assert_eq!(api.get(ARTISTS, &[], "limit=21"), Err(400));
}

#[test]
fn an_unknown_entity_is_found_by_the_ids_of_its_list_and_by_the_example() {
    let api = api(Settings::default());
    for node in api.nodes(ARTISTS, &[], "limit=20", "/data/artists") {
        let found = api
            .get(ARTIST, &[node["id"].as_str().unwrap()], "")
            .unwrap();
        assert_eq!(found["data"]["artist"], node);
    }
    let example = api.get(ARTIST, &["B0EXAMPLE1"], "").unwrap();
    assert_eq!(example["data"]["artist"]["id"], "B0EXAMPLE1");
    assert_eq!(api.get(ARTIST, &["unknown"], ""), Err(404));
}

#[test]
fn a_known_entity_is_found_by_the_ids_of_all_its_lists() {
    let api = api(Settings::default());
    let albums = "/browse/categories/{id}/albums";
    let nodes = api.nodes(albums, &["E9UEPoEH"], "limit=50", "/data/category/albums");
    let found = api.get(
        "/browse/albums/{album}",
        &[nodes[70]["id"].as_str().unwrap()],
        "",
    );
    let found = found.unwrap();
    assert_eq!(found["data"]["album"]["title"], nodes[70]["title"]);
    assert!(found["data"]["album"]["trackCount"].is_number());
}

#[test]
fn a_list_below_an_entity_is_nested_in_the_fields_that_its_schema_has() {
    let api = api(Settings::default());
    let path = "/browse/artists/{artist}/albums";
    let nodes = api.nodes(path, &["B0EXAMPLE1"], "limit=20", "/data/artist/albums");
    assert!(nodes.len() > 20);
    let page = api.get(path, &["B0EXAMPLE1"], "limit=1").unwrap();
    let artist = page["data"]["artist"].as_object().unwrap();
    let names: Vec<_> = artist.keys().map(String::as_str).collect();
    assert_eq!(names, ["albums", "id", "name"]);
    assert_eq!(api.get(path, &["unknown"], ""), Err(404));
}

#[test]
fn a_parameter_of_an_items_property_filters_and_any_other_is_checked() {
    let api = api(Settings::default());
    let count = |query| api.nodes(ARTISTS, &[], query, "/data/artists").len();
    let all = count("limit=20");
    let (new, old) = (count("limit=3&isNew=true"), count("limit=3&isNew=false"));
    assert!(new > 0 && old > 0 && new + old == all, "{new} {old} {all}");
    let calm = api.nodes(
        ARTISTS,
        &[],
        "limit=3&mood=CALM&isNew=true",
        "/data/artists",
    );
    assert!(!calm.is_empty() && calm.len() < new);
    assert!(
        calm.iter()
            .all(|node| node["moods"][0] == "CALM" && node["isNew"] == true)
    );
    // Open: a value that is not known selects nothing.
    assert_eq!(count("mood=TOMORROW"), 0);
    assert_eq!(count("limit=20&market=DE"), all);
    for query in ["isNew=", "isNew=1", "market=D", "mood=CALM&mood=LOUD"] {
        assert_eq!(api.get(ARTISTS, &[], query), Err(400), "{query}");
    }
    // A cursor belongs to what was selected.
    let page = api.get(ARTISTS, &[], "limit=2&isNew=true").unwrap();
    let token = page["data"]["artists"]["pageInfo"]["token"]
        .as_str()
        .unwrap();
    let query = |filter| format!("limit=2&cursor={token}&isNew={filter}");
    assert!(api.get(ARTISTS, &[], &query(true)).is_ok());
    assert_eq!(api.get(ARTISTS, &[], &query(false)), Err(400));
}

#[test]
fn a_required_parameter_is_required() {
    let api = api(Settings::default());
    assert_eq!(api.get("/browse/search", &[], ""), Err(400));
    assert!(api.get("/browse/search", &[], "q=").is_ok());
}

#[test]
fn a_new_field_of_a_known_entity_is_made() {
    let api = api(Settings::default());
    let nodes = api.nodes("/browse/tracks/top", &[], "limit=20", "/data/topTracks");
    let moods: HashSet<_> = nodes.iter().map(|node| node["mood"].to_string()).collect();
    assert_eq!(moods.len(), 2);
    // All else is as without it.
    assert_eq!(nodes[0]["title"], "Beggin' [Explicit]");
    let before = List::at(
        Spec::get(),
        api.spec.at("/browse/tracks/top").unwrap(),
        "/browse/tracks/top",
        true,
    );
    let mut node = nodes[0].clone();
    node.as_object_mut().unwrap().remove("mood");
    assert_eq!(node, before.item(0, false));
}

#[test]
fn the_page_tells_the_effect_of_each_parameter() {
    let text = effects(artists());
    for sentence in [
        "<code>isNew</code> of /browse/artists selects items by their <code>isNew</code>.",
        "<code>mood</code> of /browse/artists selects items by their <code>moods</code>.",
        "<code>market</code> of /browse/artists is checked and has no effect.",
    ] {
        assert!(text.contains(sentence), "{text}");
    }
    assert!(!text.contains("limit"), "{text}");
}
