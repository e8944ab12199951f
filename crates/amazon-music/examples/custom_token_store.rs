//! Implements a token store that keeps logins as rows of a database table.
//!
//! ```console
//! $ cargo run --package amazon-music --example custom_token_store
//! ```
//!
//! Needs no account: it logs in at the sandbox, a mock server. `Table` stands for a database; the rest is
//! what a store on a real one looks like.

use std::{
    collections::HashMap,
    error::Error,
    fmt,
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use amazon_music::{
    AmazonMusic,
    auth::{
        LockedTokens, LoginWithAmazon, StoreFuture, TokenError, TokenKey, TokenSet, TokenStore,
    },
    clock::{Clock, SystemClock},
};
use amazon_music_sandbox::Sandbox;
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedMutexGuard;

/// The columns of a login. The OAuth client is not among them, because it belongs to the program.
#[derive(Serialize, Deserialize)]
struct Row {
    access_token: String,
    refresh_token: Option<String>,
    issued_at: u64,
    expires_at: Option<u64>,
    scope: String,
}

impl Row {
    fn of(tokens: &TokenSet) -> Self {
        let exposed = tokens.refresh_token.as_ref();
        Self {
            access_token: tokens.access_token.expose().to_owned(),
            refresh_token: exposed.map(|token| token.expose().to_owned()),
            issued_at: seconds(tokens.issued_at),
            expires_at: tokens.expires_at.map(seconds),
            scope: tokens.scope.clone(),
        }
    }

    fn into_tokens(self) -> TokenSet {
        let mut tokens = TokenSet::new(self.access_token, time(self.issued_at));
        tokens.refresh_token = self.refresh_token.map(Into::into);
        tokens.expires_at = self.expires_at.map(time);
        tokens.scope = self.scope;
        tokens
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The store, which locks, reads, writes and deletes one row at a time.
#[derive(Clone, Default)]
pub(crate) struct TableStore(Table);

impl TokenStore for TableStore {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        _clock: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        Box::pin(async move {
            // With a database: a transaction with `SELECT … FOR UPDATE`, or an advisory lock.
            let (table, id) = (self.0.clone(), row_id(key));
            let lock = table.lock(&id).await;
            let row: Box<dyn LockedTokens> = Box::new(LockedRow {
                table,
                id,
                _lock: lock,
            });
            Ok(row)
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        Box::pin(async move { read(&self.0, &row_id(key)) })
    }
}

/// Keeps tokens out of `Debug` output.
impl fmt::Debug for TableStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TableStore(…)")
    }
}

/// A row that is locked until this is dropped.
struct LockedRow {
    table: Table,
    id: RowId,
    _lock: OwnedMutexGuard<()>,
}

impl LockedTokens for LockedRow {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        Box::pin(async { read(&self.table, &self.id) })
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        Box::pin(async {
            let row = serde_json::to_string(&Row::of(tokens)).map_err(broken)?;
            self.table.rows().insert(self.id.clone(), row);
            Ok(())
        })
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            self.table.rows().remove(&self.id);
            Ok(())
        })
    }
}

/// The primary key of a row: the security profile and the user.
type RowId = (String, String);

fn row_id(key: &TokenKey) -> RowId {
    let profile = key.security_profile_id().expose().to_owned();
    (profile, key.user().to_owned())
}

fn read(table: &Table, id: &RowId) -> Result<Option<TokenSet>, TokenError> {
    let Some(text) = table.rows().get(id).cloned() else {
        return Ok(None);
    };
    let row: Row = serde_json::from_str(&text).map_err(broken)?;
    Ok(Some(row.into_tokens()))
}

/// An unreadable row will not become readable. For a database that is down, use [`TokenError::passing`],
/// which is retried.
fn broken(error: serde_json::Error) -> TokenError {
    TokenError::terminal(format!("the stored row cannot be read: {error}"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout()).await
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new().rotating_refresh_tokens().start().await?;
    let login = LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .token_url(sandbox.token_url());
    let (store, key) = (
        TableStore::default(),
        TokenKey::new(sandbox.security_profile_id(), "anna"),
    );

    // Once: store the tokens of a login.
    let issued = sandbox.issue_tokens("anna");
    let mut tokens = TokenSet::new(issued.access_token, SystemTime::now());
    tokens.refresh_token = Some(issued.refresh_token.into());
    store.save(&key, &tokens, &SystemClock::new()).await?;

    // From then on: expired tokens are refreshed, and the new ones are stored in the row.
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .tokens(login.stored(store.clone(), key.clone()))
        .build()?;
    sandbox.expire_access_tokens();
    let page = music.top_tracks().limit(3).send().await?;
    writeln!(out, "{} tracks", page.items.len())?;

    let stored = store.load(&key).await?.ok_or("the login is missing")?;
    let replaced = stored.access_token.expose() != tokens.access_token.expose();
    writeln!(
        out,
        "refreshes: {}, stored: {replaced}",
        sandbox.refreshes()
    )?;
    Ok(())
}

/// Stands for a database: a row and a lock per user.
#[derive(Clone, Default)]
struct Table {
    rows: Arc<Mutex<HashMap<RowId, String>>>,
    locks: Arc<Mutex<HashMap<RowId, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Table {
    fn rows(&self) -> MutexGuard<'_, HashMap<RowId, String>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn lock(&self, id: &RowId) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            locks.entry(id.clone()).or_default().clone()
        };
        lock.lock_owned().await
    }
}
