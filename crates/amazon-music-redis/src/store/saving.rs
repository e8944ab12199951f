//! Saves what a refresh brought, for as long as it takes.

use std::time::Duration;

use amazon_music::auth::TokenError;
use zeroize::Zeroizing;

use crate::{
    failure::Failure,
    server::{Arguments, Redis},
    store::scripts,
};

/// The delays before the attempts that the refresh waits for.
const FIRST: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// The longest delay between two attempts in the background.
const LONGEST: Duration = Duration::from_secs(2);

/// A record on its way. The refresh token before it is spent, so that it must not be lost.
pub(super) struct Saving {
    pub(super) redis: Redis,
    pub(super) name: String,
    pub(super) fence: String,
    pub(super) data: Zeroizing<Vec<u8>>,
    pub(super) fingerprint: String,
    /// The fingerprint of the record that it replaces, if that was loaded.
    pub(super) loaded: Option<String>,
}

impl Saving {
    /// Saves the record; goes on in the background for `grace` if that fails now.
    pub(super) async fn save(self, grace: Duration) -> Result<(), TokenError> {
        let mut delays = FIRST.into_iter();
        loop {
            let failure = match self.once().await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            match delays.next() {
                Some(delay) if failure.is_transient() => tokio::time::sleep(delay).await,
                _ => {
                    tokio::spawn(self.go_on(grace));
                    return Err(failure.into());
                }
            }
        }
    }

    async fn go_on(self, grace: Duration) {
        let attempts = async {
            let mut delay = FIRST[1];
            loop {
                tokio::time::sleep(delay).await;
                if self.once().await.is_ok() {
                    return;
                }
                delay = (delay * 2).min(LONGEST);
            }
        };
        let _ = tokio::time::timeout(grace, attempts).await;
    }

    /// One attempt. A newer record that is there already is as good.
    async fn once(&self) -> Result<(), Failure> {
        let is_loaded = if self.loaded.is_some() { "1" } else { "0" };
        let arguments = Arguments::new()
            .arg(&self.fence)
            .arg(&self.data[..])
            .arg(&self.fingerprint)
            .arg(is_loaded)
            .arg(self.loaded.as_deref().unwrap_or_default());
        let _: bool = scripts::SAVE
            .run(&self.redis, &[&self.name], &arguments)
            .await?;
        Ok(())
    }
}
