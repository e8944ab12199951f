//! A web service with many users on two machines, which share logins and a pace over Redis.
//!
//! ```console
//! $ redis-server &
//! $ cargo run --package amazon-music-redis --example many_machines
//! $ curl http://127.0.0.1:3000/users/anna/top-tracks http://127.0.0.1:3001/users/anna/top-tracks
//! ```
//!
//! Needs no account: it uses the sandbox, a mock server, where Anna and Ben have logged in. `REDIS_URL` names
//! another server than redis://127.0.0.1:6379. Here both machines are in one process, so that one command
//! starts them; they share nothing but Redis.

use std::{
    collections::HashMap,
    error::Error,
    io::{self, Write as _},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use amazon_music::{
    AmazonMusic, Error as MusicError, ErrorKind,
    auth::{LoginWithAmazon, TokenError, TokenKey, TokenSet, TokenStore as _, token_from},
    clock::SystemClock,
};
use amazon_music_redis::{EncryptionKey, Redis, RedisPace, RedisTokenStore};
use amazon_music_sandbox::Running;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned());
    let sandbox = amazon_music_sandbox::start().await?;
    let machines = [Machine::new(&url, &sandbox)?, Machine::new(&url, &sandbox)?];
    for warning in machines[0].redis.check().await? {
        writeln!(io::stderr(), "warning: {warning}")?;
    }
    // At one machine; the others find them.
    for user in ["anna", "ben"] {
        machines[0].log_in(&sandbox, user).await?;
    }
    let [one, other] = machines;
    let first = TcpListener::bind("127.0.0.1:3000").await?;
    let second = TcpListener::bind("127.0.0.1:3001").await?;
    let other = tokio::spawn(async move { axum::serve(second, router(other)).await });
    axum::serve(first, router(one)).await?;
    Ok(other.await??)
}

pub(crate) fn router(machine: Machine) -> Router {
    Router::new()
        .route("/users/{user}/top-tracks", get(top_tracks))
        .route("/health", get(health))
        .with_state(machine)
}

/// One machine of the service: the state that all its requests share.
#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) redis: Redis,
    music: AmazonMusic,
    login: LoginWithAmazon,
    store: RedisTokenStore,
    profile: String,
    /// One client per user who was here, so that requests of a user share the token in memory. A large service
    /// drops those that were not used for a while.
    users: Arc<Mutex<HashMap<String, AmazonMusic>>>,
}

impl Machine {
    pub(crate) fn new(redis: &str, sandbox: &Running) -> Result<Self, Box<dyn Error>> {
        let redis = Redis::builder(redis).prefix("many-machines").build()?;
        // From the service's own secrets: 32 random bytes.
        let key = EncryptionKey::new(*b"an example, and no secret at all");
        let store = RedisTokenStore::new(redis.clone()).encryption_keys([key]);
        let profile = sandbox.security_profile_id();
        let music = AmazonMusic::builder()
            .base_url(sandbox.base_url())
            .security_profile_id(profile)
            .pace(Arc::new(RedisPace::new(redis.clone(), profile)))
            // No call is made without a user.
            .tokens(token_from(async || {
                Err(TokenError::terminal("no user: call `for_user`"))
            }))
            .build()?;
        let login = LoginWithAmazon::new(sandbox.client_id())
            .client_secret(sandbox.client_secret())
            .token_url(sandbox.token_url());
        Ok(Self {
            redis,
            music,
            login,
            store,
            profile: profile.to_owned(),
            users: Arc::default(),
        })
    }

    /// Keeps the tokens of a login, for all machines.
    pub(crate) async fn log_in(&self, sandbox: &Running, user: &str) -> Result<(), TokenError> {
        let issued = sandbox.issue_tokens(user);
        let mut tokens = TokenSet::new(issued.access_token, SystemTime::now());
        tokens.refresh_token = Some(issued.refresh_token.into());
        let key = TokenKey::new(self.profile.as_str(), user);
        self.store.save(&key, &tokens, &SystemClock::new()).await
    }

    fn client_of(&self, user: &str) -> AmazonMusic {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let client = users.entry(user.to_owned()).or_insert_with(|| {
            let key = TokenKey::new(self.profile.as_str(), user);
            self.music
                .for_user(self.login.stored(self.store.clone(), key))
        });
        client.clone()
    }
}

async fn top_tracks(
    State(machine): State<Machine>,
    Path(user): Path<String>,
) -> Result<String, (StatusCode, String)> {
    let page = machine.client_of(&user).top_tracks().limit(5).send().await;
    let page = page.map_err(|error| (status(&error), error.to_string()))?;
    let ids: Vec<_> = page.items.iter().map(|track| track.id.as_str()).collect();
    Ok(ids.join("\n"))
}

/// Tells who must log in again from who must come back: Redis may be away.
fn status(error: &MusicError) -> StatusCode {
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<TokenError>());
    match error.kind() {
        ErrorKind::Token if source.is_some_and(TokenError::is_terminal) => StatusCode::UNAUTHORIZED,
        ErrorKind::Token | ErrorKind::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

/// The pace of all machines together.
async fn health(State(machine): State<Machine>) -> String {
    match machine.music.pace().per_second {
        Some(rate) => format!("{rate:.0} requests a second"),
        None => "no limit is known".to_owned(),
    }
}
