//! From the flags and variables of requests to the client that sends them.

use std::{fs, path::Path, sync::Arc};

use amazon_music::{
    AmazonMusic, Builder, CallOptions, RetrySettings, Secret,
    reqwest::{Certificate, ClientBuilder, Proxy, Url},
};

use crate::{arguments::Requests, failure::Failure};

/// Applies the settings that apply with and without the sandbox.
pub(crate) fn with_settings(mut music: Builder, requests: &Requests) -> Result<Builder, Failure> {
    music = music.user_agent_suffix(concat!("amazon-music-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(locale) = &requests.locale {
        music = music.locale(locale);
    }
    if let Some(style) = &requests.image_style {
        music = music.image_style(style.as_str());
    }
    for header in &requests.headers {
        let (name, value) = header_of(header)?;
        music = music.header(name, value);
    }
    if let Some(timeout) = requests.timeout {
        music = music.overall_timeout(timeout);
    }
    if let Some(retries) = requests.retries {
        music = music.retries(RetrySettings::new().max_attempts(retries.saturating_add(1)));
    }
    Ok(music)
}

/// Splits `NAME: VALUE`. No error shows the value.
fn header_of(header: &Secret) -> Result<(&str, &str), Failure> {
    let (name, value) = header.expose().split_once(':').ok_or_else(|| {
        Failure::Usage("--header must be 'NAME: VALUE', with a colon after the name".to_owned())
    })?;
    let (name, value) = (name.trim(), value.trim());
    // Checked here, so that the error names the flag.
    CallOptions::new()
        .header(name, value)
        .map(drop)
        .map_err(|error| Failure::Usage(format!("--header: {error}")))?;
    Ok((name, value))
}

/// Applies the base URL and the connection of the flags.
pub(crate) fn with_connection(mut music: Builder, requests: &Requests) -> Result<Builder, Failure> {
    if let Some(url) = &requests.base_url {
        music = music.base_url(url);
    }
    let connection = Connection::new(requests)?;
    if connection.is_default() {
        return Ok(music);
    }
    Ok(music.configure_http(move |http| connection.configure(http)))
}

/// How servers are reached.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    proxy: Option<Proxy>,
    certificates: Arc<[Certificate]>,
}

impl Connection {
    pub(crate) fn new(requests: &Requests) -> Result<Self, Failure> {
        let proxy = requests.proxy.as_ref().map(proxy).transpose()?;
        let certificates = match &requests.cacert {
            Some(file) => certificates(file)?,
            None => Vec::new(),
        };
        if proxy.is_none() && !certificates.is_empty() {
            check_environment()?;
        }
        Ok(Self {
            proxy,
            certificates: certificates.into(),
        })
    }

    fn is_default(&self) -> bool {
        self.proxy.is_none() && self.certificates.is_empty()
    }

    pub(crate) fn configure(&self, mut http: ClientBuilder) -> ClientBuilder {
        if let Some(proxy) = &self.proxy {
            http = http.proxy(proxy.clone());
        }
        http.tls_certs_merge(self.certificates.iter().cloned())
    }
}

/// The URL is not shown: it may hold a password.
fn proxy(url: &Secret) -> Result<Proxy, Failure> {
    let is_proxy = |url: &Url| {
        let schemes = ["http", "https"];
        schemes.contains(&url.scheme()) && url.has_host()
    };
    Url::parse(url.expose())
        .ok()
        .filter(is_proxy)
        .and_then(|url| Proxy::all(url).ok())
        .ok_or_else(|| {
            let text = "--proxy must be the URL of a proxy, such as http://proxy.example:3128";
            Failure::Usage(text.to_owned())
        })
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Failure> {
    let pem = fs::read(file).map_err(|error| {
        Failure::Usage(format!("--cacert: cannot read {}: {error}", file.display()))
    })?;
    Certificate::from_pem_bundle(&pem)
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or_else(|| {
            Failure::Usage(format!(
                "--cacert: {} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
                file.display()
            ))
        })
}

/// Refuses proxies of the environment that would be ignored silently. A client whose connection is
/// configured leaves that to whoever configures it.
fn check_environment() -> Result<(), Failure> {
    let client = AmazonMusic::builder().security_profile_id("-").token("-");
    Ok(client.build().map(drop)?)
}
