//! The operations of Browse.

mod entity;
mod envelope;
mod list;
mod query;

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
    browse::{
        entity::{Entities, Entity},
        envelope::envelope,
        list::Page,
        query::Query,
    },
    catalog::list::List,
    dialect::Dialect,
    error::{ApiError, METHOD_NOT_ALLOWED, NOT_FOUND},
    items::Items,
    lwa::login::Login,
    source::Source,
    spec::{Spec, operation::Operation, place::places},
};

/// The list of categories, and the start of the paths below it.
const CATEGORIES: &str = "/browse/categories";

/// Settings of the Browse API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) dialects: Vec<Dialect>,
    pub(crate) items: Items,
}

/// The ids of a path, with their names.
type Ids = Path<Vec<(String, String)>>;

/// The Browse API: its operations and settings, and who may call it.
#[derive(Debug)]
struct Api {
    spec: &'static Spec,
    settings: Settings,
    login: Arc<Login>,
}

pub(crate) fn router(spec: &'static Spec, settings: Settings, login: &Arc<Login>) -> Router {
    let login = login.clone();
    let api = Arc::new(Api {
        spec,
        settings,
        login,
    });
    spec.operations
        .iter()
        .fold(Router::new(), |router, operation| {
            let path = api.served(&operation.path);
            router.route(&format!("/v1{path}"), route(operation, &api))
        })
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || NOT_FOUND)
}

fn route(operation: &'static Operation, api: &Arc<Api>) -> MethodRouter {
    let api = api.clone();
    get(
        async move |ids: Option<Ids>, RawQuery(query): RawQuery, headers: HeaderMap| {
            let ids = ids.map(|Path(ids)| ids).unwrap_or_default();
            let ids: Vec<&str> = ids.iter().map(|(_, id)| id.as_str()).collect();
            auth::check(&headers, &api.login)?;
            let query = query.as_deref().unwrap_or_default();
            api.respond(operation, &ids, query).map(Json)
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

    fn respond(
        &self,
        operation: &'static Operation,
        ids: &[&str],
        query: &str,
    ) -> Result<Value, ApiError> {
        let (path, places) = places(&operation.path, ids.iter().copied());
        let entities = Entities {
            spec: self.spec,
            items: &self.settings.items,
            is_rich: self.has(Dialect::RichNodes),
        };
        let mut owner = None;
        for place in &places {
            owner = Some(entities.find(place).ok_or(NOT_FOUND)?);
        }
        let query = Query::read(self.spec, operation, query)?;
        if operation.payload.is_list {
            let page = self.page(operation, &path, owner.as_ref(), query)?;
            Ok(self.listed(operation, page, owner))
        } else {
            let is_named = operation.path.ends_with('}');
            let entity = owner.filter(|_| is_named).map(|owner| owner.value);
            let entity = entity.unwrap_or_else(|| {
                List::unlisted(self.spec, &path, &operation.payload.item).whole(0)
            });
            Ok(self.single(operation, entity))
        }
    }

    /// The response that holds an entity.
    fn single(&self, operation: &Operation, entity: Value) -> Value {
        let is_category = operation.payload.item == "Category";
        if is_category && self.has(Dialect::BareCategory) {
            return json!({"category": entity});
        }
        envelope(self.spec, operation, entity, None)
    }

    /// The response that holds a page.
    fn listed(&self, operation: &Operation, page: Value, owner: Option<Entity>) -> Value {
        let name = operation.payload.path.last();
        let name = name.map(String::as_str).unwrap_or_default();
        if owner.is_some() && self.has(Dialect::FlatTables) {
            return json!({"data": {name: page}});
        }
        let owner = owner.map(|mut owner| {
            let is_category = operation.path.starts_with(CATEGORIES);
            if is_category && self.has(Dialect::SparseCategories) {
                keep_sample_fields(&mut owner.value, name);
            }
            owner
        });
        envelope(self.spec, operation, page, owner.as_ref())
    }

    fn page(
        &self,
        operation: &Operation,
        path: &str,
        owner: Option<&Entity>,
        query: Query<'_>,
    ) -> Result<Value, ApiError> {
        let is_of_catalog = owner.is_none_or(|owner| owner.is_of_catalog);
        let list = List::at(self.spec, operation, path, is_of_catalog);
        let own = self.settings.items.get(path);
        let is_rich = self.has(Dialect::RichNodes);
        let source = Source::new(list, own, is_rich, query.filters);
        Ok(Page::new(source, query.limit, query.cursor.as_deref())?.connection())
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

#[cfg(test)]
mod tests;
