#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! A library only so that its parts can be tested; the program is the interface.
//!
//! - [`arguments`]: what can be typed, and which operation it calls.
//! - [`run`]: a client for the arguments, and the call.
//! - `credentials`: the environment, a login that is kept, or the sandbox.
//! - `login`: logging in and out, and what is kept of it.
//! - `output`: tables, JSON, NDJSON and CSV.
//! - `serve`: the stand-in server, for clients in any language.
//! - `export`: the whole catalog to files, resumable at any moment.

pub mod arguments;
mod credentials;
mod export;
mod failure;
mod login;
mod output;
mod run;
mod serve;

pub use failure::Failure;
pub use run::{call, run};
