//! What a process of this crate can be. A table starts others of its own program for the server and for
//! clients that are to be measured alone.

use std::{
    future::Future,
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::{
    allocations, cpu, crawl, decode, export, instructions, limited, memory, pace, paths, peers,
    programs, server, server_tls, shared, start, table::Table, tokens, walks,
};

/// A table, by the name that the command line knows.
type Named = (&'static str, fn());

/// All tables of the program `tables`.
const TABLES: [Named; 11] = [
    ("instructions", instructions::print),
    ("decode", decode::print),
    ("paths", paths::print),
    ("cpu", cpu::print),
    ("walks", walks::print),
    ("crawl", crawl::print),
    ("tokens", tokens::print),
    ("memory", memory::print),
    ("start", start::print),
    ("pace", pace::print),
    ("shared", shared::print),
];

/// Runs as what the command line says; without a word, prints all tables.
pub fn run() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| *argument != "--bench")
        .collect();
    match arguments[..] {
        ["serve"] => server::serve(),
        ["serve-tls"] => server_tls::serve(),
        ["export", format, url] => block_on(export::run(format, url)),
        ["paths", peer, paths, calls, url] => {
            let [peer, paths, calls] = [peer, paths, calls].map(|number| number.parse().unwrap());
            println!("{}", block_on(paths::run(peer, paths, calls, url)));
        }
        ["cli", cli] => {
            programs::print_formats(cli);
            limited::print(cli);
        }
        ["tls", by_hand, sdk, cli] => programs::print_tls(by_hand, sdk, cli),
        ["calls", peer, number, url] => {
            let peer = peers::make(peer.parse().unwrap(), url);
            println!("{}", block_on(peer.calls(number.parse().unwrap())));
        }
        ["walk", peer, number, url] => {
            let peer = peers::make(peer.parse().unwrap(), url);
            println!("{}", block_on(peer.walk(number.parse().unwrap())));
        }
        ["decode", reader, unknown, rounds] => {
            let [reader, unknown, rounds] =
                [reader, unknown, rounds].map(|number| number.parse().unwrap());
            println!("{}", decode::run(reader, unknown, rounds));
        }
        ["shared", redis, url, profile, token, calls] => {
            block_on(shared::run(
                redis,
                url,
                profile,
                token,
                calls.parse().unwrap(),
            ));
        }
        ["peak", peer, pages, url] => {
            let peer = peers::make(peer.parse().unwrap(), url);
            block_on(peer.walk(pages.parse().unwrap()));
            println!("{}", memory::peak_resident().unwrap());
        }
        [] => TABLES.iter().for_each(|(_, print)| print()),
        ref names => {
            for name in names {
                let found = TABLES.iter().find(|(known, _)| known == name);
                let (_, print) = found.unwrap_or_else(|| panic!("there is no table {name}"));
                print();
            }
        }
    }
}

/// Prints the one table of the program `allocations`, which counts with its allocator.
pub fn run_allocations(count: impl Fn() -> (usize, usize)) {
    let is_server = std::env::args().any(|argument| argument == "serve");
    match is_server {
        true => server::serve(),
        false => allocations::print(count),
    }
}

/// Waits for work on a runtime of one thread, which all peers share the design of.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    runtime().block_on(work)
}

/// A runtime of one thread.
#[must_use]
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// This program once more, as something else.
#[must_use]
pub(crate) fn again(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments);
    command
}

/// A server in a process of its own, which ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
}

impl Server {
    /// Starts it.
    #[must_use]
    pub(crate) fn start() -> Self {
        Self::start_as("serve")
    }

    /// Starts the server of a role.
    #[must_use]
    pub(crate) fn start_as(role: &str) -> Self {
        let mut process = again(&[role])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self {
            process,
            stdout,
            url: String::new(),
        };
        server.url = server.next_line();
        server
    }

    /// Reads a line that the server prints.
    #[must_use]
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// The base URL of lists with this many items on a page, that come so many milliseconds late and
    /// end after so many pages (0: never).
    #[must_use]
    pub(crate) fn url(&self, items: usize, latency: usize, pages: usize) -> String {
        format!("{}/{items}-{latency}-{pages}/v1", self.url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Says that a table could not be made, in its place.
pub(crate) fn not_measured(title: &str, why: &str) {
    let table = Table::new(title, why, &["not measured"]);
    table.row(&["-".to_owned()]);
}
