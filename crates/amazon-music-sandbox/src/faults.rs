//! Fault injection: failures of networks and services, on request.

pub(crate) mod fault;
pub(crate) mod inject;
pub(crate) mod script;
mod spoil;
