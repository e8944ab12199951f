//! The settings of a connection.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _};

use crate::{
    failure::{Failure, FailureKind},
    server::{
        Inner, Redis,
        circuit::Circuit,
        link::Target,
        warning::{OnWarning, Warning},
    },
};

/// Settings of a [`Redis`].
#[must_use]
pub struct RedisBuilder {
    /// May hold a password.
    urls: Vec<String>,
    is_cluster: bool,
    prefix: String,
    connect_timeout: Duration,
    command_timeout: Duration,
    circuit_failures: u32,
    circuit_pause: Duration,
    #[cfg(feature = "rustls-no-provider")]
    root_certificates: Option<Vec<u8>>,
    on_warning: Option<OnWarning>,
}

impl RedisBuilder {
    pub(super) fn new(urls: Vec<String>, is_cluster: bool) -> Self {
        Self {
            urls,
            is_cluster,
            prefix: "amazon-music".to_owned(),
            connect_timeout: Duration::from_secs(1),
            command_timeout: Duration::from_millis(500),
            circuit_failures: 3,
            circuit_pause: Duration::from_secs(1),
            #[cfg(feature = "rustls-no-provider")]
            root_certificates: None,
            on_warning: None,
        }
    }

    /// The prefix of all keys, `amazon-music` unless set. Without braces, which mean something to a cluster.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long a connection may take to open, 1 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a command may take, 500 ms unless set.
    pub fn command_timeout(mut self, timeout: Duration) -> Self {
        self.command_timeout = timeout;
        self
    }

    /// Leaves Redis alone after so many failures in a row (3 unless set), for this time (1 s unless set),
    /// doubled with each further failure up to 32 times as long.
    pub fn circuit(mut self, failures: u32, pause: Duration) -> Self {
        self.circuit_failures = failures;
        self.circuit_pause = pause;
        self
    }

    /// Trusts the authorities in this PEM text instead of the system's, for `rediss://`.
    #[cfg(feature = "rustls-no-provider")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates = Some(pem.into());
        self
    }

    /// Calls `tell` for each setting of the server that endangers logins, once, at the first connection.
    pub fn on_warning(mut self, tell: impl Fn(&Warning) + Send + Sync + 'static) -> Self {
        self.on_warning = Some(Box::new(tell));
        self
    }

    /// Makes the handle. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns an error if a URL is none, or the prefix has braces.
    pub fn build(self) -> Result<Redis, Failure> {
        let nowhere: Arc<str> = Arc::from("(no address)");
        let invalid =
            |reason: &str| Failure::new(FailureKind::InvalidSetting(reason.to_owned()), &nowhere);
        if self.prefix.contains(['{', '}']) {
            return Err(invalid("a prefix must have no braces"));
        }
        // A client without TLS would call it no URL.
        #[cfg(not(feature = "rustls-no-provider"))]
        if self.urls.iter().any(|url| is_over_tls(url.as_str())) {
            let told = super::tls::check_provider();
            told.map_err(|remedy| Failure::new(FailureKind::NoTlsProvider(remedy), &nowhere))?;
        }
        let no_url = "an address is no URL of the form redis://[user:password@]host[:port]";
        let nodes = self
            .urls
            .iter()
            .map(|url| url.as_str().into_connection_info());
        let nodes: Vec<ConnectionInfo> = nodes
            .collect::<Result<_, _>>()
            .map_err(|_| invalid(no_url))?;
        let first = nodes
            .first()
            .ok_or_else(|| invalid("there is no address"))?;
        let address: Arc<str> = Arc::from(first.addr().to_string());
        let is_tls = matches!(first.addr(), ConnectionAddr::TcpTls { .. });
        let target = self.target(nodes, is_tls);
        let target = target.map_err(|error| Failure::of(&error, &address))?;
        Ok(Redis(Arc::new(Inner {
            target,
            address,
            prefix: self.prefix,
            connect_timeout: self.connect_timeout,
            command_timeout: self.command_timeout,
            circuit: Mutex::new(Circuit::new(self.circuit_failures, self.circuit_pause)),
            link: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            warnings: Mutex::default(),
            on_warning: self.on_warning,
        })))
    }

    fn target(
        &self,
        nodes: Vec<ConnectionInfo>,
        is_tls: bool,
    ) -> Result<Target, redis::RedisError> {
        #[cfg(feature = "cluster")]
        if self.is_cluster {
            let builder = redis::cluster::ClusterClientBuilder::new(nodes)
                .retries(2)
                .connection_timeout(self.connect_timeout)
                .response_timeout(self.command_timeout);
            #[cfg(feature = "rustls-no-provider")]
            let builder = match self.certificates() {
                Some(certificates) => builder.certs(certificates),
                None => builder,
            };
            let client = Box::new(builder.build()?);
            return Ok(Target::Cluster { client, is_tls });
        }
        debug_assert!(!self.is_cluster);
        let Some(node) = nodes.into_iter().next() else {
            let kind = redis::ErrorKind::InvalidClientConfig;
            return Err((kind, "there is no address").into());
        };
        #[cfg(feature = "rustls-no-provider")]
        if let Some(certificates) = self.certificates() {
            let client = Box::new(Client::build_with_tls(node, certificates)?);
            return Ok(Target::Single { client, is_tls });
        }
        let client = Box::new(Client::open(node)?);
        Ok(Target::Single { client, is_tls })
    }

    #[cfg(feature = "rustls-no-provider")]
    fn certificates(&self) -> Option<redis::TlsCertificates> {
        let root_cert = Some(self.root_certificates.clone()?);
        Some(redis::TlsCertificates {
            client_tls: None,
            root_cert,
        })
    }
}

#[cfg(not(feature = "rustls-no-provider"))]
fn is_over_tls(url: &str) -> bool {
    let scheme = url.split("://").next().unwrap_or_default();
    ["rediss", "valkeys"].contains(&&*scheme.to_ascii_lowercase())
}

impl fmt::Debug for RedisBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBuilder")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
