//! `amazon-music sandbox serve`: the stand-in server for clients in any language.

mod script;

use std::{io, io::Write as _, path::PathBuf, time::Duration};

use amazon_music_sandbox::{Faults, Running, Sandbox};
use clap::{Args, Subcommand};

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

    /// Print fresh tokens, and what a client needs to renew them and to log users in
    #[arg(long)]
    pub tokens: bool,
}

/// Serves until the process is asked to end, then answers what is under way.
pub(crate) async fn run(command: &SandboxCommand) -> Result<(), Failure> {
    let SandboxCommand::Serve(serve) = command;
    let faults = match &serve.faults {
        Some(file) => script::read(file, serve.seed)?,
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

/// What a client needs that logs in and renews by itself, each with its name.
fn fresh_tokens(sandbox: &Running) -> [(&'static str, String); 6] {
    let tokens = sandbox.issue_tokens("listener");
    [
        ("access token", tokens.access_token),
        ("refresh token", tokens.refresh_token),
        ("client id", sandbox.client_id().to_owned()),
        ("client secret", sandbox.client_secret().to_owned()),
        ("authorize page", sandbox.authorize_url()),
        ("token endpoint", sandbox.token_url()),
    ]
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
