//! A thousand calls at once, with a token that has expired.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    AmazonMusic,
    auth::{AccessToken, TokenError, token_from},
};
use futures_util::future::join_all;

use crate::{
    peers::{PROFILE, TopTracks},
    roles::{self, Server},
    server::{EXPIRED, FRESH},
    table::Table,
};

const CALLS: usize = 1000;

/// How long a renewal takes.
const RENEWAL: Duration = Duration::from_millis(50);

/// Prints the table.
pub(crate) fn print() {
    let server = Server::start();
    let runtime = roles::runtime();
    let url = server.url(2, 0, 1);
    let table = Table::new(
        "1,000 concurrent calls with an expired token",
        "Token refreshes.",
        &["peer", "refreshes"],
    );
    let by_hand = runtime.block_on(by_hand(&url));
    table.row(&["by hand, on a 401".to_owned(), by_hand.to_string()]);
    let sdk = runtime.block_on(sdk(&url));
    table.row(&["this SDK".to_owned(), sdk.to_string()]);
    assert_eq!(sdk, 1);
}

async fn sdk(url: &str) -> usize {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let tokens = token_from(move || {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::time::sleep(RENEWAL).await;
            // The first one has expired by the service's clock and not by ours.
            let token = [EXPIRED, FRESH][number.min(1)];
            Ok::<_, TokenError>(AccessToken::new(token).expires_in(Duration::from_secs(3600)))
        }
    });
    let music = AmazonMusic::builder()
        .base_url(url)
        .security_profile_id(PROFILE)
        .tokens(tokens)
        .build()
        .unwrap();
    let calls = (0..CALLS).map(async |_| music.top_tracks().send().await.unwrap().items.len());
    let counts = join_all(calls).await;
    assert!(counts.iter().all(|count| *count == 2));
    asked.load(Ordering::Relaxed) - 1
}

/// What is written before anybody has seen it happen: who gets a 401 renews the token and tries again.
async fn by_hand(url: &str) -> usize {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = RefCell::new(EXPIRED);
    let renewals = AtomicUsize::new(0);
    let call = async |_| loop {
        let sent = *token.borrow();
        let response = http
            .get(format!("{url}/browse/tracks/top"))
            .header("x-api-key", PROFILE)
            .bearer_auth(sent)
            .send()
            .await
            .unwrap();
        if response.status() == 401 {
            renewals.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(RENEWAL).await;
            *token.borrow_mut() = FRESH;
            continue;
        }
        let page: crate::peers::Envelope<TopTracks> = response.json().await.unwrap();
        assert_eq!(page.data.top_tracks.edges.len(), 2);
        return;
    };
    join_all((0..CALLS).map(call)).await;
    renewals.load(Ordering::Relaxed)
}
