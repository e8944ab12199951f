//! Obstacles that a retry does not remove.

use std::error::Error;

/// The reason why a connection will fail again until somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The certificate of the server is not trusted.
    Certificate,
    /// The proxy wants a login.
    ProxyLogin,
}

impl Obstacle {
    /// Finds the obstacle among the causes of an error. These come from the TLS library and the proxy: they
    /// have no types that could be named here without depending on one of them, so their words decide.
    pub(crate) fn of(error: &reqwest::Error) -> Option<Self> {
        let mut cause = error.is_connect().then_some(error as &dyn Error);
        while let Some(error) = cause {
            let text = error.to_string().to_ascii_lowercase();
            if text.contains("certificate") {
                return Some(Self::Certificate);
            }
            if text.contains("proxy auth") {
                return Some(Self::ProxyLogin);
            }
            cause = error.source();
        }
        None
    }
}
