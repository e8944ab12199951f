//! Token refresh, on a manual clock.

mod login_with_amazon;
mod provider;
mod refresh;
mod sandbox;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    AmazonMusic, Error, WithMeta,
    auth::{AccessToken, TokenProvider, token_from},
    types::TopTracksResponse,
};
use amazon_music_browse::{Error as RawError, ResponseValue, types};
use reqwest::{StatusCode, header::HeaderMap};

const HOUR: Duration = Duration::from_secs(3600);

/// A provider of numbered tokens, each valid for an hour.
#[derive(Clone, Default)]
struct Numbered {
    asked: Arc<AtomicUsize>,
}

impl Numbered {
    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn provider(&self) -> impl TokenProvider + use<> {
        let asked = self.asked.clone();
        token_from(move || {
            let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                // Yields, as any provider does.
                tokio::task::yield_now().await;
                Ok(AccessToken::new(format!("token-{number}")).expires_in(HOUR))
            }
        })
    }
}

/// The result of the generated client, whose error is as large as the generator makes it.
type Reply = Result<ResponseValue<TopTracksResponse>, RawError<types::ErrorEnvelope>>;

#[allow(clippy::result_large_err)]
fn good() -> Reply {
    let response = TopTracksResponse::default();
    Ok(ResponseValue::new(
        response,
        StatusCode::OK,
        HeaderMap::new(),
    ))
}

async fn call(music: &AmazonMusic) -> Result<WithMeta<TopTracksResponse>, Error> {
    music.call(|_| async { good() }).await
}
