//! `amazon-music sandbox serve`: the stand-in server for clients in any language.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
use clap::{Args, Subcommand};
use serde::Deserialize;

use crate::Failure;

/// What can be done with the stand-in server.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Serve it on 127.0.0.1 until Ctrl-C, for a client in any language
    ///
    /// The page at `/` shows the document and sends requests; the document itself is at /openapi.yaml and
    /// /openapi.json.
    Serve(Serve),
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; 0 takes any free port
    #[arg(long, value_name = "N", default_value_t = 4010)]
    pub port: u16,

    /// Take this many milliseconds over every answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,

    /// Fail as this JSON file says, for example {"random": {"probability": 0.1, "faults": [{"fault": "reset"}]}}
    ///
    /// {"inOrder": [...]} has one entry for each request, null where all is well. The faults: error (with
    /// status, code and perhaps retryAfter), badGateway, unavailable (perhaps retryAfter), latency and
    /// slowBody (with milliseconds), cutBody, wrongContentType, invalidUtf8, oversized (with bytes), reset,
    /// duplicateCursor, missingToken, malformedItem.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,

    /// Draw other random faults; the same number draws the same ones
    #[arg(long, value_name = "N", default_value_t = 0, requires = "faults")]
    pub seed: u64,

    /// Print tokens for a client that is given them from outside
    #[arg(long)]
    pub tokens: bool,
}

/// A file of faults.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Script {
    /// One entry for each request.
    InOrder(Vec<Option<Entry>>),
    /// Each request fails with this probability, in one of these ways.
    Random {
        probability: f64,
        faults: Vec<Entry>,
    },
}

/// One fault, as [`Fault`] has it.
#[derive(Debug, Deserialize)]
#[serde(
    tag = "fault",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum Entry {
    Error {
        status: u16,
        code: String,
        retry_after: Option<String>,
    },
    BadGateway,
    Unavailable {
        retry_after: Option<String>,
    },
    Latency {
        milliseconds: u64,
    },
    SlowBody {
        milliseconds: u64,
    },
    CutBody,
    WrongContentType,
    InvalidUtf8,
    Oversized {
        bytes: u64,
    },
    Reset,
    DuplicateCursor,
    MissingToken,
    MalformedItem,
}

impl From<Entry> for Fault {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Error {
                status,
                code,
                retry_after,
            } => Self::Error {
                status,
                code,
                retry_after,
            },
            Entry::BadGateway => Self::BadGateway,
            Entry::Unavailable { retry_after } => Self::Unavailable { retry_after },
            Entry::Latency { milliseconds } => Self::Latency(Duration::from_millis(milliseconds)),
            Entry::SlowBody { milliseconds } => Self::SlowBody(Duration::from_millis(milliseconds)),
            Entry::CutBody => Self::CutBody,
            Entry::WrongContentType => Self::WrongContentType,
            Entry::InvalidUtf8 => Self::InvalidUtf8,
            Entry::Oversized { bytes } => Self::Oversized(bytes),
            Entry::Reset => Self::Reset,
            Entry::DuplicateCursor => Self::DuplicateCursor,
            Entry::MissingToken => Self::MissingToken,
            Entry::MalformedItem => Self::MalformedItem,
        }
    }
}

/// Serves until the process is asked to end, then answers what is under way.
pub(crate) async fn run(command: &SandboxCommand) -> Result<(), Failure> {
    let SandboxCommand::Serve(serve) = command;
    let faults = match &serve.faults {
        Some(file) => read_faults(file, serve.seed)?,
        None => Faults::none(),
    };
    let mut end = Signals::new()?;
    let sandbox = Sandbox::new()
        .port(serve.port)
        .latency(Duration::from_millis(serve.latency))
        .faults(faults)
        .start()
        .await
        .map_err(|error| {
            let port = serve.port;
            Failure::Usage(format!(
                "port {port} cannot be had ({error}): give another one with --port, or 0 for any"
            ))
        })?;
    introduce(&sandbox, serve.tokens)?;
    end.next().await;
    let requests = sandbox.requests();
    // Asked a second time, it leaves at once.
    tokio::select! {
        () = sandbox.shutdown() => {}
        () = end.next() => {}
    }
    Ok(writeln!(
        io::stdout(),
        "stopped after {requests} request(s)"
    )?)
}

/// Says where it is and how to call it.
fn introduce(sandbox: &Running, tokens: bool) -> Result<(), Failure> {
    let (url, address) = (sandbox.base_url(), sandbox.address());
    let (profile, token) = (sandbox.security_profile_id(), sandbox.token());
    let mut text = format!(
        "sandbox: a made-up catalog on {url}, not the live service\n\
         page: http://{address}/ (document: /openapi.yaml, /openapi.json)\n\
         call: curl -H 'x-api-key: {profile}' -H 'Authorization: Bearer {token}' \
         '{url}/browse/tracks/top?limit=2'\n"
    );
    if tokens {
        for (name, token) in fresh_tokens(sandbox) {
            text += &format!("{name}: {token}\n");
        }
    }
    text += "stop: Ctrl-C\n";
    let mut output = io::stdout();
    output.write_all(text.as_bytes())?;
    Ok(output.flush()?)
}

/// The tokens to print, each with its name.
fn fresh_tokens(sandbox: &Running) -> Vec<(&'static str, String)> {
    vec![("access token", sandbox.token().to_owned())]
}

fn read_faults(file: &Path, seed: u64) -> Result<Faults, Failure> {
    let wrong = |text: String| Failure::Usage(format!("{}: {text}", file.display()));
    let text = fs::read(file).map_err(|error| wrong(error.to_string()))?;
    let script = serde_json::from_slice(&text)
        .map_err(|error| wrong(format!("{error}; see `amazon-music sandbox serve --help`")))?;
    script_of(script, seed).map_err(wrong)
}

fn script_of(script: Script, seed: u64) -> Result<Faults, String> {
    let check = |entry: Entry| match entry {
        Entry::Error { status, .. } if !(400..=599).contains(&status) => {
            Err(format!("write a status from 400 to 599, not {status}"))
        }
        entry => Ok(Fault::from(entry)),
    };
    match script {
        Script::InOrder(entries) => {
            let faults: Result<Vec<_>, _> = entries
                .into_iter()
                .map(|entry| entry.map(check).transpose())
                .collect();
            Ok(Faults::in_order(faults?))
        }
        Script::Random {
            probability,
            faults,
        } => {
            if !(0.0..=1.0).contains(&probability) {
                return Err(format!(
                    "write a probability from 0 to 1, not {probability}"
                ));
            }
            let faults: Result<Vec<_>, _> = faults.into_iter().map(check).collect();
            Ok(Faults::random(seed, probability, faults?))
        }
    }
}

/// The signals that end the process.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// The signal that ends the process.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Where no signal can be heard, only the end of the process ends it.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Faults, String> {
        let script = serde_json::from_str(text).map_err(|error| error.to_string())?;
        script_of(script, 7)
    }

    #[test]
    fn every_fault_can_be_written() {
        let faults = r#"
            {"fault": "error", "status": 429, "code": "THROTTLED", "retryAfter": "2"},
            {"fault": "error", "status": 500, "code": "INTERNAL"},
            {"fault": "badGateway"},
            {"fault": "unavailable", "retryAfter": "1"},
            {"fault": "latency", "milliseconds": 5},
            {"fault": "slowBody", "milliseconds": 5},
            {"fault": "cutBody"},
            {"fault": "wrongContentType"},
            {"fault": "invalidUtf8"},
            {"fault": "oversized", "bytes": 10},
            {"fault": "reset"},
            {"fault": "duplicateCursor"},
            {"fault": "missingToken"},
            {"fault": "malformedItem"}"#;
        read(&format!(r#"{{"inOrder": [null, {faults}]}}"#)).unwrap();
        read(&format!(
            r#"{{"random": {{"probability": 0.5, "faults": [{faults}]}}}}"#
        ))
        .unwrap();
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told() {
        let wrong = [
            (r#"{"inOrder": [{"fault": "fire"}]}"#, "`fire`"),
            (
                r#"{"inOrder": [{"fault": "error", "status": 200, "code": ""}]}"#,
                "400 to 599",
            ),
            (
                r#"{"random": {"probability": 2, "faults": []}}"#,
                "from 0 to 1",
            ),
            (
                r#"{"random": {"probability": 1, "faults": [], "seed": 1}}"#,
                "`seed`",
            ),
            ("[]", "expected value"),
        ];
        for (text, words) in wrong {
            let told = read(text).unwrap_err();
            assert!(told.contains(words), "{text}: {told}");
        }
    }
}
