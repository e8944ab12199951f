//! Without the feature `tracing`: reports nothing, at no cost.

use crate::{
    decode::secrets::Secrets,
    operation::{Operation, OperationInfo},
};

#[derive(Debug)]
pub(crate) struct Drift;

impl Drift {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn report(&self, _: &'static OperationInfo, _: &'static str, _: &str) {}

    pub(crate) fn look<O: Operation>(&self, _: &[u8], _: &Secrets<'_>) {}
}
