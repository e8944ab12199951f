//! Signals that end the process: the first one asks, the second one insists.

use std::{fmt, future::pending, io, time::Duration};

use amazon_music::AmazonMusic;
use tokio::sync::watch;

use crate::failure::Failure;

/// How long a refresh that is under way may take to be saved after the first signal: as long as most token
/// endpoints need, and less than service managers wait before they kill.
const SETTLE: Duration = Duration::from_secs(5);

/// A request to end the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C (`SIGINT`).
    Interrupt,
    /// `SIGTERM`, which Windows does not have.
    Terminate,
}

impl Signal {
    /// The exit code that shells give to a process that the signal ended.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "stopped by Ctrl-C",
            Self::Terminate => "stopped by SIGTERM",
        })
    }
}

/// The signals that this process has received.
#[derive(Clone, Debug)]
pub(crate) struct Signals(watch::Receiver<Vec<Signal>>);

impl Signals {
    /// Starts to listen. From now on the process ends only when its code does.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let mut source =
            Source::new().map_err(|error| Failure::io("cannot listen for signals", error))?;
        let (sender, receiver) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while !sender.is_closed() {
                let signal = source.next().await;
                sender.send_modify(|received| received.push(signal));
            }
        });
        Ok(Self(receiver))
    }

    /// Waits for the first signal, which may have come already.
    pub(crate) async fn first(&self) -> Signal {
        self.nth(0).await
    }

    /// Waits for the second signal, which may have come already.
    pub(crate) async fn second(&self) -> Signal {
        self.nth(1).await
    }

    async fn nth(&self, index: usize) -> Signal {
        let mut receiver = self.0.clone();
        let signal = receiver
            .wait_for(|received| received.len() > index)
            .await
            .ok()
            .and_then(|received| received.get(index).copied());
        match signal {
            Some(signal) => signal,
            // Nothing listens any more.
            None => pending().await,
        }
    }

    /// Runs a piece of work until it ends, or until the first signal; then it is dropped where it is.
    pub(crate) async fn interrupt<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            signal = self.first() => Err(Failure::Stopped(signal)),
            outcome = work => outcome,
        }
    }

    /// Waits until a token refresh that is under way is saved. Its refresh token may be spent, so that
    /// without it the user would have to log in again. After a signal it has a few seconds, and none after
    /// a second one.
    pub(crate) async fn settle(&self, music: &AmazonMusic) {
        let is_late = async {
            self.first().await;
            tokio::select! {
                () = tokio::time::sleep(SETTLE) => {}
                _ = self.second() => {}
            }
        };
        tokio::select! {
            () = music.settle() => {}
            () = is_late => {}
        }
    }
}

/// Interrupt and termination.
#[cfg(unix)]
struct Source([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Source {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ]))
    }

    async fn next(&mut self) -> Signal {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
        }
    }
}

/// Ctrl-C. Windows ends a process without a signal that it could handle otherwise: then nothing settles, and
/// what is on the disk is as after a kill.
#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            // If no signal can be received, only killing the process ends it.
            pending::<()>().await;
        }
        Signal::Interrupt
    }
}
