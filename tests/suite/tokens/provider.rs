//! Token providers: those that misbehave, and one for each user.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    auth::{AccessToken, TokenProvider, token_from},
    clock::ManualClock,
};
use insta::assert_snapshot;

use super::call;
use crate::common::{always, json, tracks};
use crate::token_helpers::{client, client_at};

#[tokio::test]
async fn a_token_that_has_expired_on_arrival_is_one_failure_and_no_storm() {
    let asked = Arc::new(AtomicUsize::new(0));
    let music = client(&ManualClock::new(), {
        let asked = asked.clone();
        token_from(move || {
            asked.fetch_add(1, Ordering::SeqCst);
            async { Ok(AccessToken::new("old").expires_in(Duration::ZERO)) }
        })
    });
    for _ in 0..3 {
        let error = call(&music).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no access token: the access token had expired when it came: check the provider and its clock"
        );
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "not asked again for a while"
    );
}

#[tokio::test]
async fn a_provider_that_panics_is_an_error_and_does_not_hang() {
    #[derive(Debug)]
    struct Panics;
    impl TokenProvider for Panics {
        fn token<'a>(
            &'a self,
            _: amazon_music::auth::TokenContext<'a>,
        ) -> amazon_music::auth::TokenFuture<'a> {
            panic!("as providers should not")
        }
    }
    let music = client(&ManualClock::new(), Panics);
    let error = call(&music).await.unwrap_err();
    assert_snapshot!(error, @"no access token: the token provider panicked");
}

#[tokio::test]
async fn a_provider_that_never_responds_ends_in_a_timeout() {
    let clock = ManualClock::new();
    let music = client(&clock, token_from(std::future::pending));
    let waiting = tokio::spawn(async move { call(&music).await });
    while clock.sleepers().len() < 2 {
        tokio::task::yield_now().await;
    }
    // The refresh times out after a minute, the call after two.
    assert!(clock.advance_to_next());
    let error = waiting.await.unwrap().unwrap_err();
    assert_snapshot!(error, @"no access token: the token provider did not respond within 60 seconds");
}

#[tokio::test]
async fn each_user_has_tokens_of_their_own() {
    let server = always(json(&tracks(&["a"], "{}"))).await;
    let clock = ManualClock::new();
    let one = client_at(
        &server.uri(),
        &clock,
        token_from(|| async { Ok(AccessToken::new("one")) }),
    );
    let two = one.for_user(token_from(|| async { Ok(AccessToken::new("two")) }));
    for music in [&one, &two, &one] {
        music.top_tracks().send().await.unwrap();
    }
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| &request.headers["authorization"])
        .collect();
    assert_eq!(sent, ["Bearer one", "Bearer two", "Bearer one"]);
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_rejected_without_being_shown() {
    let music = client(
        &ManualClock::new(),
        token_from(|| async { Ok(AccessToken::new("can\nary")) }),
    );
    let error = call(&music).await.unwrap_err();
    assert_snapshot!(error, @"no access token: the access token must be printable ASCII without spaces around it");
}
