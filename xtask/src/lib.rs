//! The project's own tool: everything between `openapi/browse.yaml` and the committed Rust.
//!
//! This is the only crate that knows the generator. Nothing imports it but its own tests and the suites in
//! `tests/`. It may know every file of the workspace; it must not know how the crates work, and links none
//! of them.
//!
//! - [`spec`] reads the document and gives its operations as plain data.
//! - [`lint`] refuses what the generator, or common generators of other languages, mishandle.
//! - [`client`] makes `amazon-music-browse`: the generator's output, changed by [`passes`], with the
//!   value types of [`values`].
//! - [`requests`] makes the request types of `amazon-music`.
//! - [`document`] makes the JSON form of the document, for the sandbox to serve.
//! - [`outputs`] writes the results, or compares them with what is committed.
//! - [`budget`] and [`package`] check what a dependent gets.
//! - [`mod@bench`] prints the tables of the benchmarks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

pub mod bench;
pub mod budget;
pub mod cargo;
pub mod client;
pub mod document;
pub mod lint;
pub mod outputs;
pub mod package;
pub mod passes;
pub mod requests;
pub mod spec;
pub mod values;

use std::path::{Path, PathBuf};

/// The root of the workspace this tool was built from.
#[must_use]
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the workspace root")
        .to_owned()
}
