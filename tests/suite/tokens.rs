//! Tokens that stay fresh, on a clock that stands still.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    AmazonMusic, Error, ErrorKind, WithMeta,
    auth::{AccessToken, LoginWithAmazon, RefreshToken, TokenError, TokenProvider, token_from},
    clock::ManualClock,
    types::TopTracksResponse,
};
use amazon_music_browse::{Error as RawError, ResponseValue, types};
use futures_util::future::join_all;
use insta::assert_snapshot;
use reqwest::{StatusCode, header::HeaderMap};
use tokio::sync::Notify;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method},
};

use crate::{
    common::{always, in_turn, json, tracks},
    time::drive,
};

const HOUR: Duration = Duration::from_secs(3600);

fn client(clock: &ManualClock, tokens: impl TokenProvider) -> AmazonMusic {
    client_at("http://127.0.0.1:1", clock, tokens)
}

fn client_at(url: &str, clock: &ManualClock, tokens: impl TokenProvider) -> AmazonMusic {
    AmazonMusic::builder()
        .base_url(url)
        .security_profile_id("profile")
        .tokens(tokens)
        .clock(clock.clone())
        .build()
        .unwrap()
}

/// A provider that numbers its tokens, each good for an hour.
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
                // As any provider does: let others run.
                tokio::task::yield_now().await;
                Ok(AccessToken::new(format!("token-{number}")).expires_in(HOUR))
            }
        })
    }
}

/// The generated client's own result, whose error is as large as the generator makes it.
type Reply = Result<ResponseValue<TopTracksResponse>, RawError<types::ErrorEnvelope>>;

#[allow(clippy::result_large_err)]
fn good() -> Reply {
    let answer = TopTracksResponse::default();
    Ok(ResponseValue::new(answer, StatusCode::OK, HeaderMap::new()))
}

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

async fn call(music: &AmazonMusic) -> Result<WithMeta<TopTracksResponse>, Error> {
    music.call(|_| async { good() }).await
}

#[tokio::test]
async fn a_thousand_calls_on_an_expired_token_are_one_renewal() {
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client(&clock, tokens.provider());
    call(&music).await.unwrap();
    clock.advance(HOUR);
    let outcomes = join_all((0..1000).map(|_| call(&music))).await;
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1000
    );
    assert_eq!(tokens.asked(), 2, "the first token, and one renewal");
}

#[tokio::test]
async fn a_hundred_late_refusals_of_one_token_are_one_renewal() {
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client(&clock, tokens.provider());
    call(&music).await.unwrap();
    let (gate, at_the_gate) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    // Sent with the first token, and not answered yet.
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
    // One more is refused at once, and renews.
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
        "the refusals came late, and say nothing of the new token"
    );
}

#[tokio::test]
async fn a_call_is_replayed_once_and_only_where_another_token_can_help() {
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
async fn cancelling_the_call_that_began_a_renewal_does_not_cancel_it() {
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
async fn a_token_is_renewed_in_the_background_before_it_must_be() {
    let server = always(json(&tracks(&["a"], "{}"))).await;
    let (clock, tokens) = (ManualClock::new(), Numbered::default());
    let music = client_at(&server.uri(), &clock, tokens.provider());
    let list = music.top_tracks();
    list.send().await.unwrap();
    // Four minutes before its end.
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
        "nobody waits for an early renewal"
    );
    assert_eq!(sent[3], "Bearer token-2");
    assert_eq!(tokens.asked(), 2);
}

#[tokio::test]
async fn a_token_that_is_still_good_is_used_when_its_renewal_fails() {
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
    // The provider is left alone for a while after a failure.
    call(&music).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Once the token is over, its renewal is tried again, and its failure is the call's.
    clock.advance(Duration::from_secs(10));
    let error = call(&music).await.unwrap_err();
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Token, 0));
    assert_snapshot!(error, @"no access token: the vault is closed");
    let source = std::error::Error::source(&error).unwrap();
    assert!(!source.downcast_ref::<TokenError>().unwrap().is_terminal());
}

#[tokio::test]
async fn a_token_that_is_over_when_it_comes_is_a_failure_and_no_storm() {
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
            "no access token: the access token was over when it came"
        );
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "left alone for a while after that"
    );
}

#[tokio::test]
async fn a_provider_that_panics_is_an_error_and_no_hang() {
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
    assert_snapshot!(error, @"no access token: the renewal of the token was broken off");
}

#[tokio::test]
async fn a_provider_that_never_answers_ends_in_the_overall_timeout() {
    let clock = ManualClock::new();
    let music = client(&clock, token_from(std::future::pending));
    let waiting = tokio::spawn(async move { call(&music).await });
    while clock.sleepers().len() < 2 {
        tokio::task::yield_now().await;
    }
    // The renewal gives up after a minute, the call would after two.
    assert!(clock.advance_to_next());
    let error = waiting.await.unwrap().unwrap_err();
    assert_snapshot!(error, @"no access token: the renewal of the token took too long");
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
async fn a_token_that_cannot_be_sent_is_refused_without_being_shown() {
    let music = client(
        &ManualClock::new(),
        token_from(|| async { Ok(AccessToken::new("can\nary")) }),
    );
    let error = call(&music).await.unwrap_err();
    assert_snapshot!(error, @"no access token: the access token must be printable ASCII without spaces around it");
}

/// A token endpoint that answers in turn.
async fn endpoint(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = in_turn(answers).await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer Atza|canary"))
        .respond_with(json(&tracks(&["a"], "{}")))
        .mount(&server)
        .await;
    server
}

fn login(server: &MockServer) -> RefreshToken {
    LoginWithAmazon::new("client id")
        .client_secret("canary&secret")
        .token_url(format!("{}/auth/o2/token", server.uri()))
        .refresh_token("Atzr|canary/1")
}

/// The forms that were posted.
async fn forms(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let posts = requests.iter().filter(|request| request.method == "POST");
    posts
        .map(|request| String::from_utf8(request.body.clone()).unwrap())
        .collect()
}

#[tokio::test]
async fn login_with_amazon_keeps_the_refresh_token_until_a_new_one_comes() {
    let server = endpoint(vec![
        json(r#"{"access_token":"Atza|canary","token_type":"bearer","expires_in":"3600"}"#),
        json(r#"{"access_token":"Atza|canary","expires_in":3600,"refresh_token":"Atzr|canary/2"}"#),
        json(r#"{"access_token":"Atza|canary","expires_in":3600}"#),
    ])
    .await;
    let clock = ManualClock::new();
    let music = client_at(&server.uri(), &clock, login(&server));
    for _ in 0..3 {
        music.top_tracks().send().await.unwrap();
        clock.advance(HOUR);
    }
    assert_snapshot!(forms(&server).await.join("\n"), @"
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F1&client_id=client+id&client_secret=canary%26secret
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F1&client_id=client+id&client_secret=canary%26secret
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F2&client_id=client+id&client_secret=canary%26secret
    ");
}

#[tokio::test]
async fn login_with_amazon_tries_again_what_may_pass_and_nothing_else() {
    let clock = ManualClock::new();
    let unavailable = || ResponseTemplate::new(503);
    let good = json(r#"{"access_token":"Atza|canary"}"#);
    let server = endpoint(vec![unavailable(), unavailable(), good]).await;
    let music = client_at(&server.uri(), &clock, login(&server));
    drive(&clock, music.top_tracks().send()).await.unwrap();
    assert_eq!(forms(&server).await.len(), 3);

    let body = r#"{"error":"invalid_grant","error_description":"User revoked Atzr|canary/1.","request_id":"r"}"#;
    let server = endpoint(vec![
        ResponseTemplate::new(400).set_body_raw(body, "application/json"),
    ])
    .await;
    let music = client_at(&server.uri(), &clock, login(&server));
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_snapshot!(error, @"get_top_tracks: no access token: invalid_grant: User revoked [redacted]. (request r)");
    assert_eq!(forms(&server).await.len(), 1);
    let source = std::error::Error::source(&error).unwrap();
    let source = source.downcast_ref::<TokenError>().unwrap();
    assert!(source.is_terminal());
    assert_eq!(
        (source.code(), source.request_id()),
        (Some("invalid_grant"), Some("r"))
    );
}

#[tokio::test]
async fn login_with_amazon_sends_secrets_to_safe_places_only_and_shows_none() {
    let clock = ManualClock::new();
    let login = LoginWithAmazon::new("id").token_url("http://example.com/token");
    let provider = login.refresh_token("Atzr|canary");
    assert!(!format!("{provider:?}").contains("canary"));
    let music = client(&clock, provider);
    assert!(!format!("{music:?}").contains("canary"));
    let error = call(&music).await.unwrap_err();
    assert_snapshot!(error, @"no access token: the token URL is plain http, which would show the token to the network: use https (http is for loopback addresses only)");
    assert!(!format!("{error:?}").contains("canary"));
}
