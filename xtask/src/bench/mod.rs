//! `cargo xtask bench`: prints the tables of `tests/bench/README.md` in Markdown.
//!
//! The crate in `tests/bench` measures single processes. Measured here is what needs Cargo: the cost of
//! depending on `amazon-music`, and the time that the generator and the CLI take.

mod budgets;
mod cpu_time;
pub mod dependents;

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::cargo::{cargo, succeeds};

/// Prints the named tables, or all of them if none is named.
pub fn print(root: &Path, names: &[&str]) -> Result<()> {
    let is_wanted = |name: &str| names.is_empty() || names.contains(&name);
    let others = ["allocations", "dependents", "programs", "budgets"];
    let measured: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !others.contains(name))
        .collect();
    if names.is_empty() || !measured.is_empty() {
        bench(root, "tables", &measured)?;
    }
    if is_wanted("allocations") {
        bench(root, "allocations", &[])?;
    }
    if is_wanted("dependents") {
        dependents::print(root)?;
    }
    if is_wanted("programs") {
        let [by_hand, with_ring] = dependents::programs(root)?;
        let path = |path: &PathBuf| path.display().to_string();
        let [cli, by_hand, with_ring] = [path(&cli(root)?), path(&by_hand), path(&with_ring)];
        bench(root, "tables", &["cli", &cli])?;
        bench(root, "tables", &["tls", &by_hand, &with_ring, &cli])?;
    }
    if is_wanted("budgets") {
        budgets::print(root)?;
    }
    Ok(())
}

/// Builds the CLI as it is distributed.
fn cli(root: &Path) -> Result<PathBuf> {
    let mut build = cargo(root, &["build", "--quiet", "--locked", "--profile", "dist"]);
    let is_built = succeeds(build.args(["--package", "amazon-music-cli"]))?;
    ensure!(is_built, "the CLI does not build");
    Ok(root.join("target/dist/amazon-music"))
}

fn bench(root: &Path, target: &str, names: &[&str]) -> Result<()> {
    let mut bench = cargo(root, &["bench", "--quiet", "--locked"]);
    bench
        .args(["--package", "amazon-music-bench", "--bench", target, "--"])
        .args(names);
    ensure!(succeeds(&mut bench)?, "the benchmark `{target}` failed");
    Ok(())
}
