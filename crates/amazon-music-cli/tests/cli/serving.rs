//! `sandbox serve`.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use super::{cli, failed, text};

/// A running server, with the lines that it printed at the start.
pub(super) struct Served {
    child: Child,
    output: BufReader<ChildStdout>,
    printed: Vec<String>,
}

impl Served {
    pub(super) fn start(options: &[&str]) -> Self {
        let arguments = ["sandbox", "serve", "--port", "0"];
        let mut command = cli(&[&arguments, options].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = Vec::new();
        while printed.last().is_none_or(|line| line != "stop: Ctrl-C") {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "{printed:?}");
            printed.push(line.trim_end().to_owned());
        }
        Self {
            child,
            output,
            printed,
        }
    }

    /// The base URL in the first line.
    pub(super) fn base_url(&self) -> &str {
        let words = self.printed[0].split([' ', ',']);
        words
            .into_iter()
            .find(|word| word.starts_with("http://"))
            .unwrap()
    }

    /// The response to the request that the CLI suggests.
    fn call(&self) -> String {
        let call = self
            .printed
            .iter()
            .find(|line| line.starts_with("call: curl"));
        let parts: Vec<&str> = call.unwrap().split('\'').collect();
        let [_, profile, _, authorization, _, url, _] = parts[..] else {
            panic!("{parts:?}")
        };
        let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nhost: {address}\r\n{profile}\r\n{authorization}\r\n\
             connection: close\r\n\r\n"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// Sends a signal; returns the exit code and the output after it.
    pub(super) fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (status.code(), rest)
    }
}

#[test]
fn it_prints_a_request_and_stops_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let served = Served::start(&[]);
        let response = served.call();
        assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
        assert!(response.contains("Heat Waves"), "{response}");
        let ended = served.end(signal);
        assert_eq!(ended, (Some(0), "stopped after 1 request(s)\n".to_owned()));
    }
}

#[test]
fn it_injects_the_faults_of_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let fault = r#"{"fault": "error", "status": 429, "code": "THROTTLED", "retryAfter": "2"}"#;
    std::fs::write(file.path(), format!(r#"{{"inOrder": [{fault}]}}"#)).unwrap();
    let served = Served::start(&["--faults", file.path().to_str().unwrap()]);
    let response = served.call();
    assert!(response.starts_with("HTTP/1.1 429"), "{response}");
    assert!(response.contains("retry-after: 2\r\n"), "{response}");
    assert!(served.call().starts_with("HTTP/1.1 200"));
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn it_names_the_faults_that_no_request_met() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = r#"{"fault": "error", "status": 500, "code": "INTERNAL"}"#;
    let script = format!(r#"{{"inOrder": [{error}, {{"fault": "reset"}}, null, {error}]}}"#);
    std::fs::write(file.path(), script).unwrap();
    let served = Served::start(&["--faults", file.path().to_str().unwrap()]);
    served.call();
    let (_, rest) = served.end("-TERM");
    let unmet = "faults that no request met: reset, error 500 INTERNAL";
    assert_eq!(rest, format!("stopped after 1 request(s)\n{unmet}\n"));
}

#[test]
fn it_draws_the_same_faults_from_the_same_seed() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = r#"{"random": {"probability": 0.5, "faults": [{"fault": "badGateway"}]}}"#;
    std::fs::write(file.path(), script).unwrap();
    let drawn = |seed: &str| {
        let served = Served::start(&["--faults", file.path().to_str().unwrap(), "--seed", seed]);
        let statuses: Vec<_> = (0..12).map(|_| served.call()[9..12].to_owned()).collect();
        served.end("-TERM");
        statuses
    };
    assert_eq!(drawn("7"), drawn("7"));
    assert_ne!(drawn("7"), drawn("8"));
}

#[test]
fn it_delays_responses() {
    let served = Served::start(&["--latency", "60"]);
    let start = std::time::Instant::now();
    served.call();
    assert!(start.elapsed() >= std::time::Duration::from_millis(60));
    served.end("-TERM");
}

#[test]
fn tokens_are_printed_on_request() {
    let served = Served::start(&["--tokens"]);
    let printed = served.printed.join("\n");
    assert!(printed.contains("\naccess token: "), "{printed}");
    served.end("-TERM");
}

#[test]
fn mistakes_are_reported_before_it_serves() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let error = failed(&["sandbox", "serve", "--port", &port]);
    assert!(
        error.starts_with("2: error: cannot listen on port "),
        "{error}"
    );
    assert!(
        error.ends_with("set another one with --port, or 0 for a free one"),
        "{error}"
    );
    let error = failed(&["sandbox", "serve", "--faults", "no-such-file"]);
    assert!(
        error.starts_with("2: error: --faults no-such-file: cannot read the file: "),
        "{error}"
    );
    let error = failed(&["sandbox", "serve", "--cors", "http://localhost/"]);
    assert!(
        error.starts_with("2: error: --cors: origin \"http://localhost/\": write scheme://host"),
        "{error}"
    );
    let output = cli(&["sandbox", "serve", "--seed", "1"]).output().unwrap();
    assert!(text(&output.stderr).contains("--faults"));
}
