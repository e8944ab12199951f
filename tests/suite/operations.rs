//! Any operation, by its description: what the suites send to all of them comes from the table.

use std::thread;

use amazon_music::{
    AmazonMusic, EntityOperation, Error, Get, List, ListOperation, OperationInfo, Page,
    ParameterInfo, ParameterPlace, RequestVisitor, Shape, ValueKind, operations::ALL,
};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde_json::Value;

/// The values of a request, by the names of their parameters.
pub type Values = Vec<(&'static str, &'static str)>;

/// The operations that return lists.
pub fn lists() -> impl Iterator<Item = &'static OperationInfo> {
    ALL.iter().copied().filter(|info| info.shape == Shape::List)
}

/// A value that a parameter may have: the example of the spec, if there is one.
fn example(parameter: &ParameterInfo) -> &'static str {
    let of_kind = match parameter.kind {
        ValueKind::Boolean => "true",
        ValueKind::Integer | ValueKind::Number => "1",
        _ => "text",
    };
    parameter.example.unwrap_or(of_kind)
}

fn values_of(info: &OperationInfo, is_wanted: impl Fn(&&ParameterInfo) -> bool) -> Values {
    let parameters = info.parameters.iter().filter(is_wanted);
    let values = parameters.map(|parameter| (parameter.name, example(parameter)));
    values.collect()
}

/// The values that a request needs.
pub fn required(info: &OperationInfo) -> Values {
    values_of(info, |parameter| parameter.is_required)
}

/// A value for each parameter but those of paging.
pub fn all_values(info: &OperationInfo) -> Values {
    values_of(info, |parameter| {
        !matches!(parameter.name, "limit" | "cursor")
    })
}

/// A value for each parameter of the query but those of paging.
pub fn query(info: &OperationInfo) -> Values {
    values_of(info, |parameter| {
        parameter.place == ParameterPlace::Query && !matches!(parameter.name, "limit" | "cursor")
    })
}

/// The path of an operation, with the examples of the spec in place of its ids.
pub fn path(info: &OperationInfo) -> String {
    let ids = info.parameters.iter();
    let ids = ids.filter(|parameter| parameter.place == ParameterPlace::Path);
    ids.fold(info.path.to_owned(), |path, parameter| {
        path.replace(&format!("{{{}}}", parameter.name), example(parameter))
    })
}

/// The largest page size of a list.
pub fn largest(info: &OperationInfo) -> u32 {
    let mut parameters = info.parameters.iter();
    let limit = parameters.find(|parameter| parameter.name == "limit");
    u32::try_from(limit.unwrap().maximum.unwrap()).unwrap()
}

/// A value as JSON.
pub fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The entity or the page of one request, as JSON.
#[derive(Debug)]
pub struct Found {
    pub items: Vec<Value>,
    pub skipped: Vec<Error>,
    pub has_next_page: bool,
    pub next_cursor: Option<String>,
}

/// Sends one request.
struct Send;

impl RequestVisitor for Send {
    type Output = LocalBoxFuture<'static, Result<Found, Error>>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        Box::pin(async move {
            let page: Page<O::Item> = list.send().await?;
            Ok(Found {
                items: page.items.iter().map(json).collect(),
                skipped: page.skipped,
                has_next_page: page.has_next_page,
                next_cursor: page.next_cursor,
            })
        })
    }

    fn get<O: EntityOperation>(self, get: Get<O>) -> Self::Output {
        Box::pin(async move {
            Ok(Found {
                items: vec![json(&get.send().await?)],
                skipped: Vec::new(),
                has_next_page: false,
                next_cursor: None,
            })
        })
    }
}

/// Sends one request of an operation.
pub async fn send(
    music: &AmazonMusic,
    info: &OperationInfo,
    values: &[(&str, &str)],
) -> Result<Found, Error> {
    music.request(info.id, values, Send).unwrap().await
}

/// Collects all items.
struct Collect;

impl RequestVisitor for Collect {
    type Output = LocalBoxFuture<'static, Result<Vec<Value>, Error>>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        Box::pin(async move {
            let items = list.items().collect_all().await?;
            Ok(items.iter().map(json).collect())
        })
    }

    fn get<O: EntityOperation>(self, get: Get<O>) -> Self::Output {
        Box::pin(async move { Ok(vec![json(&get.send().await?)]) })
    }
}

/// All items of a list in pages of this size, or the entity.
pub async fn collect(music: &AmazonMusic, info: &OperationInfo, limit: Option<u32>) -> Vec<Value> {
    let limit = limit.map(|limit| limit.to_string());
    let mut values: Vec<(&str, &str)> = required(info);
    if let Some(limit) = limit.as_deref().filter(|_| info.shape == Shape::List) {
        values.push(("limit", limit));
    }
    let items = music.request(info.id, &values, Collect).unwrap();
    items.await.unwrap()
}

/// The ids of items.
pub fn ids(items: &[Value]) -> Vec<&str> {
    let ids = items.iter().map(|item| item["id"].as_str().unwrap());
    ids.collect()
}

/// Checks each operation on a thread of its own. Fails with the names of all for which the check failed.
pub fn on_each(check: impl AsyncFn(&'static OperationInfo) + Sync) {
    let run = |info| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        runtime.block_on(check(info));
    };
    let failed: Vec<_> = thread::scope(|scope| {
        let start = |info: &'static OperationInfo| {
            let thread = thread::Builder::new().name(info.name.to_owned());
            (info.name, thread.spawn_scoped(scope, || run(info)).unwrap())
        };
        let threads: Vec<_> = ALL.iter().map(|info| start(info)).collect();
        let failed = threads
            .into_iter()
            .filter_map(|(name, thread)| thread.join().err().map(|_| name));
        failed.collect()
    });
    assert!(failed.is_empty(), "failed for {failed:?}, see above");
}
