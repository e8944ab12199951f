//! The operations of Browse.

mod list;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, header::ALLOW},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde_json::{Value, json};

use crate::{
    auth,
    browse::list::Page,
    catalog::{self, entity::Kind, list::List, rich::enrich},
    dialect::Dialect,
    error::{ApiError, METHOD_NOT_ALLOWED, NOT_FOUND},
    items::Items,
    lwa::login::Login,
    routes::{CATEGORIES, ROUTES},
    source::Source,
};

/// Settings of the Browse API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) dialects: Vec<Dialect>,
    pub(crate) items: Items,
}

/// The Browse API: its settings, and who may call it.
#[derive(Debug)]
struct Api {
    settings: Settings,
    login: Arc<Login>,
}

pub(crate) fn router(settings: Settings, login: &Arc<Login>) -> Router {
    let login = login.clone();
    let api = Arc::new(Api { settings, login });
    ROUTES
        .into_iter()
        .fold(Router::new(), |router, path| {
            router.route(&format!("/v1{}", api.served(path)), route(path, &api))
        })
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || NOT_FOUND)
}

fn route(path: &'static str, api: &Arc<Api>) -> MethodRouter {
    let api = api.clone();
    get(
        async move |id: Option<Path<String>>, RawQuery(query): RawQuery, headers: HeaderMap| {
            let id = id.map(|Path(id)| id).unwrap_or_default();
            auth::check(&headers, &api.login)?;
            let query = query.as_deref().unwrap_or_default();
            api.respond(path, &id, query).map(Json)
        },
    )
}

async fn method_not_allowed() -> Response {
    let mut response = METHOD_NOT_ALLOWED.into_response();
    let allowed = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

impl Api {
    fn has(&self, dialect: Dialect) -> bool {
        self.settings.dialects.contains(&dialect)
    }

    /// The path at which an operation is served.
    fn served(&self, path: &str) -> String {
        if self.has(Dialect::DoubledPath) && path.starts_with(CATEGORIES) {
            format!("/browse{path}")
        } else {
            path.to_owned()
        }
    }

    fn respond(&self, path: &str, id: &str, query: &str) -> Result<Value, ApiError> {
        let (name, list, largest) = match path {
            "/browse/tracks/top" => ("topTracks", List::top_tracks(), 20),
            "/browse/playlists/top" => ("topPlaylists", List::top_playlists(), 100),
            "/browse/podcasts/episodes/new" => ("newPodcastEpisodes", List::new_episodes(), 100),
            "/browse/categories" => ("browseCategories", List::categories(), 100),
            _ => return self.of_category(path, id, query),
        };
        let page = self.page(path, list, largest, query)?;
        Ok(json!({"data": {name: page}}))
    }

    /// A category, or one of its lists.
    fn of_category(&self, path: &str, id: &str, query: &str) -> Result<Value, ApiError> {
        let mut category = self.category(id)?;
        let Some((_, collection)) = path.split_once("{id}/") else {
            let bare = json!({"category": category});
            let is_bare = self.has(Dialect::BareCategory);
            return Ok(if is_bare { bare } else { json!({"data": bare}) });
        };
        let list = List::of_category(id, collection).ok_or(NOT_FOUND)?;
        let path = path.replace("{id}", id);
        let page = self.page(&path, list, 100, query)?;
        if self.has(Dialect::FlatTables) {
            return Ok(json!({"data": {collection: page}}));
        }
        if self.has(Dialect::SparseCategories) {
            keep_sample_fields(&mut category, collection);
        }
        category[collection] = page;
        Ok(json!({"data": {"category": category}}))
    }

    fn category(&self, id: &str) -> Result<Value, ApiError> {
        let items = &self.settings.items;
        if let Some(own) = items.category(id) {
            return Ok(own);
        }
        let Some(category) = catalog::category_by_id(id) else {
            let exists = items.has_list_of(id);
            return exists.then(|| json!({"id": id})).ok_or(NOT_FOUND);
        };
        let mut category = json!(category);
        if self.has(Dialect::RichNodes) {
            enrich(Kind::Category, &mut category, id, 0);
        }
        Ok(category)
    }

    fn page(&self, path: &str, list: List, largest: usize, query: &str) -> Result<Value, ApiError> {
        let own = self.settings.items.get(path);
        let source = Source::new(list, own, self.has(Dialect::RichNodes));
        Ok(Page::new(source, largest, query)?.connection())
    }
}

/// Removes the fields of a category that the sample of this list does not show.
fn keep_sample_fields(category: &mut Value, collection: &str) {
    let shown: &[&str] = match collection {
        "playlists" => &["id", "name", "url"],
        _ => &["id", "name"],
    };
    if let Some(fields) = category.as_object_mut() {
        fields.retain(|name, _| shown.contains(&name.as_str()));
    }
}
