//! Starting and stopping.

use std::{
    io,
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
    Fault, Faults, SECURITY_PROFILE_ID, TOKEN, browse,
    clock::{Clock, SystemClock},
    faults::inject,
    listener::{Connection, Killable},
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
        let state = Arc::new(State {
            faults: Mutex::new(self.faults),
            latency: self.latency,
            clock: self.clock,
            requests: AtomicU64::new(0),
        });
        let service = browse::router()
            .layer(from_fn_with_state(state.clone(), inject))
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

    /// Fails as this script says from now on.
    pub fn set_faults(&self, faults: Faults) {
        *self.state.faults() = faults;
    }

    /// How many requests have come so far.
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

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
