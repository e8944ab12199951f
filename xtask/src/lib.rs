//! `cargo xtask`: everything between `openapi/browse.yaml` and the committed Rust.
//!
//! The only crate that uses the generator. Its own tests and the suites in `tests/` import it, nothing else
//! does. It may read every file of the workspace but links none of the crates.
//!
//! - [`spec`] reads the spec and returns its operations as plain data.
//! - [`lint`] reports what the Rust generator cannot handle.
//! - [`mod@generate`] renders the generated files and compares them with the committed ones.
//! - [`mod@bench`] prints the tables of the benchmarks.
//! - [`budget`] checks what a dependency on `amazon-music` costs.
//! - [`package`] builds a dependent of the packaged crates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

pub mod bench;
pub mod budget;
pub mod cargo;
pub mod generate;
pub mod lint;
pub mod package;
pub mod spec;

use std::path::{Path, PathBuf};

/// Returns the root of the workspace that this tool was built from.
#[must_use]
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace root")
        .to_owned()
}
