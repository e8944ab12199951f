//! A lock in Redis: asked for, extended while its holder lives, given back.

use std::{fmt, sync::Arc, time::Duration};

use amazon_music::auth::{LockedTokens, TokenError};
use redis::Value;
use tokio::{runtime::Handle, task::JoinHandle};

use crate::{
    failure::Failure,
    keys::{Keys, hex},
    server::{Arguments, Redis},
    store::scripts,
};

/// How long a lock is extended at most. A refresh may take a minute.
const LONGEST_HOLD: Duration = Duration::from_secs(120);

/// The response to a request for a lock: see [`RedisTokenStore::try_lock`](crate::RedisTokenStore::try_lock).
#[must_use]
pub enum Asked {
    /// The lock is there, until this is dropped.
    Acquired(Box<dyn LockedTokens>),
    /// Another holder has it.
    Held {
        /// The time after which it is free if that holder is dead.
        left: Duration,
    },
    /// Redis could not be asked: nothing is known of the lock.
    Broken(Failure),
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acquired(_) => f.write_str("Acquired"),
            Self::Held { left } => f.debug_struct("Held").field("left", left).finish(),
            Self::Broken(failure) => f.debug_tuple("Broken").field(failure).finish(),
        }
    }
}

/// The error of a lock that another holder kept for too long.
pub(super) fn busy(longest: Duration) -> TokenError {
    TokenError::passing(format!(
        "another process is refreshing this login and has not finished within {} ms",
        longest.as_millis()
    ))
}

/// A lock that was acquired, with its fencing number.
pub(super) struct Granted {
    pub(super) fence: String,
    /// The record as it was at that moment, with the fingerprint of its refresh token.
    pub(super) record: Record,
}

/// A record as it is kept.
pub(super) struct Record {
    pub(super) data: Option<Vec<u8>>,
    pub(super) fingerprint: String,
}

/// A lock that is held, or may be: whatever happens to it, it is given back when this is dropped.
pub(super) struct Lease {
    redis: Redis,
    keys: Arc<Keys>,
    owner: String,
    expiry: Duration,
    /// Whether it may be held.
    is_asked: bool,
    extension: Option<JoinHandle<()>>,
}

impl Lease {
    pub(super) fn new(redis: Redis, keys: Arc<Keys>, expiry: Duration) -> Self {
        Self {
            redis,
            keys,
            owner: String::new(),
            expiry,
            is_asked: false,
            extension: None,
        }
    }

    /// Takes the lease, and leaves one that holds nothing.
    pub(super) fn take(&mut self) -> Self {
        let free = Self::new(self.redis.clone(), Arc::clone(&self.keys), self.expiry);
        std::mem::replace(self, free)
    }

    /// The owner and the expiry, with which scripts begin.
    pub(super) fn arguments(&self) -> Arguments {
        let expiry = self.expiry.as_millis().to_string();
        Arguments::new().arg(&self.owner).arg(&expiry)
    }

    pub(super) fn redis(&self) -> &Redis {
        &self.redis
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Asks for the lock. Gives what is left of another's if that holds it.
    pub(super) async fn ask(&mut self) -> Result<Result<Granted, Duration>, Failure> {
        if self.owner.is_empty() {
            let mut owner = [0; 16];
            let random = getrandom::fill(&mut owner);
            random.map_err(|_| {
                let kind = crate::FailureKind::Other("no random numbers".to_owned());
                self.redis.failure(kind)
            })?;
            self.owner = hex(&owner);
        }
        self.is_asked = true;
        let keys = [self.keys.lock.as_str(), self.keys.tokens.as_str()];
        type Reply = (bool, String, Option<Vec<u8>>, Option<String>);
        let reply: Reply = scripts::LOCK
            .run(&self.redis, &keys, &self.arguments())
            .await?;
        let (is_granted, fence, data, fingerprint) = reply;
        if !is_granted {
            self.is_asked = false;
            let left = fence.parse().unwrap_or_default();
            return Ok(Err(Duration::from_millis(left)));
        }
        self.extension = Some(tokio::spawn(self.extend()));
        let fingerprint = fingerprint.unwrap_or_default();
        let record = Record { data, fingerprint };
        Ok(Ok(Granted { fence, record }))
    }

    /// Extends the lock until it is lost or given back.
    fn extend(&self) -> impl Future<Output = ()> + Send + use<> {
        let (redis, keys, arguments) = (self.redis.clone(), self.keys.clone(), self.arguments());
        let pause = (self.expiry / 3).max(Duration::from_millis(1));
        let times = LONGEST_HOLD.as_millis() / pause.as_millis().max(1);
        async move {
            for _ in 0..times {
                tokio::time::sleep(pause).await;
                let extended = scripts::EXTEND.run(&redis, &[&keys.lock], &arguments).await;
                // A failure says nothing of the lock: the next time may come before it expires.
                if matches!(extended, Ok(Value::Int(0))) {
                    return;
                }
            }
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(extension) = &self.extension {
            extension.abort();
        }
        if !self.is_asked {
            return;
        }
        // Without a runtime the lock expires.
        if let Ok(runtime) = Handle::try_current() {
            let (redis, keys, arguments) =
                (self.redis.clone(), self.keys.clone(), self.arguments());
            runtime.spawn(async move {
                let _: Result<Value, _> = scripts::RELEASE
                    .run(&redis, &[&keys.lock], &arguments)
                    .await;
            });
        }
    }
}
