#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! A library only so that its parts can be tested; the command line is the interface.
//!
//! - [`arguments`]: commands, flags and the environment variables behind them.
//! - [`run`]: the command of the arguments. `client`: the client that it has.
//! - `browse`, `list`, `count`, `resume`, `raw`: the commands that read the catalog.
//! - `catalog`: the lists of the catalog, from the operation table.
//! - `export`: the whole catalog to files, resumable at any moment.
//! - `credentials`: the environment, a saved login, or the sandbox.
//! - `pace`: what the user sees of it, and the rate that was learned.
//! - `requests`: the settings of the client and its connection.
//! - `login`: logging in and out, and the saved logins.
//! - `serve`: the mock server (the sandbox), for clients in any language.
//! - `mcp`: the operations as tools for agents, with the feature of this name.
//! - `output`: tables, JSON, NDJSON and CSV, the one way to standard output.
//! - `color`: whether to use colours. `notice`, `printable`: messages to people, and text that a terminal shows as it is.
//! - `percent`: text in URLs.
//! - `signal`, `signals`, `session`: what ends a command, and what it runs with.
//! - [`end`], `report`, `error_format`: from the outcome of a command to the exit code, and errors as JSON.
//! - `trace`: requests on standard error.
//! - `record`: requests and responses in files, without what is private.
//! - `verify`: the service against the spec, for the day somebody has access.
//! - `find`: entities by their names. `again`: commands to paste. `completions`, `manuals`: scripts for shells, man pages.
//! - `jq`: the filters of `--jq`.
//! - `missing`: the warning of a response without its list.
//!
//! The CLI knows terminals, files and the environment. Requests, retries and paging belong to the
//! `amazon-music` crate: a feature that the CLI lacks there is one that every user lacks.

mod again;
pub mod arguments;
mod browse;
mod catalog;
mod client;
mod color;
mod completions;
mod count;
mod credentials;
mod end;
mod error_format;
mod export;
mod failure;
mod find;
mod jq;
mod list;
mod login;
mod manuals;
#[cfg(feature = "mcp")]
mod mcp;
mod missing;
mod notice;
mod output;
mod pace;
mod percent;
mod printable;
mod raw;
mod record;
mod report;
mod requests;
mod resume;
mod run;
mod serve;
mod session;
mod signal;
mod signals;
mod trace;
mod verify;
mod words;

pub use browse::call;
pub use color::Color;
pub use end::{end, usage};
pub use error_format::ErrorFormat;
pub use failure::Failure;
pub use jq::Filter;
pub use run::run;
pub use signal::Signal;
pub use trace::Lines;
