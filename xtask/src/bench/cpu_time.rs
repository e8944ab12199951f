//! The CPU time of a command.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Runs a command in a shell and returns its CPU time in seconds, child processes included.
pub(super) fn cpu_time(command: &mut Command) -> Result<f64> {
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\"; echo status $?; times", "sh"]);
    shell.arg(command.get_program()).args(arguments);
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    let output = shell.output()?;
    let printed = String::from_utf8(output.stdout)?;
    let (_, times) = printed.rsplit_once("status ").context("no status")?;
    ensure!(
        times.starts_with("0\n"),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let children = times.lines().last().context("no times")?;
    children.split_whitespace().map(seconds).sum()
}

/// Parses `1m2.345s`.
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
