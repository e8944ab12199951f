//! The generated client alone: no retries, no token refresh, no paging.

use amazon_music_browse::{Client, RequestSettings};

use super::{PROFILE, Peer, Work};
use crate::server::FRESH;

pub(super) struct Generated(Client);

impl Generated {
    pub(super) fn new(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let settings = RequestSettings::new(PROFILE, FRESH).unwrap();
        Self(Client::new_with_client(url, http, settings))
    }
}

impl Peer for Generated {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let response = self.0.get_top_tracks().limit(2).send().await.unwrap();
                let page = response.into_inner().data.unwrap().top_tracks.unwrap();
                for edge in page.edges {
                    length += edge.node.unwrap().id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut cursor) = (0, None);
            for _ in 0..pages {
                let mut request = self.0.get_top_playlists().limit(100);
                if let Some(cursor) = cursor {
                    request = request.cursor::<String>(cursor);
                }
                let response = request.send().await.unwrap().into_inner();
                let page = response.data.unwrap().top_playlists.unwrap();
                for edge in page.edges {
                    length += edge.node.unwrap().id.len();
                }
                let info = page.page_info.unwrap();
                if info.has_next_page != Some(true) {
                    break;
                }
                cursor = info.token;
            }
            length
        })
    }
}
