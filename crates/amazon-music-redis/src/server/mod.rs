//! One Redis server or cluster: its connection, bounded waits, and the circuit around both.

mod builder;
mod circuit;
mod link;
mod script;
mod tls;
mod warning;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use redis::{Cmd, FromRedisValue, RedisError, Value};
use tokio::time::{Instant, timeout};

pub use builder::RedisBuilder;
use circuit::Circuit;
pub(crate) use link::Route;
use link::{Link, Target};
pub(crate) use script::{Arguments, Script};
use warning::OnWarning;
pub use warning::Warning;

use crate::{
    failure::{Failure, FailureKind},
    sync::lock,
};

/// A Redis server or cluster, connected to on first use. Clones share the connection.
///
/// ```
/// use std::time::Duration;
///
/// use amazon_music_redis::Redis;
///
/// # fn main() -> Result<(), amazon_music_redis::Failure> {
/// let redis = Redis::builder("redis://127.0.0.1:6379")
///     .prefix("my-service")
///     .command_timeout(Duration::from_millis(300))
///     .build()?;
/// # drop(redis);
/// # Ok(())
/// # }
/// ```
///
/// - No command waits longer than its time-out, one more attempt included if the connection was dropped.
/// - After several failures in a row Redis is left alone for a pause that doubles; then one command finds
///   out whether it is back.
/// - Whatever is sent can be sent twice: scripts that Redis does not know any more (`NOSCRIPT`) are sent in
///   full, and a dropped connection is opened again.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    target: Target,
    address: Arc<str>,
    prefix: String,
    connect_timeout: Duration,
    command_timeout: Duration,
    circuit: Mutex<Circuit>,
    link: Mutex<Option<Link>>,
    /// Held by who connects: the others wait for the same connection.
    connecting: tokio::sync::Mutex<()>,
    warnings: Mutex<Option<Vec<Warning>>>,
    on_warning: Option<OnWarning>,
}

impl Redis {
    /// Starts the settings of a connection: `redis://`, `rediss://` (TLS) or `redis+unix://`, with a user and a
    /// password if need be.
    pub fn builder(url: impl Into<String>) -> RedisBuilder {
        RedisBuilder::new(vec![url.into()], false)
    }

    /// Starts the settings of a cluster, of which these are some nodes.
    #[cfg(feature = "cluster")]
    pub fn cluster(urls: impl IntoIterator<Item = impl Into<String>>) -> RedisBuilder {
        RedisBuilder::new(urls.into_iter().map(Into::into).collect(), true)
    }

    /// Connects, and tells what in the server's settings endangers logins. Not required: call it when a
    /// service starts.
    ///
    /// # Errors
    ///
    /// Returns an error if the server cannot be reached or does not serve.
    pub async fn check(&self) -> Result<Vec<Warning>, Failure> {
        self.guarded(&Route::Anywhere, &redis::cmd("PING")).await?;
        Ok(lock(&self.0.warnings).clone().unwrap_or_default())
    }

    /// The prefix of all keys.
    pub(crate) fn prefix(&self) -> &str {
        &self.0.prefix
    }

    pub(crate) fn failure(&self, kind: FailureKind) -> Failure {
        Failure::new(kind, &self.0.address)
    }

    /// Runs a command, within its time-out and if the circuit is closed.
    pub(crate) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        self.query_at(&Route::ByKey, command).await
    }

    /// Runs a command at a certain node, if this is a cluster.
    pub(crate) async fn query_at<T: FromRedisValue>(
        &self,
        route: &Route,
        command: &Cmd,
    ) -> Result<T, Failure> {
        let value = self.guarded(route, command).await?;
        let value = redis::from_redis_value(value).map_err(RedisError::from);
        value.map_err(|error| Failure::of(&error, &self.0.address))
    }

    /// Lists the primary nodes, of which a single server is one.
    pub(crate) async fn primaries(&self) -> Result<Vec<Route>, Failure> {
        if !self.0.target.is_cluster() {
            return Ok(vec![Route::Anywhere]);
        }
        let mut command = redis::cmd("CLUSTER");
        let slots = self.guarded(&Route::Anywhere, command.arg("SLOTS")).await?;
        let nodes = link::primaries(slots);
        nodes.map_err(|error| Failure::of(&error, &self.0.address))
    }

    /// Runs a command, a second time if the connection was an old one that turned out to be gone.
    async fn guarded(&self, route: &Route, command: &Cmd) -> Result<Value, Failure> {
        let mut probe = self.admitted()?;
        let mut outcome = self.attempt(route, command).await;
        if let Err((failure, true)) = &outcome
            && matches!(failure.kind(), FailureKind::Unreachable(_))
        {
            outcome = self.attempt(route, command).await;
        }
        let outcome = outcome.map_err(|(failure, _)| failure);
        let failed = outcome.as_ref().is_err_and(Failure::opens_circuit);
        probe.end(failed);
        outcome
    }

    /// One attempt; an error comes with whether the connection was an old one.
    async fn attempt(&self, route: &Route, command: &Cmd) -> Result<Value, (Failure, bool)> {
        let (mut link, is_old) = self.link().await.map_err(|failure| (failure, false))?;
        let done = timeout(self.0.command_timeout, link.send(route, command)).await;
        let failure = match done {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => Failure::of(&error, &self.0.address),
            Err(_) => self.failure(FailureKind::TimedOut),
        };
        if failure.wants_reconnect() {
            lock(&self.0.link).take_if(|own| own.is_same(&link));
        }
        Err((failure, is_old))
    }

    /// Asks the circuit.
    fn admitted(&self) -> Result<Probe<'_>, Failure> {
        let admitted = lock(&self.0.circuit).admit(Instant::now().into_std());
        match admitted {
            Ok(()) => Ok(Probe {
                circuit: &self.0.circuit,
                ended: false,
            }),
            Err(left) => Err(self.failure(FailureKind::CircuitOpen(left))),
        }
    }

    /// The connection, and whether it was there before.
    async fn link(&self) -> Result<(Link, bool), Failure> {
        if let Some(link) = &*lock(&self.0.link) {
            return Ok((link.clone(), true));
        }
        let connect = async {
            let _connecting = self.0.connecting.lock().await;
            if let Some(link) = &*lock(&self.0.link) {
                return Ok(link.clone());
            }
            let mut link = self.0.target.connect(&self.0.address).await?;
            self.warn(&mut link).await;
            *lock(&self.0.link) = Some(link.clone());
            Ok(link)
        };
        match timeout(self.0.connect_timeout, connect).await {
            Ok(link) => Ok((link?, false)),
            Err(_) => Err(self.failure(FailureKind::TimedOut)),
        }
    }

    /// Reads the settings of the server, once, and tells of those that endanger logins.
    async fn warn(&self, link: &mut Link) {
        if lock(&self.0.warnings).is_some() {
            return;
        }
        let info = link
            .send(&Route::Anywhere, redis::cmd("INFO").arg("memory"))
            .await;
        // A user who may not ask gets no warnings.
        let info = info.and_then(|info| Ok(redis::from_redis_value::<String>(info)?));
        let found = warning::of_info(&info.unwrap_or_default());
        for warning in &found {
            warning::trace(warning);
            if let Some(tell) = &self.0.on_warning {
                tell(warning);
            }
        }
        *lock(&self.0.warnings) = Some(found);
    }
}

/// A command that the circuit let through. A future that is dropped says nothing of the server.
struct Probe<'a> {
    circuit: &'a Mutex<Circuit>,
    ended: bool,
}

impl Probe<'_> {
    fn end(&mut self, failed: bool) {
        self.ended = true;
        lock(self.circuit).note(Instant::now().into_std(), failed);
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        if !self.ended {
            lock(self.circuit).abandon();
        }
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("address", &self.0.address)
            .field("prefix", &self.0.prefix)
            .finish_non_exhaustive()
    }
}
