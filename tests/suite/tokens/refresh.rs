//! When a token is refreshed, and how often.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    ErrorKind,
    auth::{AccessToken, TokenError, token_from},
    clock::ManualClock,
};
use amazon_music_browse::{Error as RawError, ResponseValue, types};
use futures_util::future::join_all;
use insta::assert_snapshot;
use reqwest::{StatusCode, header::HeaderMap};
use tokio::sync::Notify;

use super::{HOUR, Numbered, Reply, call, good};
use crate::common::{always, json, tracks};
use crate::token_helpers::{client, client_at};

#[allow(clippy::result_large_err)]
fn refused(code: &str) -> Reply {
    let mut detail = types::ErrorDetail::default();
    detail.code = Some(types::ErrorCode::from(code));
    let mut envelope = types::ErrorEnvelope::default();
    envelope.error = Some(detail);
    Err(RawError::ErrorResponse(ResponseValue::new(
        envelope,
        StatusCode::UNAUTHORIZED,
        HeaderMap::new(),
    )))
}

#[tokio::test]
async fn a_thousand_calls_on_an_expired_token_refresh_it_once() {
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client(&clock, tokens.provider());
    call(&music).await.unwrap();
    clock.advance(HOUR);
    let outcomes = join_all((0..1000).map(|_| call(&music))).await;
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1000
    );
    assert_eq!(tokens.asked(), 2, "the first token, and one refresh");
}

#[tokio::test]
async fn a_hundred_late_rejections_of_one_token_refresh_it_once() {
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client(&clock, tokens.provider());
    call(&music).await.unwrap();
    let (gate, at_the_gate) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    // Sent with the first token, and still pending.
    let late: Vec<_> = (0..99)
        .map(|_| {
            let (music, gate) = (music.clone(), gate.clone());
            let at_the_gate = at_the_gate.clone();
            tokio::spawn(async move {
                let attempts = AtomicUsize::new(0);
                let attempt = |_| async {
                    if attempts.fetch_add(1, Ordering::SeqCst) > 0 {
                        return good();
                    }
                    at_the_gate.fetch_add(1, Ordering::SeqCst);
                    gate.notified().await;
                    refused("INVALID_ACCESS_TOKEN")
                };
                music.call(attempt).await
            })
        })
        .collect();
    while at_the_gate.load(Ordering::SeqCst) < 99 {
        tokio::task::yield_now().await;
    }
    // One more is rejected at once, and refreshes the token.
    let attempts = AtomicUsize::new(0);
    let attempt = |_| async {
        match attempts.fetch_add(1, Ordering::SeqCst) {
            0 => refused("INVALID_ACCESS_TOKEN"),
            _ => good(),
        }
    };
    music.call(attempt).await.unwrap();
    assert_eq!(tokens.asked(), 2);
    gate.notify_waiters();
    for call in late {
        call.await.unwrap().unwrap();
    }
    assert_eq!(
        tokens.asked(),
        2,
        "the late rejections do not refresh the new token"
    );
}

#[tokio::test]
async fn a_call_is_replayed_once_and_only_if_another_token_can_help() {
    let clock = ManualClock::new();
    for (code, attempts, asked) in [
        ("INVALID_ACCESS_TOKEN", 2, 2),
        ("SOMETHING_NEW", 2, 2),
        ("INVALID_AUTH_TYPE", 1, 1),
        ("NO_X_API_KEY", 1, 1),
        ("INVALID_CLIENT_ID", 1, 1),
    ] {
        let tokens = Numbered::default();
        let music = client(&clock, tokens.provider());
        let error = music.call(|_| async { refused(code) }).await.unwrap_err();
        assert_eq!(
            (error.attempts(), tokens.asked()),
            (attempts, asked),
            "{code}"
        );
        assert_eq!(error.status(), Some(401));
    }
}

#[tokio::test]
async fn cancelling_the_call_that_began_a_refresh_does_not_cancel_it() {
    let clock = ManualClock::new();
    let (gate, asked) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let music = client(&clock, {
        let (gate, asked) = (gate.clone(), asked.clone());
        token_from(move || {
            asked.fetch_add(1, Ordering::SeqCst);
            let gate = gate.clone();
            async move {
                gate.notified().await;
                Ok(AccessToken::new("token"))
            }
        })
    });
    let spawn = || {
        let music = music.clone();
        tokio::spawn(async move { call(&music).await })
    };
    let (first, second) = (spawn(), spawn());
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.notify_one();
    second.await.unwrap().unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_is_refreshed_in_the_background_before_it_expires() {
    let server = always(json(&tracks(&["a"], "{}"))).await;
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client_at(&server.uri(), &clock, tokens.provider());
    let list = music.top_tracks();
    list.send().await.unwrap();
    // Less than four minutes before it expires.
    clock.advance(HOUR - Duration::from_secs(210));
    for _ in 0..3 {
        list.send().await.unwrap();
    }
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.headers["authorization"].to_str().unwrap())
        .collect();
    assert_eq!(
        sent[..2],
        ["Bearer token-1"; 2],
        "no call waits for an early refresh"
    );
    assert_eq!(sent[3], "Bearer token-2");
    assert_eq!(tokens.asked(), 2);
}

#[tokio::test]
async fn a_token_that_is_still_valid_is_used_when_its_refresh_fails() {
    let clock = ManualClock::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let music = client(&clock, {
        let asked = asked.clone();
        token_from(move || {
            let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                match first {
                    true => Ok(AccessToken::new("good").expires_in(HOUR)),
                    false => Err(TokenError::passing("the vault is closed")),
                }
            }
        })
    });
    call(&music).await.unwrap();
    clock.advance(HOUR - Duration::from_secs(10));
    call(&music).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // The provider is not asked again for a while after a failure.
    call(&music).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Once the token has expired, the refresh is retried, and its failure is that of the call.
    clock.advance(Duration::from_secs(10));
    let error = call(&music).await.unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Token, 0));
    assert_snapshot!(error, @"no access token: the vault is closed");
    let source = std::error::Error::source(&error).unwrap();
    assert!(!source.downcast_ref::<TokenError>().unwrap().is_terminal());
}
