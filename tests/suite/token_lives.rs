//! The life of tokens that come from a store, and tokens that are not written as they should be.

use std::time::Duration;

use amazon_music::{
    AmazonMusic, ErrorKind,
    auth::{MemoryTokenStore, Stored, TokenStore as _},
    clock::{Clock as _, ManualClock},
};
use insta::assert_snapshot;

use crate::{
    common::json,
    token_helpers::{HOUR, client_at, endpoint, expired_in_memory, fresh, key, refreshes, sent},
};

fn new_token() -> wiremock::ResponseTemplate {
    json(r#"{"access_token":"Atza|new","expires_in":3600}"#)
}

#[tokio::test]
async fn a_kept_token_is_refreshed_by_the_windows_of_its_whole_life() {
    // Seconds left of its hour -> refreshed in the background by the first call.
    for (left, refreshed) in [(1000, false), (200, true), (40, true)] {
        let clock = ManualClock::new();
        let server = endpoint([new_token()]).await;
        let store = MemoryTokenStore::new();
        let tokens = fresh(&server, "Atza|old", clock.now());
        store.save(&key(), &tokens, &clock).await.unwrap();
        clock.advance(HOUR - Duration::from_secs(left));
        let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
        music.top_tracks().send().await.unwrap();
        music.top_tracks().send().await.unwrap();
        music.settle().await;
        let sent = sent(&server).await;
        // The refresh may be sent before the call that began it, which does not wait for it.
        let call = sent.iter().find(|line| line.starts_with("Bearer"));
        assert_eq!(call.unwrap(), "Bearer Atza|old", "{left} s left");
        assert_eq!(
            refreshes(&server).await,
            usize::from(refreshed),
            "{left} s left: {sent:?}"
        );
    }
}

#[tokio::test]
async fn a_kept_token_of_which_the_mandatory_window_is_left_is_refreshed_first() {
    let clock = ManualClock::new();
    let server = endpoint([new_token()]).await;
    let store = MemoryTokenStore::new();
    let tokens = fresh(&server, "Atza|old", clock.now());
    store.save(&key(), &tokens, &clock).await.unwrap();
    clock.advance(HOUR - Duration::from_secs(29));
    let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
    music.top_tracks().send().await.unwrap();
    assert_eq!(sent(&server).await.last().unwrap(), "Bearer Atza|new");
}

#[tokio::test]
async fn a_kept_token_from_the_future_says_nothing_of_its_life_and_is_refreshed() {
    // The system's clock was hours ahead when it was issued, and is right now.
    let clock = ManualClock::new();
    let server = endpoint([new_token()]).await;
    let store = MemoryTokenStore::new();
    let tokens = fresh(&server, "Atza|old", clock.now() + 5 * HOUR);
    store.save(&key(), &tokens, &clock).await.unwrap();
    let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
    music.top_tracks().send().await.unwrap();
    assert_eq!(refreshes(&server).await, 1);
}

#[tokio::test]
async fn a_kept_token_is_never_good_for_longer_than_its_life() {
    // A clock that is a little behind that of the machine that issued it.
    let clock = ManualClock::new();
    let server = endpoint([new_token()]).await;
    let store = MemoryTokenStore::new();
    let tokens = fresh(&server, "Atza|old", clock.now() + Duration::from_secs(30));
    store.save(&key(), &tokens, &clock).await.unwrap();
    let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
    music.top_tracks().send().await.unwrap();
    assert_eq!(refreshes(&server).await, 0);
    clock.advance(HOUR);
    music.top_tracks().send().await.unwrap();
    assert_eq!(refreshes(&server).await, 1);
}

#[tokio::test]
async fn a_login_that_was_deleted_during_a_refresh_is_not_resurrected() {
    let clock = ManualClock::new();
    let server = endpoint([new_token(), new_token()]).await;
    let store = expired_in_memory(&server, &clock).await;
    let music = client_at(&server.uri(), &clock, Stored::new(store.clone(), key()));
    let refreshed = tokio::spawn({
        let music = music.clone();
        async move { music.top_tracks().send().await.map(drop) }
    });
    while server.received_requests().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    // Waits until the refresh has ended.
    store.remove(&key(), &clock).await.unwrap();
    refreshed.await.unwrap().unwrap();
    clock.advance(HOUR);
    let error = music.top_tracks().send().await.unwrap_err();
    assert!(error.to_string().contains("log in first"), "{error}");
    assert!(store.load(&key()).await.unwrap().is_none());
}

#[test]
fn a_token_that_is_not_written_alone_is_refused_with_the_reason() {
    let mut told = Vec::new();
    for token in [
        " Atza|x",
        "Atza|x ",
        "Atza|x\n",
        "Bearer Atza|x",
        "bearer Atza|x",
        "a b",
    ] {
        let outcome = AmazonMusic::builder()
            .security_profile_id("profile")
            .token(token)
            .build();
        let error = outcome.map(drop).expect_err(token);
        assert_eq!(error.kind(), ErrorKind::Setup);
        assert!(!error.to_string().contains("Atza"));
        told.push(format!("{token:?}: {error}"));
    }
    assert_snapshot!(told.join("\n"), @r#"
    " Atza|x": the token must be printable ASCII without spaces around it
    "Atza|x ": the token must be printable ASCII without spaces around it
    "Atza|x\n": the token must be printable ASCII without spaces around it
    "Bearer Atza|x": the token must be the token alone, without the word `Bearer`
    "bearer Atza|x": the token must be the token alone, without the word `Bearer`
    "a b": the token must not have spaces in it
    "#);
}
