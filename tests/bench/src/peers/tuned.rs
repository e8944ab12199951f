//! Handwritten and tuned: a prepared URL, prepared headers, one check for UTF-8.

use reqwest::{
    Client, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde::Deserialize;

use super::{
    PROFILE, Peer, Work,
    by_hand::{Envelope, TopPlaylists, TopTracks},
};
use crate::server::FRESH;

pub(super) struct Tuned {
    http: Client,
    tracks: Url,
    playlists: Url,
}

impl Tuned {
    pub(super) fn new(url: &str) -> Self {
        let token = HeaderValue::from_str(&format!("Bearer {FRESH}")).unwrap();
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, token)]);
        headers.insert("x-api-key", HeaderValue::from_static(PROFILE));
        let http = Client::builder().no_proxy().default_headers(headers);
        Self {
            http: http.build().unwrap(),
            tracks: format!("{url}/browse/tracks/top?limit=2").parse().unwrap(),
            playlists: format!("{url}/browse/playlists/top?limit=100")
                .parse()
                .unwrap(),
        }
    }

    async fn page<T: for<'a> Deserialize<'a>>(&self, url: Url) -> T {
        let response = self.http.get(url).send().await.unwrap();
        let body = response.error_for_status().unwrap().bytes().await.unwrap();
        let text = std::str::from_utf8(&body).unwrap();
        serde_json::from_str::<Envelope<T>>(text).unwrap().data
    }
}

impl Peer for Tuned {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let page: TopTracks = self.page(self.tracks.clone()).await;
                for edge in page.top_tracks.edges {
                    length += edge.node.id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut url) = (0, self.playlists.clone());
            for _ in 0..pages {
                let page: TopPlaylists = self.page(url).await;
                for edge in page.top_playlists.edges {
                    length += edge.node.id.len();
                }
                let info = page.top_playlists.page_info;
                let Some(cursor) = info.token.filter(|_| info.has_next_page) else {
                    break;
                };
                url = self.playlists.clone();
                url.set_query(Some(&format!("limit=100&cursor={cursor}")));
            }
            length
        })
    }
}
