//! The states of a login and the events that meet it, as one table: what is sent, kept and told.
//!
//! All of it at once: the cache of the client, the provider over a store, and the token endpoint.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use amazon_music::{
    Error,
    auth::{MemoryTokenStore, Stored, TokenKey, TokenStore as _},
    clock::{Clock as _, ManualClock},
};
use insta::assert_snapshot;
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{header, method},
};

use crate::{
    common::{json, tracks},
    time::drive,
    token_helpers::{HOUR, client_at, fresh, key, sent, token_error},
};

/// Seconds left of the hour of the kept token, or a refusal of it.
#[derive(Clone, Copy)]
enum State {
    Nothing,
    Left(u64),
    Refused,
}

const STATES: [(&str, State); 6] = [
    ("no login", State::Nothing),
    ("fresh", State::Left(3000)),
    ("early", State::Left(200)),
    ("late", State::Left(20)),
    ("expired", State::Left(0)),
    ("refused", State::Refused),
];

/// What the token endpoint does.
fn events() -> Vec<(&'static str, Vec<ResponseTemplate>)> {
    let error = |status, code: &str| {
        ResponseTemplate::new(status).set_body_string(format!(r#"{{"error":"{code}"}}"#))
    };
    vec![
        (
            "new token",
            vec![json(r#"{"access_token":"Atza|new","expires_in":3600}"#)],
        ),
        (
            "new tokens",
            vec![json(
                r#"{"access_token":"Atza|new","expires_in":3600,"refresh_token":"Atzr|refresh-2"}"#,
            )],
        ),
        (
            "unusable token",
            vec![json(
                r#"{"access_token":"a\nb","expires_in":3600,"refresh_token":"Atzr|refresh-2"}"#,
            )],
        ),
        ("503, then good", {
            let good = json(r#"{"access_token":"Atza|new","expires_in":3600}"#);
            vec![ResponseTemplate::new(503), good]
        }),
        (
            "503 for long",
            (0..3).map(|_| ResponseTemplate::new(503)).collect(),
        ),
        (
            "429, in 20 s",
            vec![ResponseTemplate::new(429).insert_header("retry-after", "20")],
        ),
        ("invalid_grant", vec![error(400, "invalid_grant")]),
    ]
}

/// Responds in turn, and with the last one from then on.
struct InTurn(Vec<ResponseTemplate>, AtomicUsize);

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let turn = self.1.fetch_add(1, Ordering::SeqCst);
        self.0[turn.min(self.0.len() - 1)].clone()
    }
}

async fn server(responses: Vec<ResponseTemplate>, refuses_old: bool) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(InTurn(responses, AtomicUsize::new(0)))
        .mount(&server)
        .await;
    if refuses_old {
        Mock::given(header("authorization", "Bearer Atza|old"))
            .respond_with(ResponseTemplate::new(401))
            .mount(&server)
            .await;
    }
    Mock::given(method("GET"))
        .respond_with(json(&tracks(&["a"], "{}")))
        .mount(&server)
        .await;
    server
}

/// The requests, in short: `R1` for a refresh with the first refresh token, `old` for a call with the old
/// access token. Apart, as a refresh in the background may be sent before the call that began it.
fn short(sent: &[String]) -> String {
    let word = |line: &String| match line.strip_prefix("Bearer Atza|") {
        Some(token) => token.to_owned(),
        None if line.contains("refresh-2") => "R2".to_owned(),
        None => "R1".to_owned(),
    };
    let (refreshes, calls): (Vec<_>, Vec<_>) = sent
        .iter()
        .map(word)
        .partition(|word| word.starts_with('R'));
    format!("{:<18}| {:<12}", refreshes.join(" "), calls.join(" "))
}

async fn kept(store: &MemoryTokenStore, key: &TokenKey) -> String {
    let Some(tokens) = store.load(key).await.unwrap() else {
        return "-".to_owned();
    };
    let access = tokens
        .access_token
        .expose()
        .trim_start_matches("Atza|")
        .to_owned();
    let refresh = tokens.refresh_token.unwrap();
    let number = refresh.expose().trim_start_matches("Atzr|refresh-");
    format!("{access} R{number}")
}

fn told(outcome: &Result<(), Error>, clock: &ManualClock) -> String {
    let Err(error) = outcome else {
        return "-".to_owned();
    };
    if error.status() == Some(401) {
        return "401".to_owned();
    }
    let error = token_error(error);
    let kind = if error.is_terminal() {
        "terminal"
    } else {
        "passing"
    };
    let at = error.retry_at().map_or_else(String::new, |at| {
        let left = at.duration_since(clock.now()).unwrap();
        format!(", again in {} s", left.as_secs())
    });
    format!("{kind}{at}: {}", error.code().unwrap_or("no code"))
}

/// Two calls in this state of the login, at an endpoint that responds like this.
async fn row(state: State, responses: Vec<ResponseTemplate>) -> String {
    let clock = ManualClock::new();
    let server = server(responses, matches!(state, State::Refused)).await;
    let store = MemoryTokenStore::new();
    if !matches!(state, State::Nothing) {
        let tokens = fresh(&server, "Atza|old", clock.now());
        store.save(&key(), &tokens, &clock).await.unwrap();
    }
    if let State::Left(left) = state {
        clock.advance(HOUR - Duration::from_secs(left));
    }
    let music = client_at(&server.uri(), &clock, Stored::new(store.clone(), key()));
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let outcome = drive(&clock, music.top_tracks().send()).await.map(drop);
        outcomes.push(told(&outcome, &clock));
        // What goes on in the background too.
        drive(&clock, music.settle()).await;
    }
    let sent = short(&sent(&server).await);
    let kept = kept(&store, &key()).await;
    format!("{sent}| {kept:<6} | {}", outcomes.join("; "))
}

#[tokio::test]
async fn what_is_sent_kept_and_told() {
    let mut table = format!(
        "{:<8} | {:<14} | {:<18}| {:<12}| {:<6} | told by the first call; the second\n",
        "login", "endpoint", "refreshes", "calls", "kept"
    );
    for (name, state) in STATES {
        let is_asked = !matches!(state, State::Nothing | State::Left(3000));
        for (event, responses) in events().into_iter().take(if is_asked { 9 } else { 1 }) {
            let event = if is_asked { event } else { "any" };
            table += &format!(
                "{name:<8} | {event:<14} | {}\n",
                row(state, responses).await
            );
        }
    }
    assert_snapshot!(table, @"
    login    | endpoint       | refreshes         | calls       | kept   | told by the first call; the second
    no login | any            |                   |             | -      | terminal: no code; terminal: no code
    fresh    | any            |                   | old old     | old R1 | -; -
    early    | new token      | R1                | old new     | new R1 | -; -
    early    | new tokens     | R1                | old new     | new R2 | -; -
    early    | unusable token | R1                | old old     | old R2 | -; -
    early    | 503, then good | R1 R1             | old new     | new R1 | -; -
    early    | 503 for long   | R1 R1 R1          | old old     | old R1 | -; -
    early    | 429, in 20 s   | R1                | old old     | old R1 | -; -
    early    | invalid_grant  | R1                | old old     | old R1 | -; -
    late     | new token      | R1                | new new     | new R1 | -; -
    late     | new tokens     | R1                | new new     | new R2 | -; -
    late     | unusable token | R1                | old old     | old R2 | -; -
    late     | 503, then good | R1 R1             | new new     | new R1 | -; -
    late     | 503 for long   | R1 R1 R1          | old old     | old R1 | -; -
    late     | 429, in 20 s   | R1                | old old     | old R1 | -; -
    late     | invalid_grant  | R1                | old old     | old R1 | -; -
    expired  | new token      | R1                | new new     | new R1 | -; -
    expired  | new tokens     | R1                | new new     | new R2 | -; -
    expired  | unusable token | R1 R2             |             | old R2 | passing: no code; passing: no code
    expired  | 503, then good | R1 R1             | new new     | new R1 | -; -
    expired  | 503 for long   | R1 R1 R1 R1 R1 R1 |             | old R1 | passing: no code; passing: no code
    expired  | 429, in 20 s   | R1                |             | old R1 | passing, again in 20 s: no code; passing, again in 20 s: no code
    expired  | invalid_grant  | R1                |             | old R1 | terminal: invalid_grant; terminal: invalid_grant
    refused  | new token      | R1                | old new new | new R1 | -; -
    refused  | new tokens     | R1                | old new new | new R2 | -; -
    refused  | unusable token | R1 R2             | old         | old R2 | passing: no code; passing: no code
    refused  | 503, then good | R1 R1             | old new new | new R1 | -; -
    refused  | 503 for long   | R1 R1 R1 R1 R1 R1 | old         | old R1 | passing: no code; passing: no code
    refused  | 429, in 20 s   | R1                | old         | old R1 | passing, again in 20 s: no code; passing, again in 20 s: no code
    refused  | invalid_grant  | R1                | old         | old R1 | terminal: invalid_grant; terminal: invalid_grant
    ");
}
