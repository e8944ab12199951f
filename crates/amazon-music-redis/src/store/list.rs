//! The logins of a store.

use amazon_music::{
    auth::{TokenError, TokenKey, TokenStore as _},
    clock::Clock,
};

use crate::{keys, store::RedisTokenStore};

/// How many keys the server looks at in one step.
const STEP: usize = 500;

impl RedisTokenStore {
    /// Lists all logins that are kept under the prefix, with an error for each record that cannot be read. Looks at
    /// all keys of the server, a few hundred at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis cannot be asked.
    pub async fn keys(&self) -> Result<Vec<Result<TokenKey, TokenError>>, TokenError> {
        let mut found = Vec::new();
        for name in self.names().await? {
            let Some(record) = self.record(&name).await? else {
                continue;
            };
            found.push(self.decode(&name, &record).map(|(key, _, _)| key));
        }
        Ok(found)
    }

    /// Encrypts each record with the first of the [`encryption_keys`](Self::encryption_keys) that is plain or
    /// encrypted with another. Returns how many there were.
    ///
    /// # Errors
    ///
    /// Returns the first error, of Redis or of a record that cannot be read.
    pub async fn encrypt_all(&self, clock: &dyn Clock) -> Result<usize, TokenError> {
        let mut count = 0;
        for name in self.names().await? {
            let Some(record) = self.record(&name).await? else {
                continue;
            };
            let (key, _, is_current) = self.decode(&name, &record)?;
            if is_current {
                continue;
            }
            let mut locked = self.lock(&key, clock).await?;
            if let Some(tokens) = locked.load().await? {
                locked.save(&tokens).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn record(&self, name: &str) -> Result<Option<Vec<u8>>, TokenError> {
        let mut command = redis::cmd("HGET");
        Ok(self.redis.query(command.arg(name).arg("data")).await?)
    }

    /// The names of all records, each once.
    async fn names(&self) -> Result<Vec<String>, TokenError> {
        let mut names = Vec::new();
        for node in &self.redis.primaries().await? {
            let mut cursor = 0_u64;
            loop {
                let mut command = redis::cmd("SCAN");
                let pattern = keys::pattern(self.redis.prefix());
                command
                    .arg(cursor)
                    .arg("MATCH")
                    .arg(pattern)
                    .arg("COUNT")
                    .arg(STEP);
                let (next, part): (u64, Vec<String>) = self.redis.query_at(node, &command).await?;
                names.extend(part);
                if next == 0 {
                    break;
                }
                cursor = next;
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }
}
