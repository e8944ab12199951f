//! Configures the HTTP client: a proxy, an additional root certificate, a limit on idle connections.
//!
//! ```console
//! $ cargo run --package amazon-music --example http_settings
//! ```
//!
//! Needs no account. The sandbox, a mock server, acts as the proxy too: nothing listens on the port of the
//! base URL, so every response came through the proxy.

use std::{
    error::Error,
    io::{self, Write},
    time::Duration,
};

use amazon_music::{
    AmazonMusic,
    reqwest::{Certificate, ClientBuilder, Proxy},
};

/// The root certificate of a company proxy. This one signs nothing.
const ROOT: &[u8] = include_bytes!("http_settings/root.pem");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout()).await
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    // Fallible settings are created here, because the closure cannot return an error.
    let proxy = Proxy::all(format!("http://{}", sandbox.address()))?;
    let root = Certificate::from_pem(ROOT)?;
    let settings = move |http: ClientBuilder| {
        http.proxy(proxy)
            .tls_certs_merge([root])
            .pool_max_idle_per_host(4)
    };

    let music = AmazonMusic::builder()
        .base_url("http://127.0.0.1:9/v1")
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .user_agent_suffix("http-settings/1.0")
        .connect_timeout(Duration::from_secs(5))
        .attempt_timeout(Duration::from_secs(10))
        .configure_http(settings)
        .build()?;
    let page = music.top_playlists().limit(2).send().await?;
    for playlist in &page.items {
        writeln!(out, "{}", playlist.id)?;
    }
    writeln!(out, "{} request through the proxy", sandbox.requests())?;
    Ok(())
}
