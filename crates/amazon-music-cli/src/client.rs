//! Clients for the arguments: of the live service, or of a sandbox in this process.

use amazon_music::AmazonMusic;
use amazon_music_sandbox::Running;

use crate::{
    arguments::Requests, credentials, failure::Failure, notice::hint, pace::RunPace,
    record::recorded, requests::with_settings,
};

/// A client of the live service, and its pace.
pub(crate) async fn of_service(
    user: Option<&str>,
    requests: &Requests,
) -> Result<(AmazonMusic, RunPace), Failure> {
    let (music, pace) = credentials::of_service(user, requests).await?;
    let music = recorded(with_settings(music, requests)?, &requests.record)?;
    Ok((pace.apply(music).build()?, pace))
}

/// A client of a sandbox in this process.
pub(crate) async fn of_sandbox(
    sandbox: &Running,
    user: Option<&str>,
    requests: &Requests,
) -> Result<AmazonMusic, Failure> {
    let music = credentials::of_sandbox(sandbox, user).await?;
    // On loopback, without TLS: a system without root certificates is fine.
    let music = music.configure_http(|http| http.tls_certs_only([]));
    let music = recorded(with_settings(music, requests)?, &requests.record)?;
    // What the sandbox allows is not kept: it is gone with this process.
    Ok(RunPace::new(requests, None).apply(music).build()?)
}

/// Starts the sandbox and tells of it.
pub(crate) async fn start_sandbox() -> Result<Running, Failure> {
    let sandbox = amazon_music_sandbox::start()
        .await
        .map_err(|error| Failure::io("cannot start the sandbox on 127.0.0.1", error))?;
    hint!(
        "sandbox: a made-up catalog on {}, not the live service",
        sandbox.base_url()
    );
    Ok(sandbox)
}
