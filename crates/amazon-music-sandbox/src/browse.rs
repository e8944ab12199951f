//! The operations of Browse.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, StatusCode, header::ALLOW},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    auth, catalog, cursor,
    error::{ApiError, BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND},
    lwa::login::Login,
};

/// Paths of the operations below the base URL, as in the OpenAPI spec.
pub const ROUTES: [&str; 8] = [
    "/browse/tracks/top",
    "/browse/playlists/top",
    "/browse/podcasts/episodes/new",
    "/browse/categories",
    "/browse/categories/{id}",
    "/browse/categories/{id}/albums",
    "/browse/categories/{id}/playlists",
    "/browse/categories/{id}/tracks",
];

pub(crate) fn router(login: &Arc<Login>) -> Router {
    ROUTES
        .into_iter()
        .fold(Router::new(), |router, path| {
            router.route(&format!("/v1{path}"), route(path, login.clone()))
        })
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || NOT_FOUND)
}

fn route(path: &'static str, login: Arc<Login>) -> MethodRouter {
    get(
        async move |id: Option<Path<String>>, RawQuery(query): RawQuery, headers: HeaderMap| {
            let id = id.map(|Path(id)| id).unwrap_or_default();
            auth::check(&headers, &login)?;
            respond(path, &id, query.as_deref().unwrap_or_default())
        },
    )
}

async fn method_not_allowed() -> Response {
    let mut response = METHOD_NOT_ALLOWED.into_response();
    let allowed = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn respond(path: &str, id: &str, query: &str) -> Result<Response, ApiError> {
    let body = match path {
        "/browse/tracks/top" => {
            let list = List::new("tracks/top", catalog::TOP_TRACKS, 20, query)?;
            json!({"topTracks": list.page(catalog::track)})
        }
        "/browse/playlists/top" => {
            let list = List::new("playlists/top", catalog::TOP_PLAYLISTS, 100, query)?;
            json!({"topPlaylists": list.page(catalog::playlist)})
        }
        "/browse/podcasts/episodes/new" => {
            let list = List::new("episodes/new", catalog::NEW_EPISODES, 100, query)?;
            json!({"newPodcastEpisodes": list.page(catalog::episode)})
        }
        "/browse/categories" => {
            let list = List::new("categories", catalog::CATEGORIES, 100, query)?;
            json!({"browseCategories": list.page_with_cursors(catalog::category)})
        }
        _ => {
            let category = catalog::category_by_id(id).ok_or(NOT_FOUND)?;
            let mut category = json!(category);
            if let Some((_, collection)) = path.split_once("{id}/") {
                let name = format!("categories/{id}/{collection}");
                let list = |most| List::new(&name, catalog::length(&name, most), 100, query);
                category[collection] = match collection {
                    "albums" => list(150)?.page(catalog::album),
                    "playlists" => list(120)?.page(catalog::playlist),
                    "tracks" => list(400)?.page(catalog::track),
                    _ => return Err(NOT_FOUND),
                };
            }
            json!({"category": category})
        }
    };
    Ok((StatusCode::OK, Json(json!({"data": body}))).into_response())
}

/// One page of one list, selected by validated parameters.
struct List<'a> {
    name: &'a str,
    length: usize,
    limit: usize,
    offset: usize,
}

impl<'a> List<'a> {
    /// Validates `limit` and `cursor`. The largest page is also the default, on every documented list.
    fn new(name: &'a str, length: usize, largest: usize, query: &str) -> Result<Self, ApiError> {
        let limit = match single(query, "limit")? {
            None => largest,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=largest).contains(limit))
                .ok_or(BAD_REQUEST)?,
        };
        let offset = match single(query, "cursor")? {
            None => 0,
            Some(text) => cursor::decode(name, &text)
                .filter(|offset| *offset < length)
                .ok_or(BAD_REQUEST)?,
        };
        Ok(Self {
            name,
            length,
            limit,
            offset,
        })
    }

    fn page<T: Serialize>(&self, item: impl Fn(&str, usize) -> T) -> Value {
        self.connection(|index| json!({"node": item(self.name, index)}))
    }

    /// A page with a cursor on each edge, as the documentation shows for categories. The last one is the token.
    fn page_with_cursors<T: Serialize>(&self, item: impl Fn(&str, usize) -> T) -> Value {
        self.connection(|index| {
            json!({"node": item(self.name, index), "cursor": cursor::encode(self.name, index + 1)})
        })
    }

    fn connection(&self, edge: impl Fn(usize) -> Value) -> Value {
        let end = self.length.min(self.offset + self.limit);
        let edges: Vec<Value> = (self.offset..end).map(edge).collect();
        let mut page_info = json!({"hasNextPage": end < self.length});
        if end < self.length {
            page_info["token"] = cursor::encode(self.name, end).into();
        }
        json!({"pageInfo": page_info, "edgeCount": edges.len(), "edges": edges})
    }
}

/// A query parameter that may be given once, and not empty.
fn single(query: &str, name: &str) -> Result<Option<String>, ApiError> {
    let mut values = form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned());
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if !value.is_empty() => Ok(Some(value)),
        _ => Err(BAD_REQUEST),
    }
}
