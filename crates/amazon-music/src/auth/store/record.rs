//! The format in which stores keep tokens: of a token file, and of a record elsewhere.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::auth::{
    error::TokenError,
    lwa::{LoginWithAmazon, Region, TokenSet},
    secret::Secret,
    store::contract::TokenKey,
};

/// The mark of a token file.
const FORMAT: &str = "amazon-music tokens";

/// The version of the format, raised when an older release could not read a newer file.
const VERSION: u32 = 1;

/// Room for two tokens of 2 KiB and the rest, so that no half of a secret is left behind when the text
/// outgrows its memory.
pub(super) const ROOM: usize = 16 * 1024;

/// The reason for which a file of somebody else is refused.
pub(super) const NOT_OURS: &str = "is no token file of this library";

#[derive(Deserialize, Serialize)]
struct Record {
    format: String,
    version: u32,
    security_profile_id: String,
    user: String,
    access_token: String,
    issued_at: u64,
    expires_at: Option<u64>,
    refresh_token: Option<String>,
    scope: String,
    client: Option<Client>,
}

#[derive(Deserialize, Serialize)]
struct Client {
    id: String,
    secret: Option<String>,
    scope: String,
    authorize_url: String,
    token_url: String,
    code_pair_url: String,
    /// Files of before have none.
    profile_url: Option<String>,
}

impl TokenSet {
    /// Writes the tokens, their client and their key as JSON, the format of token files: for a
    /// [`TokenStore`](super::TokenStore) that keeps records elsewhere.
    ///
    /// ```
    /// use amazon_music::auth::{TokenKey, TokenSet};
    ///
    /// # fn main() -> Result<(), amazon_music::auth::TokenError> {
    /// let key = TokenKey::new("amzn1.application.…", "anna");
    /// let tokens = TokenSet::new("Atza|…", std::time::SystemTime::UNIX_EPOCH);
    /// let record = tokens.to_record(&key)?;
    /// let (found, tokens) = TokenSet::from_record(record.expose().as_bytes())?;
    /// assert_eq!((found, tokens.access_token.expose()), (key, "Atza|…"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the tokens cannot be written as JSON.
    pub fn to_record(&self, key: &TokenKey) -> Result<Secret, TokenError> {
        let mut text = write(key, self).map_err(TokenError::terminal)?;
        let text = String::from_utf8(std::mem::take(&mut *text));
        let text = text.map_err(|_| TokenError::terminal("the record is no text"))?;
        Ok(Secret::from(text))
    }

    /// Reads a record that [`to_record`](Self::to_record) wrote, or a token file: its key and its tokens.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is no such record, is damaged, or was written by a newer version of this
    /// library. It quotes nothing of the text.
    pub fn from_record(text: &[u8]) -> Result<(TokenKey, Self), TokenError> {
        read(text).map_err(|reason| TokenError::terminal(format!("the record {reason}")))
    }
}

/// Writes the text of the file of a key.
pub(super) fn write(key: &TokenKey, tokens: &TokenSet) -> Result<Zeroizing<Vec<u8>>, String> {
    let exposed = |secret: &Secret| secret.expose().to_owned();
    let record = Record {
        format: FORMAT.to_owned(),
        version: VERSION,
        security_profile_id: exposed(key.security_profile_id()),
        user: key.user().to_owned(),
        access_token: exposed(&tokens.access_token),
        issued_at: seconds(tokens.issued_at),
        expires_at: tokens.expires_at.map(seconds),
        refresh_token: tokens.refresh_token.as_ref().map(exposed),
        scope: tokens.scope.clone(),
        client: tokens.client.as_ref().map(|client| Client {
            id: client.client_id.clone(),
            secret: client.client_secret.as_ref().map(exposed),
            scope: client.scope.clone(),
            authorize_url: client.authorize_url.clone(),
            token_url: client.token_url.clone(),
            code_pair_url: client.code_pair_url.clone(),
            profile_url: Some(client.profile_url.clone()),
        }),
    };
    // Wiped, as these are copies.
    let record = Wiped(record);
    let mut text = Zeroizing::new(Vec::with_capacity(ROOM));
    let written = serde_json::to_writer_pretty(&mut *text, &record.0);
    written.map_err(|error| error.to_string())?;
    text.push(b'\n');
    Ok(text)
}

/// Reads the text of a file: its key and its tokens.
pub(super) fn read(text: &[u8]) -> Result<(TokenKey, TokenSet), &'static str> {
    #[derive(Deserialize)]
    struct Head {
        format: String,
        version: u32,
    }
    // Not the parser's words: they could quote a token.
    let head: Head = serde_json::from_slice(text).map_err(|_| NOT_OURS)?;
    if head.format != FORMAT {
        return Err(NOT_OURS);
    }
    match head.version {
        VERSION => {}
        0 => return Err("has the version 0, which no release of this library wrote"),
        _ => return Err("was written by a newer version of this library"),
    }
    let record: Record = serde_json::from_slice(text).map_err(|_| "is damaged")?;
    let key = TokenKey::new(record.security_profile_id, record.user);
    let mut tokens = TokenSet::new(record.access_token, time(record.issued_at));
    tokens.expires_at = record.expires_at.map(time);
    tokens.refresh_token = record.refresh_token.map(Secret::from);
    tokens.scope = record.scope;
    tokens.client = record.client.map(|client| LoginWithAmazon {
        client_id: client.id,
        client_secret: client.secret.map(Secret::from),
        scope: client.scope,
        authorize_url: client.authorize_url,
        token_url: client.token_url,
        code_pair_url: client.code_pair_url,
        profile_url: client
            .profile_url
            .unwrap_or_else(|| Region::default().profile_url().to_owned()),
    });
    Ok((key, tokens))
}

/// Wipes the strings of a record that are secrets.
struct Wiped(Record);

impl Drop for Wiped {
    fn drop(&mut self) {
        let record = &mut self.0;
        let client = record
            .client
            .as_mut()
            .and_then(|client| client.secret.take());
        let secrets = [record.refresh_token.take(), client];
        for secret in secrets.into_iter().flatten() {
            drop(Secret::from(secret));
        }
        drop(Secret::from(std::mem::take(&mut record.access_token)));
        drop(Secret::from(std::mem::take(
            &mut record.security_profile_id,
        )));
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
