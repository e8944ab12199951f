//! A credential that is planted everywhere, and searched for in everything that is logged or shown.
//!
//! One test, so that nothing else is logged in the meantime.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod encodings;

use std::{
    fmt::Debug,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use amazon_music::{
    AmazonMusic, CallOptions, RetrySettings, Secret,
    auth::{
        AccessToken, FileTokenStore, LoginWithAmazon, MemoryTokenStore, Stored, TokenContext,
        TokenError, TokenKey, TokenSet, TokenStore as _, token_from,
    },
    clock::SystemClock,
};
use amazon_music_cli::Lines;
use amazon_music_sandbox::{Fault, Faults, Sandbox};
use futures_util::StreamExt as _;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Part of every credential.
const CANARY: &str = "c4n4ry";

/// Everything that was logged or shown.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<Vec<u8>>>);

impl Recorded {
    fn note(&self, text: &str) {
        self.clone().write_all(text.as_bytes()).unwrap();
    }

    /// `Debug`, plain and pretty.
    fn debug(&self, value: &impl Debug) {
        self.note(&format!("{value:?}\n{value:#?}\n"));
    }

    /// An error and the chain of its sources.
    fn error(&self, error: &(dyn std::error::Error + 'static)) {
        self.note(&format!("{error}\n{error:?}\n{error:#?}\n"));
        if let Some(source) = error.source() {
            self.error(source);
        }
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Records all levels of all crates, from `tracing` and from `log`, and panics.
fn listen() -> Recorded {
    let recorded = Recorded::default();
    let writer = recorded.clone();
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone());
    let lines = recorded.clone();
    let subscriber = tracing_subscriber::registry()
        .with(LevelFilter::TRACE)
        .with(layer)
        .with(Lines::new(move |line| {
            lines.note(&format!("line: {line}\n"))
        }));
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing_log::LogTracer::init().unwrap();
    let panics = recorded.clone();
    std::panic::set_hook(Box::new(move |panic| {
        panics.note(&format!("{panic}\n{panic:?}\n"))
    }));
    recorded
}

/// A server that echoes each request, credentials included.
async fn echo() -> MockServer {
    let server = MockServer::start().await;
    let response = |request: &wiremock::Request| {
        let sent = format!(
            "{:?} {}",
            request.headers,
            String::from_utf8_lossy(&request.body)
        );
        let refusal = match request.method.as_str() {
            // The error format of Login with Amazon.
            "POST" => serde_json::json!({
                "error": "invalid_request",
                "error_description": sent,
                "request_id": sent,
            }),
            _ => serde_json::json!({
                "error": {
                    "status": "400", "code": sent, "message": sent, "reference": sent, "url": sent,
                    "payload": {"internalCode": sent, "more": [sent]},
                },
            }),
        };
        ResponseTemplate::new(400).set_body_json(refusal)
    };
    Mock::given(any())
        .respond_with(response)
        .mount(&server)
        .await;
    server
}

fn music(base_url: String) -> amazon_music::Builder {
    AmazonMusic::builder()
        .base_url(base_url)
        .security_profile_id(format!("amzn1.application.{CANARY}"))
        .header("x-gateway", format!("{CANARY}-of-a-gateway"))
        .retries(RetrySettings::new().max_attempts(1))
}

async fn call(recorded: &Recorded, music: &AmazonMusic) {
    recorded.debug(music);
    let list = music.category_tracks("2iB4IU25");
    recorded.debug(&list);
    match list.send().await {
        Ok(page) => recorded.debug(&page),
        Err(error) => recorded.error(&error),
    }
    let mut items = music.categories().items();
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => recorded.debug(&item),
            Err(error) => {
                recorded.error(&error);
                break;
            }
        }
    }
    recorded.debug(&items.position());
}

async fn calls(recorded: &Recorded) {
    // The sandbox accepts its own tokens only, so the canary is in the profile.
    let faults = [
        Fault::BadGateway,
        Fault::CutBody,
        Fault::InvalidUtf8,
        Fault::Reset,
        Fault::error(403, "ACCESS_DENIED"),
    ];
    let faults = faults.into_iter().map(Some);
    let sandbox = Sandbox::new()
        .faults(Faults::in_order(faults))
        .start()
        .await
        .unwrap();
    for _ in 0..4 {
        let good = music(sandbox.base_url())
            .token(sandbox.token())
            .build()
            .unwrap();
        call(recorded, &good).await;
    }
    let secret = format!("Atza|{CANARY}");
    let echo = echo().await;
    for url in [
        sandbox.base_url(),
        echo.uri(),
        "http://127.0.0.1:1".to_owned(),
    ] {
        call(
            recorded,
            &music(url.clone()).token(&*secret).build().unwrap(),
        )
        .await;
        let token = Secret::from(&*secret);
        let provider = token_from(move || {
            let token = AccessToken::new(token.clone());
            async { Ok(token) }
        });
        recorded.debug(&provider);
        let refreshing = music(url).tokens(provider).build().unwrap();
        let header = CallOptions::new().header("x-mine", CANARY).unwrap();
        recorded.debug(&header);
        call(recorded, &refreshing.with_options(header)).await;
    }
}

/// Every request of a login, to a server that echoes it.
async fn logins(recorded: &Recorded) {
    let echo = echo().await;
    for url in [echo.uri(), "http://127.0.0.1:1".to_owned()] {
        let client = LoginWithAmazon::new("client")
            .client_secret(format!("secret-{CANARY}"))
            .authorize_url(&url)
            .token_url(&url)
            .code_pair_url(&url);
        recorded.debug(&client);
        let http = client.http_client().unwrap();
        let context = TokenContext::new(&http);
        recorded.debug(&context);
        let login = client.authorize("https://example.com/").unwrap();
        recorded.debug(&login);
        let query = format!("code={CANARY}&state={}", login.state().expose());
        recorded.error(&login.finish(&query, context).await.unwrap_err());
        recorded.error(
            &login
                .finish(&format!("code=x&state={CANARY}"), context)
                .await
                .unwrap_err(),
        );
        recorded.error(&client.device(context).await.map(drop).unwrap_err());
        let provider = client.refresh_token(format!("Atzr|{CANARY}"));
        recorded.debug(&provider);
        call(recorded, &music(url).tokens(provider).build().unwrap()).await;
    }
}

/// Logins that succeed, and return canaries.
async fn good_logins(recorded: &Recorded) {
    let server = MockServer::start().await;
    let response = serde_json::json!({
        "access_token": format!("Atza|{CANARY}"),
        "refresh_token": format!("Atzr|{CANARY}"),
        "expires_in": 3600,
        "device_code": CANARY,
        "user_code": "ABC",
        "verification_uri": "http://127.0.0.1:1/code",
    });
    let response = ResponseTemplate::new(200).set_body_json(response);
    Mock::given(any())
        .respond_with(response)
        .mount(&server)
        .await;
    let client = LoginWithAmazon::new("client")
        .client_secret(CANARY)
        .authorize_url(server.uri())
        .token_url(server.uri())
        .code_pair_url(server.uri());
    let http = client.http_client().unwrap();
    let context = TokenContext::new(&http);
    let login = client.authorize("https://example.com/").unwrap();
    let query = format!("code={CANARY}&state={}", login.state().expose());
    let tokens = login.finish(&query, context).await.unwrap();
    recorded.debug(&tokens);
    // The state is a secret, except in the URL that the user is sent to.
    let state = login.state().expose().to_owned();
    assert!(!recorded.all().contains(&state));
    recorded.debug(&client.device(context).await.unwrap());
    let (store, key) = (MemoryTokenStore::new(), TokenKey::new(CANARY, "anna"));
    let mut old = tokens;
    old.expires_at = Some(std::time::UNIX_EPOCH);
    store.save(&key, &old, &SystemClock::new()).await.unwrap();
    let provider = Stored::new(store, key);
    recorded.debug(&provider);
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    call(
        recorded,
        &music(sandbox.base_url()).tokens(provider).build().unwrap(),
    )
    .await;
}

fn token_set() -> TokenSet {
    let mut tokens = TokenSet::new(format!("Atza|{CANARY}"), std::time::SystemTime::now());
    tokens.refresh_token = Some(format!("Atzr|{CANARY}").into());
    tokens.client = Some(LoginWithAmazon::new("client").client_secret(CANARY));
    tokens
}

async fn stores(recorded: &Recorded) {
    let folder = tempfile::tempdir().unwrap();
    let key = TokenKey::new(format!("amzn1.application.{CANARY}"), "anna");
    let (files, memory) = (FileTokenStore::new(folder.path()), MemoryTokenStore::new());
    let (tokens, clock) = (token_set(), SystemClock::new());
    recorded.debug(&tokens);
    recorded.debug(&key);
    memory.save(&key, &tokens, &clock).await.unwrap();
    files.save(&key, &tokens, &clock).await.unwrap();
    recorded.debug(&memory);
    recorded.debug(&files);
    recorded.debug(&Stored::new(memory, key.clone()));
    // Truncated in the middle of a token, renamed fields, no JSON.
    let path = files.path(&key);
    let text = std::fs::read_to_string(&path).unwrap();
    let end = text.find(CANARY).unwrap() + CANARY.len();
    for damaged in [&text[..end], &text.replace("\"scope\"", "\"x\""), CANARY] {
        std::fs::write(&path, damaged).unwrap();
        recorded.error(&files.load(&key).await.unwrap_err());
    }
}

fn panics(recorded: &Recorded) {
    let secret = Secret::from(CANARY);
    recorded.debug(&secret);
    panic_with(secret);
    panic_with(music("http://127.0.0.1:1".to_owned()).token(CANARY));
    let provider = token_from(|| async { Err(TokenError::passing("no")) });
    recorded.debug(&provider);
}

/// Panics like `unwrap` on an error.
fn panic_with(error: impl Debug + Send + 'static) {
    std::thread::spawn(move || panic!("called on an `Err`: {error:?}"))
        .join()
        .unwrap_err();
}

#[tokio::test]
async fn no_credential_is_logged_or_shown_anywhere() {
    let recorded = listen();
    calls(&recorded).await;
    logins(&recorded).await;
    good_logins(&recorded).await;
    stores(&recorded).await;
    panics(&recorded);
    encodings::calls(|error| recorded.error(error)).await;
    // Failures of the test itself are printed again.
    drop(std::panic::take_hook());
    let all = recorded.all();
    // It recorded what it should.
    for heard in [
        "TRACE",
        "hyper_util::client",
        "line: GET /v1/browse/categories/2iB4IU25/tracks: ",
        "line: hyper_util::client",
        "amazon_music",
        "panicked at",
        "redacted",
    ] {
        assert!(all.contains(heard), "nothing from {heard}");
    }
    let found: Vec<_> = all.lines().filter(|line| line.contains(CANARY)).collect();
    // wiremock is the server: it logs the requests it received.
    let found: Vec<_> = found
        .iter()
        .filter(|line| !line.contains("wiremock"))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    let ours: Vec<_> = all
        .lines()
        .filter(|line| !line.contains("wiremock"))
        .collect();
    let found = encodings::found(&ours.join("\n"));
    assert!(found.is_empty(), "{found:#?}");
}
