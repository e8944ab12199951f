//! `amazon-music sandbox health`: the check of a container or a script.

use std::{error::Error as _, io, time::Duration};

use amazon_music::reqwest::{self, Client, Url};
use serde::Deserialize;

use crate::failure::Failure;

/// A sandbox on this machine responds at once.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Health {
    server: String,
    status: String,
}

/// Fails unless a sandbox responds at this URL: its base URL, or any other of the same host and port.
pub(super) async fn check(url: &str) -> Result<(), Failure> {
    let mut at = Url::parse(url)
        .ok()
        .filter(|url| url.scheme() == "http" && url.has_host())
        .ok_or_else(|| {
            let example = "such as http://127.0.0.1:4010/v1";
            Failure::Usage(format!(
                "{url:?} is no URL of a sandbox: write one {example}"
            ))
        })?;
    at.set_path("/health");
    at.set_query(None);
    let unhealthy = |reason| Failure::io(format!("no sandbox at {url}"), reason);
    let health = get(at).await.map_err(|error| unhealthy(reason(&error)))?;
    if health.server == "amazon-music-sandbox" && health.status == "ok" {
        return Ok(());
    }
    let reason = format!("{} says {:?}", health.server, health.status);
    Err(unhealthy(io::Error::other(reason)))
}

async fn get(url: Url) -> reqwest::Result<Health> {
    let client = Client::builder().no_proxy().timeout(TIMEOUT);
    // No TLS: an image without root certificates is fine.
    let client = client.tls_certs_only([]).build()?;
    let response = client.get(url).send().await?;
    response.error_for_status()?.json().await
}

/// The innermost cause: the others only say that a request failed.
fn reason(error: &reqwest::Error) -> io::Error {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    io::Error::other(reason)
}
