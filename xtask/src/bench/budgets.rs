//! The time that the generator and the CLI take, beside their budgets.

use std::{fs, path::Path, process::Command, time::Instant};

use anyhow::{Result, ensure};

use super::cpu_time::cpu_time;
use crate::{
    cargo::{cargo, succeeds},
    generate,
    spec::Spec,
};

/// Prints the table.
pub(super) fn print(root: &Path) -> Result<()> {
    println!("\n## Budgets\n\n| what | measured | budget |\n|---|---|---|");
    let start = Instant::now();
    generate::check(root, &Spec::read(root)?)?;
    println!(
        "| `cargo xtask generate`, warm | {:.2} s | 1 s |",
        start.elapsed().as_secs_f64()
    );
    let mut build = cargo(root, &["build", "--quiet", "--locked"]);
    let is_built = succeeds(build.args(["--package", "amazon-music-cli"]))?;
    ensure!(is_built, "the CLI does not build");
    let mut taken = Vec::new();
    for _ in 0..20 {
        let mut program = Command::new(root.join("target/debug/amazon-music"));
        program.args(["top", "tracks", "--sandbox", "--limit", "1"]);
        taken.push(cpu_time(&mut program)?);
    }
    taken.sort_by(f64::total_cmp);
    println!(
        "| the CLI's first row from its own sandbox, unoptimised build, median of 20 | {:.0} ms CPU | 50 ms CPU |",
        1000.0 * taken[10]
    );
    let size = fs::metadata(super::cli(root)?)?.len() as f64;
    println!("| the CLI as distributed | {:.1} MB | 8 MB |", size / 1e6);
    Ok(())
}
