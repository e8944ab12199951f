//! Tracing without the feature `tracing`: does nothing, at no cost.

use std::{fmt, future::Future, marker::PhantomData, time::Duration};

use amazon_music_browse::{Probe, Seen};

use crate::{clock::Clock, error::Error, operation::OperationInfo, retry::pace::Pace};

pub(crate) struct Call<'a>(PhantomData<&'a str>);

impl<'a> Call<'a> {
    pub(crate) fn new(_: &'a str, _: Option<&str>, _: Option<&'static OperationInfo>) -> Self {
        Self(PhantomData)
    }

    pub(crate) fn watch<F: Future>(&self, call: F) -> F {
        call
    }

    pub(crate) fn probe(&self) -> Probe {
        Probe::default()
    }

    pub(crate) fn attempt<T, F>(
        &self,
        _: u32,
        _: &Probe,
        _: impl Fn(&str) -> String,
        _: impl Fn() -> Option<f64>,
        attempt: F,
    ) -> F
    where
        F: Future<Output = Result<T, Error>>,
    {
        attempt
    }

    pub(crate) fn learn(&self, _: &Seen) {}

    pub(crate) fn retry(&self, _: &Error, _: Option<Duration>) {}

    pub(crate) fn paced(&self, _: &dyn Pace, _: &dyn Clock) {}

    pub(crate) fn succeeded(&self, _: &Seen) {}

    pub(crate) fn failed(&self, _: &Error) {}
}

pub(crate) fn login_not_kept(_: &dyn fmt::Display) {}

pub(crate) fn refreshing() {}

pub(crate) fn refreshed(_: Option<&dyn fmt::Display>) {}

pub(crate) fn paused(_: &dyn Pace, _: &dyn Clock) {}

#[cfg(feature = "file-store")]
pub(crate) fn tokens_exposed(_: &str) {}
