//! State that the requests of a running sandbox share.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{
    clock::Clock,
    faults::{
        fault::Fault,
        script::{Drawn, Faults},
    },
    lock::lock,
    lwa::login::Login,
};

/// State of a running sandbox.
#[derive(Debug)]
pub(crate) struct State {
    faults: Mutex<Faults>,
    latency: Duration,
    clock: Arc<dyn Clock>,
    login: Arc<Login>,
    requests: AtomicU64,
}

impl State {
    pub(crate) fn new(
        faults: Faults,
        latency: Duration,
        clock: Arc<dyn Clock>,
        login: Arc<Login>,
    ) -> Self {
        Self {
            faults: Mutex::new(faults),
            latency,
            clock,
            login,
            requests: AtomicU64::new(0),
        }
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    pub(crate) fn count(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn next_fault(&self) -> Option<Drawn> {
        lock(&self.faults).next()
    }

    pub(crate) fn unmet_faults(&self) -> Vec<Fault> {
        lock(&self.faults).unmet()
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        *lock(&self.faults) = faults;
    }

    /// Sleeps for the delay of every response.
    pub(crate) async fn latency(&self) {
        if !self.latency.is_zero() {
            self.clock.sleep(self.latency).await;
        }
    }
}
