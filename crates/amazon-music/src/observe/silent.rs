//! Without the feature `tracing`: nothing, at no cost.

use std::{future::Future, time::Duration};

use amazon_music_browse::{Probe, Seen};

use crate::{
    AmazonMusic, Error, Operation, OperationInfo,
    auth::TokenError,
    call::{Outcome, Secrets},
};

pub(crate) struct Call;

impl Call {
    pub(crate) fn new(_: &AmazonMusic, _: Option<&'static OperationInfo>) -> Self {
        Self
    }

    pub(crate) fn watch<F: Future>(&self, call: F) -> F {
        call
    }

    pub(crate) fn attempt<T, F>(&self, _: u32, _: &Probe, attempt: F) -> F
    where
        F: Future<Output = Outcome<T>>,
    {
        attempt
    }

    pub(crate) fn learn(&self, _: &Seen) {}

    pub(crate) fn retry(&self, _: &Error, _: Duration) {}

    pub(crate) fn succeeded(&self, _: &Seen) {}

    pub(crate) fn failed(&self, _: &Error) {}
}

#[derive(Debug)]
pub(crate) struct Drift;

impl Drift {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn report(&self, _: &'static OperationInfo, _: &'static str, _: &str) {}

    pub(crate) fn look<O: Operation>(&self, _: &[u8], _: &Secrets<'_>) {}
}

pub(crate) fn login_not_kept(_: &TokenError) {}
