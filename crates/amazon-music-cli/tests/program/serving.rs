//! `sandbox serve`.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use super::{failed, program, text};

/// A served sandbox, with what it said up to its last line.
struct Served {
    child: Child,
    output: BufReader<ChildStdout>,
    said: Vec<String>,
}

impl Served {
    fn start(options: &[&str]) -> Self {
        let arguments = ["sandbox", "serve", "--port", "0"];
        let mut command = program(&[&arguments, options].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        while said.last().is_none_or(|line| line != "stop: Ctrl-C") {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "{said:?}");
            said.push(line.trim_end().to_owned());
        }
        Self {
            child,
            output,
            said,
        }
    }

    /// The answer to the request that the program itself proposes.
    fn call(&self) -> String {
        let call = self.said.iter().find(|line| line.starts_with("call: curl"));
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
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal; gives the exit code and what was said after it.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
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
fn it_says_how_to_call_it_and_ends_when_asked() {
    for signal in ["-INT", "-TERM"] {
        let served = Served::start(&[]);
        let answer = served.call();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("Heat Waves"), "{answer}");
        let ended = served.end(signal);
        assert_eq!(ended, (Some(0), "stopped after 1 request(s)\n".to_owned()));
    }
}

#[test]
fn it_fails_as_a_file_says() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let fault = r#"{"fault": "error", "status": 429, "code": "THROTTLED", "retryAfter": "2"}"#;
    std::fs::write(file.path(), format!(r#"{{"inOrder": [{fault}]}}"#)).unwrap();
    let served = Served::start(&["--faults", file.path().to_str().unwrap()]);
    let answer = served.call();
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    assert!(answer.contains("retry-after: 2\r\n"), "{answer}");
    assert!(served.call().starts_with("HTTP/1.1 200"));
    assert_eq!(served.end("-TERM").0, Some(0));
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
fn it_takes_its_time() {
    let served = Served::start(&["--latency", "60"]);
    let start = std::time::Instant::now();
    served.call();
    assert!(start.elapsed() >= std::time::Duration::from_millis(60));
    served.end("-TERM");
}

#[test]
fn tokens_are_printed_where_asked() {
    let served = Served::start(&["--tokens"]);
    let said = served.said.join("\n");
    assert!(said.contains("\naccess token: "), "{said}");
    served.end("-TERM");
}

#[test]
fn what_is_wrong_is_told_before_it_serves() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let told = failed(&["sandbox", "serve", "--port", &port]);
    assert!(told.starts_with("2: error: port "), "{told}");
    assert!(
        told.ends_with("give another one with --port, or 0 for any"),
        "{told}"
    );
    let told = failed(&["sandbox", "serve", "--faults", "no-such-file"]);
    assert!(told.starts_with("2: error: no-such-file: "), "{told}");
    let output = program(&["sandbox", "serve", "--seed", "1"])
        .output()
        .unwrap();
    assert!(text(&output.stderr).contains("--faults"));
}
