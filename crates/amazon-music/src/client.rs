//! The client.

use std::{fmt, sync::Arc};

use amazon_music_browse::RequestSettings;

use crate::{Builder, Secret};

/// A client of the Browse API: cheap to clone, and made to be shared.
///
/// Made by [`AmazonMusic::builder`]. Clones share one pool of connections.
#[derive(Clone)]
pub struct AmazonMusic {
    pub(crate) shared: Arc<Shared>,
}

/// What all clones share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) settings: RequestSettings,
    pub(crate) token: Secret,
    /// The security profile id, which is cut out of what servers send back.
    pub(crate) security_profile_id: Secret,
}

impl AmazonMusic {
    /// Starts a client; see [`Builder`].
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where the requests go, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }
}

impl fmt::Debug for AmazonMusic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonMusic")
            .field("base_url", &self.shared.base_url)
            .finish_non_exhaustive()
    }
}
