//! Login with Amazon: a registered client, its logins, and the tokens they grant.

#[cfg(feature = "login")]
mod authorization;
#[cfg(feature = "login")]
mod callback;
mod client;
#[cfg(feature = "login")]
mod device;
mod endpoint;
#[cfg(feature = "login")]
mod loopback;
#[cfg(feature = "login")]
mod profile;
#[cfg(feature = "login")]
mod random;
mod refresh_token;
mod response;
mod token_set;

#[cfg(feature = "login")]
pub use authorization::Authorization;
pub use client::{BROWSE_SCOPE, LoginWithAmazon, Region};
#[cfg(feature = "login")]
pub use device::DeviceLogin;
#[cfg(feature = "login")]
pub use loopback::{LOOPBACK_PORT, LoopbackLogin};
#[cfg(feature = "login")]
pub use profile::Profile;
pub use refresh_token::RefreshToken;
pub use token_set::TokenSet;
