//! The HTTP client, and the URLs that it may be sent to with credentials.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{ClientBuilder, Url, redirect};

use crate::tls;

/// Connect timeout. Three times the round trips of TCP and TLS on a poor
/// mobile link, with room for one lost packet.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The `User-Agent`, before the suffix of the user.
pub(crate) const USER_AGENT: &str = concat!("amazon-music-rust/", env!("CARGO_PKG_VERSION"));

/// The changes of a user to the client.
pub(crate) type Configure = Box<dyn FnOnce(ClientBuilder) -> ClientBuilder + Send>;

/// Makes the builder of an HTTP client that credentials can be given to. A followed redirect would carry
/// them along.
pub(crate) fn http_client(
    is_loopback: bool,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<ClientBuilder, &'static str> {
    tls::check_provider()?;
    let mut http = reqwest::Client::builder().user_agent(USER_AGENT);
    #[cfg(feature = "rustls")]
    {
        // Whatever else is enabled elsewhere in the build.
        http = http.tls_backend_rustls();
    }
    if is_loopback {
        // A proxy of the environment would be handed the credentials in the clear.
        http = http.no_proxy();
    }
    Ok(configure(http)
        .resolve_to_addrs(LOCALHOST, &loopback_addresses())
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT))
}

/// The only name that plain `http` is sent to.
const LOCALHOST: &str = "localhost";

/// The addresses of [`LOCALHOST`], whatever DNS or a file of hosts says. Port 0 stands for that of the URL.
fn loopback_addresses() -> [SocketAddr; 2] {
    [
        (Ipv4Addr::LOCALHOST, 0).into(),
        (Ipv6Addr::LOCALHOST, 0).into(),
    ]
}

/// Parses a URL that credentials may be sent to.
///
/// # Errors
///
/// Returns the reason, without the URL, if it is none.
pub(crate) fn check_https(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if url.cannot_be_a_base() || url.query().is_some() || url.fragment().is_some() {
        return Err("must be scheme, host and path only");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold credentials");
    }
    match url.scheme() {
        "https" if tls::IS_ENABLED => Ok(url),
        "https" => Err(
            "is https, and this build has no TLS: enable the feature `rustls`, `ring`, `native-tls` \
             or `rustls-no-provider` of amazon-music",
        ),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(
            "is plain http, which would show the token to the network: use https (http is for \
             loopback addresses only)",
        ),
        _ => Err("must begin with https"),
    }
}

/// Whether a URL is of this machine, by its address: a name may resolve to anything, but for `localhost`,
/// which is not resolved.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == LOCALHOST
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
