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
        assert_eq!(ended, (Some(0), "stopped after 1 request\n".to_owned()));
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
    assert_eq!(rest, format!("stopped after 1 request\n{unmet}\n"));
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
fn the_ready_file_tells_all_that_a_client_needs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready.json");
    std::fs::write(&file, "of an earlier run").unwrap();
    let served = Served::start(&["--ready-file", file.to_str().unwrap()]);
    let line = std::fs::read_to_string(&file).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line.lines().count(), 1);
    assert_eq!(ready["baseUrl"], served.base_url());
    assert_eq!(ready["securityProfileId"], "amzn1.application.sandbox");
    assert_eq!(ready["token"], "sandbox-access-token");
    assert!(
        ready["tokenUrl"]
            .as_str()
            .unwrap()
            .ends_with("/auth/o2/token")
    );
    served.end("-TERM");
    assert!(!file.exists());

    let nowhere = folder.path().join("none").join("ready.json");
    let arguments = ["sandbox", "serve", "--port", "0", "--ready-file"];
    let output = cli(&[&arguments as &[_], &[nowhere.to_str().unwrap()]].concat())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("--ready-file: cannot write "), "{error}");
}

#[test]
fn health_is_the_exit_code() {
    let served = Served::start(&[]);
    let url = served.base_url().to_owned();
    let origin = url.trim_end_matches("/v1").to_owned();
    for url in [&url, &origin] {
        let output = cli(&["sandbox", "health", url]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    // It is not counted.
    assert_eq!(served.end("-TERM").1, "stopped after 0 requests\n");
    let error = failed(&["sandbox", "health", &url]);
    assert!(
        error.starts_with(&format!("1: error: no sandbox at {url}: ")),
        "{error}"
    );
    let error = failed(&["sandbox", "health", "localhost"]);
    assert!(
        error.starts_with("2: error: \"localhost\" is no URL of a sandbox"),
        "{error}"
    );
}

#[test]
fn all_addresses_include_loopback() {
    let served = Served::start(&["--host", "0.0.0.0"]);
    assert!(served.base_url().starts_with("http://127.0.0.1:"));
    assert!(served.call().starts_with("HTTP/1.1 200 OK\r\n"));
    served.end("-TERM");
    let error = failed(&["sandbox", "serve", "--host", "192.0.2.1"]);
    assert!(
        error.starts_with("2: error: cannot listen on port 4010 of 192.0.2.1 ("),
        "{error}"
    );
}

/// As in an image of nothing but the binary.
#[test]
fn the_sandbox_needs_no_root_certificates() {
    let served = Served::start(&[]);
    for arguments in [
        &["sandbox", "health", served.base_url()][..],
        &["top", "tracks", "--sandbox", "--limit", "1"],
    ] {
        let mut command = cli(arguments);
        command.env("SSL_CERT_FILE", "missing");
        command.env("SSL_CERT_DIR", "missing");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    served.end("-TERM");
}

#[test]
fn another_server_is_no_healthy_sandbox() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let body = r#"{"server":"other","status":"ok"}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        let mut request = [0; 1024];
        assert_ne!(stream.read(&mut request).unwrap(), 0);
        stream.write_all((head + body).as_bytes()).unwrap();
    });
    let error = failed(&["sandbox", "health", &url]);
    assert_eq!(
        error,
        format!("1: error: no sandbox at {url}: other says \"ok\"")
    );
    server.join().unwrap();
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
