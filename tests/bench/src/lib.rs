//! This SDK beside the code that a user would write by hand, measured in one run.
//!
//! `cargo xtask bench` prints the tables. The server and each client run in separate processes, so that
//! a count covers one whole client and nothing else.
//!
//! - `server` responds with bodies that `bodies` rendered beforehand.
//! - `peers` are ways to do the same work, behind one trait.
//! - [`roles`] are the roles of a process of this crate: the server, one client, all tables.
//! - One module per table measures and prints it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod allocations;
mod bodies;
mod cpu;
mod crawl;
mod decode;
mod export;
mod instructions;
mod limited;
mod memory;
mod pace;
mod paths;
mod peers;
mod programs;
pub mod roles;
mod server;
mod server_tls;
mod shared;
mod start;
mod table;
mod tokens;
mod walks;
