//! Fault injection: failures of networks and services, on request.

pub(crate) mod fault;
pub(crate) mod script;
pub(crate) mod spoil;
