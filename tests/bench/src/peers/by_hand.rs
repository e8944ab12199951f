//! The code a user would write: reqwest, structs with serde, a loop.

use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;

use super::{PROFILE, Peer, Work};
use crate::server::FRESH;

#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) data: T,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopTracks {
    pub(crate) top_tracks: Connection<Track>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopPlaylists {
    pub(crate) top_playlists: Connection<Playlist>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection<T> {
    pub(crate) page_info: PageInfo,
    pub(crate) edges: Vec<Edge<T>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    pub(crate) token: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Edge<T> {
    pub(crate) node: T,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Track {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub(crate) struct Playlist {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) images: Vec<Image>,
    pub(crate) duration: Option<f64>,
    pub(crate) track_count: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Image {
    pub(crate) url: Option<String>,
    pub(crate) height: Option<i64>,
    pub(crate) width: Option<i64>,
}

/// A handwritten client.
#[derive(Debug)]
pub(crate) struct ByHand {
    http: Client,
    url: String,
}

impl ByHand {
    /// A client of the server at this URL.
    #[must_use]
    pub(crate) fn new(url: &str) -> Self {
        Self {
            http: Client::builder().no_proxy().build().unwrap(),
            url: url.to_owned(),
        }
    }

    /// The same with a timeout, as the SDK has one.
    #[must_use]
    pub(crate) fn with_timeout(url: &str) -> Self {
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30));
        Self {
            http: http.build().unwrap(),
            url: url.to_owned(),
        }
    }

    /// One page of the list at this path.
    pub(crate) async fn page<T: for<'a> Deserialize<'a>>(
        &self,
        path: &str,
        limit: u32,
        cursor: Option<&str>,
    ) -> T {
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
        response.json::<Envelope<T>>().await.unwrap().data
    }
}

impl Peer for ByHand {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let page: TopTracks = self.page("/browse/tracks/top", 2, None).await;
                for edge in page.top_tracks.edges {
                    length += edge.node.id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut cursor) = (0, None);
            for _ in 0..pages {
                let page: TopPlaylists = self
                    .page("/browse/playlists/top", 100, cursor.as_deref())
                    .await;
                for edge in page.top_playlists.edges {
                    length += edge.node.id.len();
                }
                let info = page.top_playlists.page_info;
                if !info.has_next_page {
                    break;
                }
                cursor = info.token;
            }
            length
        })
    }
}
