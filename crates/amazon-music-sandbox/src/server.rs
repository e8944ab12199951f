//! Settings and start of a sandbox.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::middleware::from_fn_with_state;
use serde::Serialize;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    browse,
    clock::{Clock, SystemClock},
    cors::Origins,
    dialect::Dialect,
    faults::script::Faults,
    health,
    listener::{Connection, Killable},
    lwa::{
        self,
        login::{Login, Settings},
    },
    middleware::{date, inject},
    reference,
    replay::{self, Recorded},
    running::Running,
    setting::SettingError,
    spec::Spec,
    state::State,
};

/// Starts a sandbox with default settings on a free loopback port.
///
/// # Errors
///
/// Returns an error if no loopback port is available.
pub async fn start() -> io::Result<Running> {
    Sandbox::new().start().await
}

/// Settings of a sandbox.
#[derive(Clone, Debug)]
#[must_use = "a sandbox does nothing until it is started"]
pub struct Sandbox {
    host: IpAddr,
    port: u16,
    browse: browse::Settings,
    cors: Origins,
    faults: Faults,
    login: Settings,
    latency: Duration,
    recorded: Option<Recorded>,
    clock: Arc<dyn Clock>,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// Default settings: a free port, no faults, no added latency.
    pub fn new() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            browse: browse::Settings::default(),
            cors: Origins::default(),
            faults: Faults::none(),
            login: Settings::default(),
            latency: Duration::ZERO,
            recorded: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Address to listen on, instead of 127.0.0.1: in a container `0.0.0.0`, which stands for all addresses. Whoever
    /// reaches it can use the sandbox, whose credentials are public.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Port to listen on, instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Another documented form of the service, in addition to those set before.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.browse.dialects.push(dialect);
        self
    }

    /// Your own items of a list, in place of the catalog's: anything that serializes to an object with an `id`,
    /// such as the types of a client. The list is named by its path below the base URL, as in the OpenAPI spec.
    /// Lists that are not set come from the catalog, and are empty if it does not have their category.
    ///
    /// ```
    /// use amazon_music_sandbox::Sandbox;
    /// use serde_json::json;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::new()
    ///     .items("/browse/categories", [json!({"id": "quiet", "name": "Quiet"})])?
    ///     .items("/browse/categories/quiet/tracks", [json!({"id": "1", "title": "4'33\""})])?
    ///     .start()
    ///     .await?;
    /// let response = reqwest::Client::builder().no_proxy().build()?
    ///     .get(format!("{}/browse/categories/quiet/tracks", sandbox.base_url()))
    ///     .header("x-api-key", sandbox.security_profile_id())
    ///     .bearer_auth(sandbox.token())
    ///     .send()
    ///     .await?;
    /// let body: serde_json::Value = response.json().await?;
    /// assert_eq!(body["data"]["category"]["tracks"]["edges"][0]["node"]["title"], "4'33\"");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error that names the lists if there is none at this path, and one that names the item if it
    /// has no `id` or cannot be serialized.
    pub fn items<T: Serialize>(
        mut self,
        path: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Result<Self, SettingError> {
        self.browse.items.set(path, items)?;
        Ok(self)
    }

    /// Script of the faults to inject.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Lifetime of access tokens, instead of an hour.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.login.token_lifetime = lifetime;
        self
    }

    /// Issues a new refresh token with each refresh and invalidates the old one. By default refresh tokens stay
    /// valid and none are reissued: the documentation describes both.
    pub fn rotating_refresh_tokens(mut self) -> Self {
        self.login.rotates = true;
        self
    }

    /// Minimum interval between two polls of a device, instead of 5 seconds.
    pub fn device_interval(mut self, interval: Duration) -> Self {
        self.login.device_interval = interval;
        self
    }

    /// Delay of every response, in addition to the delays of faults.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Serves a recording in place of the made-up catalog: the HAR files of a folder, such as one of
    /// `amazon-music --record`.
    ///
    /// Each request gets the response that was recorded for its path and query, byte for byte and whatever its
    /// credentials are: errors, bodies that are cut short and connections that failed included. Several responses
    /// to one request come in the order of the files, and then from the first again. A request that was not recorded
    /// gets a 404 with the code `NOT_RECORDED`.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or there is none.
    pub fn replay(mut self, folder: impl AsRef<Path>) -> Result<Self, SettingError> {
        self.recorded = Some(Recorded::read(folder.as_ref())?);
        Ok(self)
    }

    /// Lets pages of this origin call the sandbox from a browser, in addition to the origins set before: for
    /// example `http://localhost:5173`, or `*` for all. Off by default. Cookies are never allowed.
    ///
    /// # Errors
    ///
    /// Returns an error if this is no origin: one with a path, for example, to which no browser would match.
    pub fn cors(mut self, origin: &str) -> Result<Self, SettingError> {
        self.cors.add(origin)?;
        Ok(self)
    }

    /// Clock for delays and expiry, so that a test does not have to wait.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Starts the server in the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the address or the port is not available.
    pub async fn start(self) -> io::Result<Running> {
        let listener = TcpListener::bind((self.host, self.port)).await?;
        let mut address = listener.local_addr()?;
        // Listening on all addresses; not every system connects to this one.
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let login = Arc::new(Login::new(self.login, self.clock.clone()));
        let state = State::new(self.faults, self.latency, self.clock, login.clone());
        let state = Arc::new(state);
        let api = match self.recorded {
            Some(recorded) => replay::router(recorded),
            None => browse::router(Spec::get(), self.browse, &login),
        };
        let router = api
            .layer(from_fn_with_state(state.clone(), inject))
            .layer(from_fn_with_state(state.clone(), date))
            .merge(lwa::router(login))
            .merge(health::router())
            .merge(reference::router());
        let service = self.cors.layer(router);
        let service = service.into_make_service_with_connect_info::<Connection>();
        let server = axum::serve(Killable(listener), service).with_graceful_shutdown(async {
            // A dropped sender and a message both mean stop.
            let _ = stopped.await;
        });
        let task = tokio::spawn(async { server.await });
        Ok(Running::new(address, state, stop, task))
    }
}
