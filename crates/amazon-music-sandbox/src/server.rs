//! Starting and stopping.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{SECURITY_PROFILE_ID, TOKEN, browse};

/// Starts a sandbox with its defaults on a free loopback port.
///
/// # Errors
///
/// Fails where no loopback port can be had.
pub async fn start() -> io::Result<Running> {
    Sandbox::new().start().await
}

/// Settings of a sandbox.
#[derive(Clone, Debug, Default)]
#[must_use = "a sandbox does nothing until it is started"]
pub struct Sandbox {
    port: u16,
}

impl Sandbox {
    /// A sandbox with its defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Listens on this port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
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
        let server = axum::serve(listener, browse::router()).with_graceful_shutdown(async {
            // A dropped sender means the same as a message: stop.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async { server.await });
        Ok(Running {
            address,
            stop: Some(stop),
            task,
        })
    }
}

/// A running sandbox. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
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
