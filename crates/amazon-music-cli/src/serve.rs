//! `amazon-music sandbox serve`: the mock server for clients in any language.

mod health;
mod ready;
mod script;

use std::time::Duration;

use amazon_music_sandbox::{Faults, Running, Sandbox};

use crate::{
    arguments::{SandboxCommand, Serve},
    failure::Failure,
    output::sink::print,
    signals::Signals,
    words::things_in_words,
};

/// Serves, or checks another server.
pub(crate) async fn run(command: &SandboxCommand) -> Result<(), Failure> {
    match command {
        SandboxCommand::Serve(settings) => serve(settings).await,
        SandboxCommand::Health(health) => health::check(&health.url).await,
    }
}

/// Serves until the process receives a signal, then completes the requests in flight.
async fn serve(serve: &Serve) -> Result<(), Failure> {
    let faults = match &serve.faults {
        Some(file) => script::read(file, serve.seed)?,
        None => Faults::none(),
    };
    let signals = Signals::listen()?;
    let ready_file = serve.ready_file.as_deref();
    ready_file.map_or(Ok(()), ready::clear)?;
    let sandbox = start(serve, faults).await?;
    ready_file.map_or(Ok(()), |file| ready::write(file, &sandbox))?;
    introduce(&sandbox, serve.tokens)?;
    signals.first().await;
    ready_file.map_or(Ok(()), ready::clear)?;
    let summary = summary(&sandbox);
    // A second signal ends it at once.
    tokio::select! {
        () = sandbox.shutdown() => {}
        _ = signals.second() => {}
    }
    print(summary)
}

/// The number of requests, and the faults of the script that none of them met.
fn summary(sandbox: &Running) -> String {
    let mut summary = format!(
        "stopped after {}",
        things_in_words(sandbox.requests(), "request")
    );
    let unmet = sandbox.unmet_faults();
    if !unmet.is_empty() {
        let names: Vec<String> = unmet.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        summary += &format!("\nfaults that no request met: {names}");
    }
    summary
}

async fn start(serve: &Serve, faults: Faults) -> Result<Running, Failure> {
    let mut sandbox = Sandbox::new()
        .host(serve.host)
        .port(serve.port)
        .latency(Duration::from_millis(serve.latency))
        .faults(faults);
    for dialect in &serve.dialect {
        sandbox = sandbox.dialect((*dialect).into());
    }
    if let Some(folder) = &serve.replay {
        sandbox = sandbox
            .replay(folder)
            .map_err(|error| Failure::Usage(format!("--replay: {error}")))?;
    }
    for origin in &serve.cors {
        sandbox = sandbox
            .cors(origin)
            .map_err(|error| Failure::Usage(format!("--cors: {error}")))?;
    }
    sandbox.start().await.map_err(|error| {
        Failure::Usage(format!(
            "cannot listen on port {} of {} ({error}): set another one with --port, or 0 for a free one",
            serve.port, serve.host
        ))
    })
}

/// Prints the address, and a request to send to it.
fn introduce(sandbox: &Running, tokens: bool) -> Result<(), Failure> {
    let (url, address) = (sandbox.base_url(), sandbox.address());
    let (profile, token) = (sandbox.security_profile_id(), sandbox.token());
    let mut text = format!(
        "sandbox: a made-up catalog on {url}, not the live service\n\
         page: http://{address}/ (spec: /openapi.yaml, /openapi.json)\n\
         call: curl -H 'x-api-key: {profile}' -H 'Authorization: Bearer {token}' \
         '{url}/browse/tracks/top?limit=2'\n"
    );
    if tokens {
        for (name, token) in fresh_tokens(sandbox) {
            text += &format!("{name}: {token}\n");
        }
    }
    text += "stop: Ctrl-C";
    print(text)
}

/// The values that a client needs to refresh tokens and to log users in, each with its label.
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
