//! The tokens of a key whose lock is held.

use amazon_music::auth::{LockedTokens, StoreFuture, TokenError, TokenKey, TokenSet};
use redis::Value;
use zeroize::Zeroizing;

use crate::{
    keys::fingerprint,
    server::Arguments,
    store::{
        RedisTokenStore,
        lease::{Granted, Lease, Record},
        saving::Saving,
        scripts,
    },
};

pub(super) struct Locked {
    store: RedisTokenStore,
    key: TokenKey,
    lease: Lease,
    fence: String,
    /// The record that came with the lock, until it is loaded.
    fetched: Option<Record>,
    /// The fingerprint of the refresh token that was loaded, and may be spent.
    loaded: Option<String>,
}

impl Locked {
    pub(super) fn new(
        store: RedisTokenStore,
        key: TokenKey,
        lease: Lease,
        granted: Granted,
    ) -> Self {
        Self {
            store,
            key,
            lease,
            fence: granted.fence,
            fetched: Some(granted.record),
            loaded: None,
        }
    }

    fn grace(&self) -> String {
        self.store.times.refresh_grace.as_millis().to_string()
    }

    fn read(&mut self, record: &Record) -> Result<Option<TokenSet>, TokenError> {
        let name = &self.lease.keys().tokens;
        let tokens = self.store.read(name, &self.key, record.data.as_deref())?;
        self.loaded = Some(record.fingerprint.clone());
        Ok(tokens)
    }

    async fn fetch(&mut self) -> Result<Record, TokenError> {
        if let Some(record) = self.fetched.take() {
            return Ok(record);
        }
        let mut command = redis::cmd("HMGET");
        command
            .arg(&self.lease.keys().tokens)
            .arg("data")
            .arg("refresh");
        let (data, refresh): (Option<Vec<u8>>, Option<String>) =
            self.lease.redis().query(&command).await?;
        Ok(Record {
            data,
            fingerprint: refresh.unwrap_or_default(),
        })
    }
}

impl LockedTokens for Locked {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        Box::pin(async move {
            let record = self.fetch().await?;
            self.read(&record)
        })
    }

    fn reserve(&mut self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let keys = [self.lease.keys().lock.as_str(), &self.lease.keys().tokens];
            let arguments = self.lease.arguments().arg(&self.fence).arg(self.grace());
            let held: bool = scripts::RESERVE
                .run(self.lease.redis(), &keys, &arguments)
                .await?;
            if held {
                return Ok(());
            }
            Err(TokenError::passing(
                "the lock of this login expired before it was refreshed: another process may refresh it",
            ))
        })
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let name = self.lease.keys().tokens.clone();
            // What is not ours is not replaced.
            if self.loaded.is_none() {
                let record = self.fetch().await?;
                self.store.read(&name, &self.key, record.data.as_deref())?;
            }
            let text = tokens.to_record(&self.key)?;
            let data = self.store.crypt.seal(&name, text.expose().as_bytes())?;
            let saving = Saving {
                redis: self.lease.redis().clone(),
                name,
                fence: self.fence.clone(),
                data: Zeroizing::new(data.to_vec()),
                fingerprint: fingerprint(tokens.refresh_token.as_ref()),
                loaded: self.loaded.clone(),
            };
            saving.save(self.store.times.refresh_grace).await
        })
    }

    fn load_after_refusal(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        Box::pin(async move {
            self.fetched = None;
            let spent = self.loaded.clone();
            let arguments = Arguments::new().arg(&self.fence).arg(self.grace());
            let keys = [self.lease.keys().tokens.as_str()];
            let (left, data, refresh): (u64, Option<Vec<u8>>, Option<String>) = scripts::REFUSED
                .run(self.lease.redis(), &keys, &arguments)
                .await?;
            let fingerprint = refresh.unwrap_or_default();
            if left > 0 && spent.as_ref() == Some(&fingerprint) {
                return Err(TokenError::passing(
                    "another process has spent the refresh token and may still save the new one",
                ));
            }
            self.read(&Record { data, fingerprint })
        })
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let name = self.lease.keys().tokens.clone();
            let record = self.fetch().await?;
            self.store.read(&name, &self.key, record.data.as_deref())?;
            let mut command = redis::cmd("DEL");
            let _: Value = self.lease.redis().query(command.arg(&name)).await?;
            self.loaded = None;
            Ok(())
        })
    }
}
