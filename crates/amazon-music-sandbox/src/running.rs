//! A running sandbox.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    credentials::{SECURITY_PROFILE_ID, TOKEN},
    faults::{fault::Fault, script::Faults},
    lwa::{
        client::{CLIENT_ID, CLIENT_SECRET},
        issued::IssuedTokens,
        paths, scope,
    },
    state::State,
};

/// A running sandbox. Stops when dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    pub(crate) fn new(
        address: SocketAddr,
        state: Arc<State>,
        stop: oneshot::Sender<()>,
        task: JoinHandle<io::Result<()>>,
    ) -> Self {
        Self {
            address,
            state,
            stop: Some(stop),
            task,
        }
    }

    /// Address of the listener; a loopback address if it listens on all.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL of the API, in place of `https://api.music.amazon.dev/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Access token that every sandbox accepts: [`TOKEN`].
    #[must_use]
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Security profile ID to send: [`SECURITY_PROFILE_ID`].
    #[must_use]
    pub fn security_profile_id(&self) -> &'static str {
        SECURITY_PROFILE_ID
    }

    /// ID of the registered client: [`CLIENT_ID`].
    #[must_use]
    pub fn client_id(&self) -> &'static str {
        CLIENT_ID
    }

    /// Secret of the registered client: [`CLIENT_SECRET`].
    #[must_use]
    pub fn client_secret(&self) -> &'static str {
        CLIENT_SECRET
    }

    /// URL of the login page, in place of `https://www.amazon.com/ap/oa`.
    #[must_use]
    pub fn authorize_url(&self) -> String {
        self.url(paths::AUTHORIZE)
    }

    /// URL of the token endpoint, in place of `https://api.amazon.com/auth/o2/token`.
    #[must_use]
    pub fn token_url(&self) -> String {
        self.url(paths::TOKEN)
    }

    /// URL of the code pair endpoint, in place of `https://api.amazon.com/auth/o2/create/codepair`.
    #[must_use]
    pub fn code_pair_url(&self) -> String {
        self.url(paths::CODE_PAIR)
    }

    /// URL of the profile endpoint, in place of `https://api.amazon.com/user/profile`.
    #[must_use]
    pub fn profile_url(&self) -> String {
        self.url(paths::PROFILE)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Issues tokens for this user, [`CLIENT_ID`] and the scope of Browse, as a login would.
    #[must_use]
    pub fn issue_tokens(&self, user: &str) -> IssuedTokens {
        self.state.login().issue(CLIENT_ID, user, scope::CATALOG)
    }

    /// The name that was typed on the login page for this access token, if the token is valid now.
    #[must_use]
    pub fn user_of(&self, access_token: &str) -> Option<String> {
        let claims = self.state.login().claims_of(access_token)?;
        Some(claims.user)
    }

    /// Expires all access tokens issued so far. [`TOKEN`] stays valid.
    pub fn expire_access_tokens(&self) {
        self.state.login().expire_access_tokens();
    }

    /// Revokes all tokens issued to this user so far.
    pub fn revoke(&self, user: &str) {
        self.state.login().revoke(user);
    }

    /// Number of successful refreshes so far.
    #[must_use]
    pub fn refreshes(&self) -> u64 {
        self.state.login().refreshes()
    }

    /// Replaces the script of faults, for the requests from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state.set_faults(faults);
    }

    /// The faults of the present script that no request has met so far: see [`Faults::unmet`].
    #[must_use]
    pub fn unmet_faults(&self) -> Vec<Fault> {
        self.state.unmet_faults()
    }

    /// Number of requests to the Browse API so far, failed ones included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.requests()
    }

    /// Completes the requests in flight and stops.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        // It stops either way, so its result does not matter.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}
