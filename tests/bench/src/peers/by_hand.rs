//! What a user would write: reqwest, structs with serde, a loop.

use reqwest::Client;
use serde::Deserialize;

use super::{PROFILE, Peer, Work};
use crate::server::FRESH;

#[derive(Debug, Deserialize)]
pub struct Envelope<T> {
    pub data: T,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopTracks {
    pub top_tracks: Connection<Track>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopPlaylists {
    pub top_playlists: Connection<Playlist>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection<T> {
    pub page_info: PageInfo,
    pub edges: Vec<Edge<T>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    pub has_next_page: bool,
    pub token: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Edge<T> {
    pub node: T,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub struct Track {
    pub id: String,
    pub title: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
pub struct Playlist {
    pub id: String,
    pub title: Option<String>,
    pub url: Option<String>,
    #[serde(default)]
    pub images: Vec<Image>,
    pub duration: Option<f64>,
    pub track_count: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub struct Image {
    pub url: Option<String>,
    pub height: Option<i64>,
    pub width: Option<i64>,
}

/// A client by hand.
#[derive(Debug)]
pub struct ByHand {
    http: Client,
    url: String,
}

impl ByHand {
    /// A client of the server at this URL.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            http: Client::builder().no_proxy().build().unwrap(),
            url: url.to_owned(),
        }
    }

    /// One page of the list at this path.
    pub async fn page<T: for<'a> Deserialize<'a>>(
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
