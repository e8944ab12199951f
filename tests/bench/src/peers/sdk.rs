//! This SDK, with everything on: tokens from a provider, retries, lenient decoding, tracing
//! without a subscriber.

use std::time::Duration;

use amazon_music::{
    AmazonMusic,
    auth::{AccessToken, TokenError, token_from},
};

use super::{PROFILE, Peer, Work};
use crate::server::FRESH;

/// A client of the server at this URL.
#[must_use]
pub(crate) fn music_at(url: &str) -> AmazonMusic {
    AmazonMusic::builder()
        .base_url(url)
        .security_profile_id(PROFILE)
        .tokens(token_from(async || {
            let hour = Duration::from_secs(3600);
            Ok::<_, TokenError>(AccessToken::new(FRESH).expires_in(hour))
        }))
        .build()
        .unwrap()
}

/// The generated client, called through this SDK: strict decoding, and no conversion to a page.
pub(super) struct Call(AmazonMusic);

impl Call {
    pub(super) fn new(url: &str) -> Self {
        Self(music_at(url))
    }
}

impl Peer for Call {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let call = |client: amazon_music::browse::Client| async move {
                    client.get_top_tracks().limit(2).send().await
                };
                let response = self.0.call(call).await.unwrap().value;
                for edge in response.data.unwrap().top_tracks.unwrap().edges {
                    length += edge.node.unwrap().id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut cursor) = (0, None::<String>);
            for _ in 0..pages {
                let cursor_now = &cursor;
                let call = |client: amazon_music::browse::Client| async move {
                    let mut request = client.get_top_playlists().limit(100);
                    if let Some(cursor) = cursor_now {
                        request = request.cursor(cursor.as_str());
                    }
                    request.send().await
                };
                let response = self.0.call(call).await.unwrap().value;
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

/// Page by page.
pub(super) struct Send(AmazonMusic);

impl Send {
    pub(super) fn new(url: &str) -> Self {
        Self(music_at(url))
    }
}

impl Peer for Send {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let page = self.0.top_tracks().limit(2).send().await.unwrap();
                for track in page.items {
                    length += track.id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let (mut length, mut cursor) = (0, None::<String>);
            for _ in 0..pages {
                let mut list = self.0.top_playlists().limit(100);
                if let Some(cursor) = cursor {
                    list = list.cursor(cursor);
                }
                let page = list.send().await.unwrap();
                for playlist in page.items {
                    length += playlist.id.len();
                }
                if !page.has_next_page {
                    break;
                }
                cursor = page.next_cursor;
            }
            length
        })
    }
}

/// Item by item.
pub(super) struct Streamed(AmazonMusic);

impl Streamed {
    pub(super) fn new(url: &str) -> Self {
        Self(music_at(url))
    }
}

impl Peer for Streamed {
    fn calls(&self, calls: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            for _ in 0..calls {
                let mut tracks = self.0.top_tracks().take_items(2);
                while let Some(track) = tracks.next_item().await {
                    length += track.unwrap().id.len();
                }
            }
            length
        })
    }

    fn walk(&self, pages: usize) -> Work<'_> {
        Box::pin(async move {
            let mut length = 0;
            let mut playlists = self.0.top_playlists().limit(100).items();
            for _ in 0..100 * pages {
                let Some(playlist) = playlists.next_item().await else {
                    break;
                };
                length += playlist.unwrap().id.len();
            }
            length
        })
    }
}
