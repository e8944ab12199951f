//! Whole programs: the CLI beside one by hand that prints the same bytes, and the first call over TLS.
//!
//! The programs are built by `cargo xtask bench`, which passes their paths.

use std::{
    fs,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    instructions,
    peers::PROFILE,
    roles::{self, Server},
    server::FRESH,
    table::{Table, median, ratio},
};

const ROUNDS: usize = 5;

/// Pages of a printed list.
const PAGES: usize = 1000;

/// Calls of each program over TLS in one round.
const CALLS: usize = 20;

/// Prints the tables of the CLI at this path.
pub(crate) fn print_formats(cli: &str) {
    let server = Server::start();
    let table = Table::new(
        "The CLI beside a program by hand that prints the same bytes",
        "100,000 playlists in 1,000 pages: CPU time as the median of ratios within one round; instructions of \
         10,000 playlists.",
        &[
            "format",
            "by hand",
            "the CLI",
            "ratio",
            "instructions, ratio",
        ],
    );
    let (long, short) = (server.url(100, 0, PAGES), server.url(100, 0, PAGES / 10));
    for format in ["table", "csv", "ndjson", "json"] {
        let by_hand = |url: &str| roles::again(&["export", format, url]);
        let with_cli = |url: &str| list(cli, format, url);
        let printed = |mut command: Command| command.output().unwrap().stdout;
        let bytes = printed(by_hand(&short));
        assert!(
            bytes.len() > 100_000 && bytes == printed(with_cli(&short)),
            "{format} differs"
        );
        let [base, ours] = in_turns([&|| by_hand(&long), &|| with_cli(&long)], 1);
        let counted = instructions::is_there().then(|| {
            let count = |command| instructions::count_of(&command);
            ratio(count(with_cli(&short)), count(by_hand(&short)))
        });
        table.row(&[
            format.to_owned(),
            format!("{:.2} s", median(base.clone())),
            format!("{:.2} s", median(ours.clone())),
            of_rounds(&ours, &base),
            counted.unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    resume(cli, &long);
}

fn resume(cli: &str, url: &str) {
    let table = Table::new(
        "The CLI with `--resume` beside the CLI without",
        "100,000 playlists as ndjson: medians of ratios within one round.",
        &["time", "without", "with `--resume`", "ratio"],
    );
    let position = std::env::temp_dir().join(format!("position-{}.json", std::process::id()));
    let with = || {
        let _ = fs::remove_file(&position);
        let mut command = list(cli, "ndjson", url);
        command.arg("--resume").arg(&position);
        command
    };
    let programs: [&dyn Fn() -> Command; 2] = [&|| list(cli, "ndjson", url), &with];
    let row = |name: &str, [without, with]: [Vec<f64>; 2]| {
        table.row(&[
            name.to_owned(),
            format!("{:.2} s", median(without.clone())),
            format!("{:.2} s", median(with.clone())),
            of_rounds(&with, &without),
        ]);
    };
    row("CPU", in_turns(programs, 1));
    let mut wall = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (program, taken) in programs.iter().zip(&mut wall) {
            let mut command = program();
            let start = Instant::now();
            assert!(command.stdout(Stdio::null()).status().unwrap().success());
            taken.push(start.elapsed().as_secs_f64());
        }
    }
    row("wall", wall);
    let _ = fs::remove_file(&position);
}

/// Prints the table of first calls over TLS. The programs call the URL that they are given.
pub(crate) fn print_tls(by_hand: &str, sdk: &str, cli: &str) {
    let mut server = Server::start_as("serve-tls");
    let url = server.url(2, 0, 1);
    let roots = server.next_line();
    let table = Table::new(
        "Process start to first item, over TLS",
        "CPU time of a process that makes one call, with the system's root certificates loaded; the median of \
         ratios within one round.",
        &["program", "CPU time", "ratio"],
    );
    let with_roots = |mut command: Command| {
        command.env("SSL_CERT_FILE", &roots);
        command
    };
    let direct = |program: &str| {
        let mut command = Command::new(program);
        command.arg(&url);
        with_roots(command)
    };
    let taken = in_turns(
        [&|| direct(by_hand), &|| direct(sdk), &|| {
            with_roots(one_page(cli, "table", &url))
        }],
        CALLS,
    );
    let names = [
        "reqwest + serde by hand, its default TLS (aws-lc)",
        "this SDK, `ring`",
        "the CLI, `ring`, as a table",
    ];
    for (name, of) in names.iter().zip(&taken) {
        table.row(&[
            (*name).to_owned(),
            format!("{:.1} ms", 1000.0 * median(of.clone()) / CALLS as f64),
            of_rounds(of, &taken[0]),
        ]);
    }
    let _ = fs::remove_file(&roots);
}

/// The CLI, printing one page of tracks.
fn one_page(cli: &str, format: &str, url: &str) -> Command {
    let mut command = Command::new(cli);
    command
        .args(["top", "tracks", "--output", format, "--base-url", url])
        .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", PROFILE)
        .env("AMAZON_MUSIC_TOKEN", FRESH)
        .stderr(Stdio::null());
    command
}

/// The CLI, printing all playlists.
fn list(cli: &str, format: &str, url: &str) -> Command {
    let mut command = Command::new(cli);
    command
        .args(["top", "playlists", "--all", "--page-size", "100"])
        .args(["--output", format, "--base-url", url])
        .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", PROFILE)
        .env("AMAZON_MUSIC_TOKEN", FRESH)
        .stderr(Stdio::null());
    command
}

/// CPU times of programs that take turns, each run that many times in a round.
fn in_turns<const N: usize>(programs: [&dyn Fn() -> Command; N], times: usize) -> [Vec<f64>; N] {
    let mut taken = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for (program, taken) in programs.iter().zip(&mut taken) {
            taken.push(cpu_time(&program(), times));
        }
    }
    taken
}

fn of_rounds(of: &[f64], to: &[f64]) -> String {
    let ratios = of.iter().zip(to).map(|(of, to)| of / to);
    format!("{:.2}", median(ratios.collect()))
}

/// CPU time of a command that runs that many times, in seconds: a shell knows that of its children.
fn cpu_time(command: &Command, times: usize) -> f64 {
    let loops =
        r#"n=$1; shift; while [ $n -gt 0 ]; do "$@" >/dev/null || exit; n=$((n-1)); done; times"#;
    let mut shell = Command::new("sh");
    shell.args(["-c", loops, "sh", &times.to_string()]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let output = shell.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let children = printed.lines().last().unwrap().split_whitespace();
    children
        .map(|time| {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
            60.0 * minutes.parse::<f64>().unwrap() + seconds.parse::<f64>().unwrap()
        })
        .sum()
}
