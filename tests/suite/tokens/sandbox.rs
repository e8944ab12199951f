//! Token refresh end to end: client, token endpoint and API of the sandbox.

use std::time::Duration;

use amazon_music::{AmazonMusic, ErrorKind, auth::TokenError, clock::ManualClock};
use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
use futures_util::future::join_all;
use insta::assert_snapshot;

use crate::{
    common::login_at,
    time::{drive, on_manual_clock},
};

const HOUR: Duration = Duration::from_secs(3600);

/// A client with a refresh token of the sandbox.
async fn refreshing(sandbox: Sandbox) -> (ManualClock, Running, AmazonMusic) {
    let (clock, sandbox, builder) = on_manual_clock(sandbox).await;
    let tokens = login_at(&sandbox).refresh_token(sandbox.issue_tokens("anna").refresh_token);
    let music = builder.tokens(tokens).build().unwrap();
    (clock, sandbox, music)
}

#[tokio::test]
async fn a_thousand_calls_on_an_expired_token_refresh_it_once_and_succeed() {
    let (clock, sandbox, music) = refreshing(Sandbox::new()).await;
    music.top_tracks().limit(1).send().await.unwrap();
    clock.advance(HOUR);
    let list = music.top_tracks().limit(1);
    let outcomes = join_all((0..1000).map(|_| list.send())).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(sandbox.refreshes(), 2, "the first token, and one refresh");
    assert_eq!(
        sandbox.requests(),
        1001,
        "none was sent with the expired token"
    );
}

#[tokio::test]
async fn a_hundred_rejections_of_one_token_refresh_it_once_and_no_call_fails() {
    let (_, sandbox, music) = refreshing(Sandbox::new()).await;
    let list = music.top_tracks().limit(1);
    list.send().await.unwrap();
    sandbox.expire_access_tokens();
    let outcomes = join_all((0..100).map(|_| list.send())).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(sandbox.refreshes(), 2);
}

#[tokio::test]
async fn a_hundred_late_rejections_do_not_refresh_the_new_token() {
    let (clock, sandbox, music) = refreshing(Sandbox::new()).await;
    let list = music.top_tracks().limit(1);
    list.send().await.unwrap();
    sandbox.expire_access_tokens();
    // 99 responses are late; one comes at once, and its call refreshes the token.
    let late = (0..99).map(|_| Some(Fault::Latency(Duration::from_secs(10))));
    sandbox.set_faults(Faults::in_order(late));
    let calls: Vec<_> = (0..99)
        .map(|_| {
            let list = list.clone();
            tokio::spawn(async move { list.send().await })
        })
        .collect();
    while clock.sleepers().len() < 2 * 99 {
        tokio::task::yield_now().await;
    }
    list.send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 2);
    clock.advance(Duration::from_secs(10));
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(sandbox.refreshes(), 2);
}

#[tokio::test]
async fn cancelling_the_call_that_began_a_refresh_leaves_the_others_served() {
    let (_, sandbox, music) = refreshing(Sandbox::new()).await;
    let call = || {
        let list = music.top_tracks().limit(1);
        tokio::spawn(async move { list.send().await })
    };
    let leader = call();
    let others: Vec<_> = (0..50).map(|_| call()).collect();
    // On this runtime tasks run in the order they were spawned: the leader has begun, and waits.
    tokio::task::yield_now().await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    for other in others {
        other.await.unwrap().unwrap();
    }
    assert_eq!(sandbox.refreshes(), 1);
}

#[tokio::test]
async fn settle_waits_for_a_refresh_in_the_background() {
    let (clock, sandbox, music) = refreshing(Sandbox::new()).await;
    music.top_tracks().send().await.unwrap();
    clock.advance(HOUR - Duration::from_secs(210));
    music.top_tracks().send().await.unwrap();
    music.settle().await;
    assert_eq!(sandbox.refreshes(), 2);
}

#[test]
fn a_blocking_client_refreshes_in_the_background_too() {
    use amazon_music::blocking::Blocking;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (clock, sandbox, music) = runtime.block_on(refreshing(Sandbox::new()));
    let blocking = Blocking::new().unwrap();
    blocking.wait(music.top_tracks().send()).unwrap();
    clock.advance(HOUR - Duration::from_secs(210));
    blocking.wait(music.top_tracks().send()).unwrap();
    // Nothing blocks on the runtime, and it still makes progress.
    while sandbox.refreshes() < 2 {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn rotating_refresh_tokens_last_a_day() {
    let (clock, sandbox, music) = refreshing(Sandbox::new().rotating_refresh_tokens()).await;
    for _ in 0..24 {
        music.top_tracks().limit(1).send().await.unwrap();
        clock.advance(HOUR);
    }
    assert_eq!(sandbox.refreshes(), 24);
}

#[tokio::test]
async fn short_lived_tokens_are_refreshed_in_time() {
    let (clock, sandbox, music) =
        refreshing(Sandbox::new().token_lifetime(Duration::from_secs(10))).await;
    for _ in 0..30 {
        music.top_tracks().limit(1).send().await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(sandbox.requests(), 30, "no token was rejected");
    assert!((3..=4).contains(&sandbox.refreshes()));
}

#[tokio::test]
async fn a_revoked_permission_is_a_terminal_error() {
    let (clock, sandbox, music) = refreshing(Sandbox::new()).await;
    music.top_tracks().send().await.unwrap();
    sandbox.revoke("anna");
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert_snapshot!(error, @"get_top_tracks: no access token: invalid_grant: The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission. (request sandbox-request)");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.downcast_ref::<TokenError>().unwrap().is_terminal());
}

#[tokio::test]
async fn a_token_of_another_sandbox_is_accepted_and_refreshed() {
    let other = amazon_music_sandbox::start().await.unwrap();
    let issued = other.issue_tokens("anna");
    other.shutdown().await;
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let builder = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id());
    let music = builder.token(issued.access_token).build().unwrap();
    music.top_tracks().send().await.unwrap();
    let refreshing = music.for_user(login_at(&sandbox).refresh_token(issued.refresh_token));
    refreshing.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 1);
}

#[tokio::test]
async fn a_token_without_the_scope_is_denied() {
    use amazon_music::auth::{Authorization, TokenContext};

    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let client = login_at(&sandbox).scope("music::library");
    let http = client.http_client().unwrap();
    let login: Authorization = client.authorize("https://example.com/back").unwrap();
    let query = crate::logins::allow(&http, login.url(), "allow").await;
    let tokens = login
        .finish(&query, TokenContext::new(&http))
        .await
        .unwrap();
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(tokens.access_token)
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_snapshot!(error, @"get_top_tracks: 403 ACCESS_DENIED: The access token was not granted the scope music::catalog.");
}
