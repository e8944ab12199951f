//! `localhost` is this machine, whatever a name server says.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use amazon_music::AmazonMusic;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::common::{always, json, tracks};

/// A name server that sends every name elsewhere.
struct Elsewhere(SocketAddr, Arc<AtomicUsize>);

impl Resolve for Elsewhere {
    fn resolve(&self, _: Name) -> Resolving {
        self.1.fetch_add(1, Ordering::SeqCst);
        let addresses: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(async { Ok(addresses) })
    }
}

#[tokio::test]
async fn plain_http_to_localhost_stays_on_this_machine() {
    let server = always(json(&tracks(&["a"], "{}"))).await;
    let elsewhere = always(json(&tracks(&["stolen"], "{}"))).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver = Arc::new(Elsewhere(*elsewhere.address(), asked.clone()));
    let music = AmazonMusic::builder()
        .base_url(format!("http://localhost:{}", server.address().port()))
        .security_profile_id("profile")
        .token("token")
        .configure_http(move |http| http.dns_resolver(resolver))
        .build()
        .unwrap();
    let page = music.top_tracks().send().await.unwrap();
    assert_eq!(page.items[0].id, "a");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}
