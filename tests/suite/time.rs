//! Manual time, which passes only while something waits for it.

use std::{
    future::Future,
    pin::pin,
    time::{Duration, SystemTime},
};

use amazon_music::clock::{Clock as _, ManualClock};
use amazon_music_sandbox::{Running, Sandbox};
use futures_util::future::{Either, select};

/// The clock of a client, as that of a sandbox.
#[derive(Debug)]
struct Shared(ManualClock);

impl amazon_music_sandbox::Clock for Shared {
    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

/// A sandbox and a client that share a manual clock.
pub async fn on_manual_clock(sandbox: Sandbox) -> (ManualClock, Running, amazon_music::Builder) {
    let clock = ManualClock::new();
    let sandbox = sandbox.clock(Shared(clock.clone())).start().await.unwrap();
    let builder = amazon_music::AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .clock(clock.clone());
    (clock, sandbox, builder)
}

/// Drives the work. Whenever everything waits, be it for a backoff, a slow server or a timeout, the
/// clock advances to the next timer; otherwise it stands still.
pub async fn drive<T>(clock: &ManualClock, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        match select(work.as_mut(), pin!(clock.next_sleeper())).await {
            Either::Left((done, _)) => return done,
            Either::Right(_) => {
                clock.advance_to_next();
            }
        }
    }
}
