//! A web service with many users: one client for the application, and a token for each user.
//!
//! ```console
//! $ cargo run --package amazon-music --example many_users_service
//! $ curl http://127.0.0.1:3000/users/anna/top-tracks
//! ```
//!
//! Needs no account: it uses the sandbox, a mock server, where Anna and Ben have logged in. In a real
//! service, users log in with `LoginWithAmazon::authorize`, and a persistent store keeps their tokens.

use std::{
    collections::HashMap,
    error::Error,
    io::{self, Write as _},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use amazon_music::{
    AmazonMusic, Error as MusicError, ErrorKind,
    auth::{
        LoginWithAmazon, MemoryTokenStore, TokenError, TokenKey, TokenSet, TokenStore as _,
        token_from,
    },
    clock::SystemClock,
};
use amazon_music_sandbox::Running;
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let service = Service::new(&sandbox)?;
    for user in ["anna", "ben"] {
        service.log_in(&sandbox, user).await?;
    }
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    writeln!(
        io::stdout(),
        "curl http://127.0.0.1:3000/users/anna/top-tracks"
    )?;
    Ok(axum::serve(listener, router(service)).await?)
}

pub(crate) fn router(service: Service) -> Router {
    Router::new()
        .route("/users/{user}/top-tracks", get(top_tracks))
        .with_state(service)
}

/// The state that all requests share.
#[derive(Clone)]
pub(crate) struct Service {
    /// All users share the connections, the retry budget and the backoff of the application.
    music: AmazonMusic,
    login: LoginWithAmazon,
    store: MemoryTokenStore,
    /// One client per user, so that concurrent requests of a user refresh a token once.
    users: Arc<Mutex<HashMap<String, AmazonMusic>>>,
}

impl Service {
    pub(crate) fn new(sandbox: &Running) -> Result<Self, MusicError> {
        let music = AmazonMusic::builder()
            .base_url(sandbox.base_url())
            .security_profile_id(sandbox.security_profile_id())
            // No call is made without a user.
            .tokens(token_from(async || {
                Err(TokenError::terminal("no user: call `for_user`"))
            }))
            .build()?;
        let login = LoginWithAmazon::new(sandbox.client_id())
            .client_secret(sandbox.client_secret())
            .token_url(sandbox.token_url());
        Ok(Self {
            music,
            login,
            store: MemoryTokenStore::new(),
            users: Arc::default(),
        })
    }

    /// Stores the tokens of a login.
    pub(crate) async fn log_in(&self, sandbox: &Running, user: &str) -> Result<(), TokenError> {
        let issued = sandbox.issue_tokens(user);
        let mut tokens = TokenSet::new(issued.access_token, SystemTime::now());
        tokens.refresh_token = Some(issued.refresh_token.into());
        let key = TokenKey::new(sandbox.security_profile_id(), user);
        self.store.save(&key, &tokens, &SystemClock::new()).await?;
        let client = self
            .music
            .for_user(self.login.stored(self.store.clone(), key));
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.insert(user.to_owned(), client);
        Ok(())
    }

    fn client_of(&self, user: &str) -> Option<AmazonMusic> {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.get(user).cloned()
    }
}

async fn top_tracks(
    State(service): State<Service>,
    Path(user): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let music = service.client_of(&user).ok_or(Refusal::Unknown)?;
    let page = music.top_tracks().limit(5).send().await?;
    Ok(Json(json!({ "user": user, "tracks": page.items })))
}

/// An error response of this service.
enum Refusal {
    Unknown,
    Music(MusicError),
}

impl From<MusicError> for Refusal {
    fn from(error: MusicError) -> Self {
        Self::Music(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Unknown => return (StatusCode::NOT_FOUND, "no such user").into_response(),
            Self::Music(error) => error,
        };
        let text = error.to_string();
        match error.kind() {
            // The user must log in again.
            ErrorKind::Token => (StatusCode::UNAUTHORIZED, text).into_response(),
            ErrorKind::RateLimited => {
                let wait = error
                    .retry_at()
                    .map(|at| at.duration_since(SystemTime::now()));
                let seconds = wait.map_or(1, |wait| wait.unwrap_or_default().as_secs() + 1);
                let header = [(RETRY_AFTER, seconds.to_string())];
                (StatusCode::SERVICE_UNAVAILABLE, header, text).into_response()
            }
            _ => (StatusCode::BAD_GATEWAY, text).into_response(),
        }
    }
}
