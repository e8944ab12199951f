//! `cargo xtask bench`: prints all tables, in Markdown.
//!
//! What can be measured of one process, the crate in `tests/bench` measures. Here is what takes Cargo:
//! the cost of depending on these crates, and the budgets of this project's own programs.

mod budgets;
pub mod dependents;

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::cargo::{cargo, succeeds};

/// Prints the tables of these names, or all of them where there are none.
pub fn print(root: &Path, names: &[&str]) -> Result<()> {
    let is_wanted = |name: &str| names.is_empty() || names.contains(&name);
    let others = ["allocations", "dependents", "budgets"];
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
    if is_wanted("budgets") {
        budgets::print(root)?;
    }
    Ok(())
}

fn bench(root: &Path, target: &str, names: &[&str]) -> Result<()> {
    let mut bench = cargo(root, &["bench", "--quiet", "--locked"]);
    bench
        .args(["--package", "amazon-music-bench", "--bench", target, "--"])
        .args(names);
    ensure!(succeeds(&mut bench)?, "the benchmark `{target}` failed");
    Ok(())
}

/// The CPU time of a command with all that it starts, in seconds, as the shell tells it, and its output.
fn cpu_time(command: &mut Command) -> Result<(f64, String)> {
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\"; echo status $?; times", "sh"]);
    shell.arg(command.get_program()).args(arguments);
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    let output = shell.output()?;
    let told = String::from_utf8(output.stdout)?;
    let (told, times) = told.rsplit_once("status ").context("no status")?;
    ensure!(
        times.starts_with("0\n"),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let children = times.lines().last().context("no times")?;
    let seconds = children
        .split_whitespace()
        .map(seconds)
        .sum::<Result<f64>>();
    Ok((seconds?, told.to_owned()))
}

/// Reads `1m2.345s`.
fn seconds(text: &str) -> Result<f64> {
    let (minutes, seconds) = text
        .trim_end_matches('s')
        .split_once('m')
        .context("not a time")?;
    Ok(60.0 * minutes.parse::<f64>()? + seconds.replace(',', ".").parse::<f64>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_shell_is_read() {
        assert_eq!(seconds("1m2.5s").unwrap(), 62.5);
        assert_eq!(seconds("0m0,25s").unwrap(), 0.25);
        assert!(seconds("soon").is_err());
    }
}
