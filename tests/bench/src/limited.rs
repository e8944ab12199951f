//! An export of the sandbox through a proxy that limits requests, once for real: on the system clock.

pub(crate) mod proxy;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use crate::table::Table;
use proxy::Proxy;

/// Rate, burst, and the most that the wall time may be of the ideal.
const LIMITS: [(f64, f64, f64); 2] = [(50.0, 1.0, 1.4), (10.0, 5.0, 1.2)];

const CONCURRENCY: &str = "16";

/// Prints the table of the CLI at this path.
pub(crate) fn print(cli: &str) {
    let table = Table::new(
        "Pace: the CLI's export of the sandbox through a limiting proxy",
        "On the system clock, 16 lists at a time, without `Retry-After`: the wall time as a ratio to the \
         ideal, (pages - burst) / rate.",
        &[
            "limit",
            "at most",
            "pages",
            "ideal",
            "wall time",
            "ratio",
            "refused",
        ],
    );
    let folder = std::env::temp_dir().join(format!("export-{}", std::process::id()));
    for (rate, burst, most) in LIMITS {
        let proxy = Proxy::start(rate, burst);
        let start = Instant::now();
        let status = export(cli, &folder, &proxy).status().unwrap();
        let wall = start.elapsed().as_secs_f64();
        assert!(status.success(), "the export failed");
        fs::remove_dir_all(&folder).unwrap();
        let (pages, refused) = proxy.counts();
        let ideal = (pages as f64 - burst) / rate;
        table.row(&[
            format!("{rate} a second, burst {burst}"),
            format!("{most:.1}"),
            pages.to_string(),
            format!("{ideal:.1} s"),
            format!("{wall:.1} s"),
            format!("{:.3}", wall / ideal),
            refused.to_string(),
        ]);
    }
}

/// The CLI, exporting all lists. Its logins are in the folder too: no rate is known from an earlier run.
fn export(cli: &str, folder: &Path, proxy: &Proxy) -> Command {
    let mut command = Command::new(cli);
    command
        .arg("export")
        .arg(folder.join("lists"))
        .args(["--concurrency", CONCURRENCY, "--base-url", &proxy.url])
        .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", &proxy.profile)
        .env("AMAZON_MUSIC_TOKEN", &proxy.token)
        .env("AMAZON_MUSIC_TOKEN_DIR", folder.join("logins"))
        .stderr(Stdio::null());
    command
}
