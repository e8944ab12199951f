//! reqwest without types: every response is a `serde_json::Value`.

use serde_json::Value;

use super::{PROFILE, Peer, Work};
use crate::server::FRESH;

pub(super) struct Untyped {
    http: reqwest::Client,
    url: String,
}

impl Untyped {
    pub(super) fn new(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy();
        Self {
            http: http.build().unwrap(),
            url: url.to_owned(),
        }
    }

    async fn page(&self, path: &str, limit: u32, cursor: Option<&str>) -> Value {
        let mut request = self
            .http
            .get(format!("{}{path}", self.url))
            .header("x-api-key", PROFILE)
            .bearer_auth(FRESH)
            .query(&[("limit", limit)]);
        if let Some(cursor) = cursor {
            request = request.query(&[("cursor", cursor)]);
        }
        let response = request.send().await.unwrap().error_for_status().unwrap();
        response.json().await.unwrap()
    }
}

fn length_of_ids(connection: &Value) -> usize {
    let edges = connection["edges"].as_array().unwrap();
    let ids = edges.iter().map(|edge| edge["node"]["id"].as_str());
    ids.map(|id| id.unwrap().len()).sum()
}

impl Peer for Untyped {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let page = self.page("/browse/tracks/top", 2, None).await;
                length += length_of_ids(&page["data"]["topTracks"]);
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut cursor) = (0, None);
            for _ in 0..pages {
                let page = self
                    .page("/browse/playlists/top", 100, cursor.as_deref())
                    .await;
                let connection = &page["data"]["topPlaylists"];
                length += length_of_ids(connection);
                let info = &connection["pageInfo"];
                if info["hasNextPage"] != Value::Bool(true) {
                    break;
                }
                cursor = info["token"].as_str().map(str::to_owned);
            }
            length
        })
    }
}
