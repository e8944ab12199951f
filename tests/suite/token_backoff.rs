//! When a provider is left alone after failures and refusals, and when it is not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    AmazonMusic,
    auth::{AccessToken, TokenError, token_from},
    clock::ManualClock,
};
use futures_util::future::join_all;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::header};

use crate::{
    common::{always, json, tracks},
    token_helpers::{HOUR, client_at, counted},
};

async fn good_server() -> MockServer {
    always(json(&tracks(&["a"], "{}"))).await
}

async fn call(music: &AmazonMusic) -> Result<(), amazon_music::Error> {
    music.top_tracks().send().await.map(drop)
}

#[tokio::test]
async fn the_call_after_a_passing_failure_asks_again() {
    let server = good_server().await;
    let (asked, provider) = counted(|number| match number {
        1 => Err(TokenError::passing("the vault is closed")),
        _ => Ok(AccessToken::new("good")),
    });
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    call(&music).await.unwrap_err();
    call(&music).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_provider_that_keeps_failing_is_asked_ever_less_often() {
    let server = good_server().await;
    let (asked, provider) = counted(|_| Err(TokenError::passing("the vault is closed")));
    let clock = ManualClock::new();
    let music = client_at(&server.uri(), &clock, provider);
    for _ in 0..600 {
        call(&music).await.unwrap_err();
        clock.advance(Duration::from_millis(100));
    }
    let asked = asked.load(Ordering::SeqCst);
    assert!((6..=8).contains(&asked), "asked {asked} times in a minute");
}

#[tokio::test]
async fn a_failed_refresh_is_shared_by_all_who_wait_for_it() {
    let server = good_server().await;
    let (asked, provider) = counted(|_| Err(TokenError::passing("the vault is closed")));
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    let outcomes = join_all((0..100).map(|_| call(&music))).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_queued_call_that_has_gone_starts_no_refresh() {
    let server = good_server().await;
    let (asked, provider) = counted(|_| Err(TokenError::passing("the vault is closed")));
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    let queued: Vec<_> = (0..10)
        .map(|_| {
            let music = music.clone();
            tokio::spawn(async move { call(&music).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for call in &queued {
        call.abort();
    }
    for call in queued {
        let _ = call.await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_refresh_that_ended_with_its_runtime_costs_no_pause() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let hangs = Arc::new(AtomicBool::new(true));
    let provider = token_from({
        let hangs = hangs.clone();
        move || {
            let hangs = hangs.load(Ordering::SeqCst);
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
                Ok(AccessToken::new("good"))
            }
        }
    });
    let stays = runtime();
    let server = stays.block_on(good_server());
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    let ends = runtime();
    ends.block_on(async {
        let begun = tokio::spawn({
            let music = music.clone();
            async move { call(&music).await }
        });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!begun.is_finished());
    });
    drop(ends);
    hangs.store(false, Ordering::SeqCst);
    stays.block_on(call(&music)).unwrap();
}

#[test]
fn a_call_outside_of_a_runtime_does_not_fail_those_inside() {
    use futures_util::FutureExt as _;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(good_server());
    let (asked, provider) = counted(|_| Ok(AccessToken::new("good")));
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    let outside = call(&music).now_or_never().unwrap().unwrap_err();
    assert!(outside.to_string().contains("Tokio runtime"), "{outside}");
    runtime.block_on(call(&music)).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_however_new_it_is_is_refreshed_ever_less_often() {
    let server = always(ResponseTemplate::new(401)).await;
    let (asked, provider) =
        counted(|number| Ok(AccessToken::new(format!("token-{number}")).expires_in(HOUR)));
    let clock = ManualClock::new();
    let music = client_at(&server.uri(), &clock, provider);
    for _ in 0..10 {
        let error = call(&music).await.unwrap_err();
        assert_eq!(error.status(), Some(401), "{error}");
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        2,
        "the first, and one refresh"
    );
    for _ in 0..600 {
        call(&music).await.unwrap_err();
        clock.advance(Duration::from_millis(100));
    }
    let asked = asked.load(Ordering::SeqCst);
    assert!((5..=6).contains(&asked), "asked {asked} times in a minute");
}

#[tokio::test]
async fn a_refresh_that_helped_is_not_held_against_the_next() {
    let server = MockServer::start().await;
    let good = Arc::new(AtomicUsize::new(1));
    let (_, provider) = {
        let good = good.clone();
        counted(move |_| {
            Ok(AccessToken::new(format!(
                "token-{}",
                good.load(Ordering::SeqCst)
            )))
        })
    };
    let music = client_at(&server.uri(), &ManualClock::new(), provider);
    for number in 1..=5 {
        server.reset().await;
        good.store(number, Ordering::SeqCst);
        let bearer = format!("Bearer token-{number}");
        Mock::given(header("authorization", bearer.as_str()))
            .respond_with(json(&tracks(&["a"], "{}")))
            .mount(&server)
            .await;
        Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(401))
            .with_priority(9)
            .mount(&server)
            .await;
        for _ in 0..2 {
            call(&music).await.unwrap();
        }
    }
}
