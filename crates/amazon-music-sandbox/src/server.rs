//! Starting and stopping.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::middleware::from_fn_with_state;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    CLIENT_ID, CLIENT_SECRET, Fault, Faults, SECURITY_PROFILE_ID, TOKEN,
    auth::SCOPE,
    browse,
    clock::{Clock, SystemClock},
    faults::inject,
    listener::{Connection, Killable},
    lwa::{self, Login},
    reference,
};

/// Starts a sandbox with its defaults on a free loopback port.
///
/// # Errors
///
/// Fails where no loopback port can be had.
pub async fn start() -> io::Result<Running> {
    Sandbox::new().start().await
}

/// Settings of a sandbox.
#[derive(Clone, Debug)]
#[must_use = "a sandbox does nothing until it is started"]
pub struct Sandbox {
    port: u16,
    faults: Faults,
    login: lwa::Settings,
    latency: Duration,
    clock: Arc<dyn Clock>,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

/// What requests ask the running server for.
#[derive(Debug)]
pub(crate) struct State {
    faults: Mutex<Faults>,
    latency: Duration,
    clock: Arc<dyn Clock>,
    login: Arc<Login>,
    requests: AtomicU64,
}

impl State {
    pub(crate) fn count(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn next_fault(&self) -> Option<Fault> {
        self.faults().next()
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Takes as long as every answer takes.
    pub(crate) async fn latency(&self) {
        if !self.latency.is_zero() {
            self.clock.sleep(self.latency).await;
        }
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// A sandbox with its defaults.
    pub fn new() -> Self {
        Self {
            port: 0,
            faults: Faults::none(),
            login: lwa::Settings::default(),
            latency: Duration::ZERO,
            clock: Arc::new(SystemClock),
        }
    }

    /// Listens on this port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Fails as this script says.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Ends access tokens after this time instead of an hour.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.login.token_lifetime = lifetime;
        self
    }

    /// Gives a new refresh token with each renewal, and ends the old one. Without it, refresh tokens
    /// stay good and no new ones are given: the documentation has it both ways.
    pub fn rotating_refresh_tokens(mut self) -> Self {
        self.login.rotates = true;
        self
    }

    /// Makes devices wait this long between two questions instead of 5 seconds.
    pub fn device_interval(mut self, interval: Duration) -> Self {
        self.login.device_interval = interval;
        self
    }

    /// Takes this long over every answer, in addition to what the faults take.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Waits by this clock, for tests that do not want to.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Starts listening on 127.0.0.1, on the running Tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails where the port cannot be had.
    pub async fn start(self) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let login = Arc::new(Login::new(self.login, self.clock.clone()));
        let state = Arc::new(State {
            faults: Mutex::new(self.faults),
            latency: self.latency,
            clock: self.clock,
            login: login.clone(),
            requests: AtomicU64::new(0),
        });
        let service = browse::router(&login)
            .layer(from_fn_with_state(state.clone(), inject))
            .merge(lwa::router(login))
            .merge(reference::router())
            .into_make_service_with_connect_info::<Connection>();
        let server = axum::serve(Killable(listener), service).with_graceful_shutdown(async {
            // A dropped sender means the same as a message: stop.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async { server.await });
        Ok(Running {
            address,
            state,
            stop: Some(stop),
            task,
        })
    }
}

/// A running sandbox. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What takes the place of `https://api.music.amazon.dev/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// A token it accepts.
    #[must_use]
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// A security profile id it accepts.
    #[must_use]
    pub fn security_profile_id(&self) -> &'static str {
        SECURITY_PROFILE_ID
    }

    /// The client that is registered with its Login with Amazon.
    #[must_use]
    pub fn client_id(&self) -> &'static str {
        CLIENT_ID
    }

    /// The secret of that client.
    #[must_use]
    pub fn client_secret(&self) -> &'static str {
        CLIENT_SECRET
    }

    /// What takes the place of `https://www.amazon.com/ap/oa`.
    #[must_use]
    pub fn authorize_url(&self) -> String {
        self.url(lwa::AUTHORIZE_PATH)
    }

    /// What takes the place of `https://api.amazon.com/auth/o2/token`.
    #[must_use]
    pub fn token_url(&self) -> String {
        self.url(lwa::TOKEN_PATH)
    }

    /// What takes the place of `https://api.amazon.com/auth/o2/create/codepair`.
    #[must_use]
    pub fn code_pair_url(&self) -> String {
        self.url(lwa::CODE_PAIR_PATH)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Tokens of this user for [`CLIENT_ID`] with the scope of Browse, as a login would give them.
    #[must_use]
    pub fn issue_tokens(&self, user: &str) -> IssuedTokens {
        self.state.login.issue(CLIENT_ID, user, SCOPE)
    }

    /// Ends all access tokens that were issued so far, as if their time were over. [`TOKEN`] stays.
    pub fn expire_access_tokens(&self) {
        self.state.login.expire_access_tokens();
    }

    /// Takes back what this user granted so far: no token of theirs is good any more.
    pub fn revoke(&self, user: &str) {
        self.state.login.revoke(user);
    }

    /// How many renewals with a refresh token have succeeded so far.
    #[must_use]
    pub fn renewals(&self) -> u64 {
        self.state.login.renewals()
    }

    /// Fails as this script says from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self.state.faults() = faults;
    }

    /// How many requests to the Browse API have come so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// Answers what is under way and stops.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        // It was asked to stop: whatever it has to say about that changes nothing.
        let _ = (&mut self.task).await;
    }
}

/// Tokens that a sandbox issued.
#[derive(Clone)]
#[non_exhaustive]
pub struct IssuedTokens {
    /// For the Browse API.
    pub access_token: String,
    /// For the token endpoint.
    pub refresh_token: String,
}

impl fmt::Debug for IssuedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuedTokens(…)")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
