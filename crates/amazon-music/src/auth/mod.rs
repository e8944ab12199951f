//! Sources of access tokens, their refresh, and logins.
//!
//! A [`TokenProvider`] gets a token. The client keeps it and refreshes it in time; however many calls
//! wait, one refresh is under way. A token that never changes needs none of this: give it to
//! [`Builder::token`](crate::Builder::token).
//!
//! ```
//! use std::time::Duration;
//!
//! use amazon_music::{AmazonMusic, auth::{AccessToken, TokenError, token_from}};
//!
//! # fn example() -> Result<AmazonMusic, amazon_music::Error> {
//! let music = AmazonMusic::builder()
//!     .security_profile_id("amzn1.application.0123456789abcdef")
//!     .tokens(token_from(async || {
//!         // Ask whoever has it: a vault, a sidecar, another service.
//!         Ok::<_, TokenError>(AccessToken::new("Atza|…").expires_in(Duration::from_secs(3600)))
//!     }))
//!     .build()?;
//! # Ok(music)
//! # }
//! ```
//!
//! # Logging users in
//!
//! [`LoginWithAmazon`] is a client that is registered with Login with Amazon. With a user's refresh token
//! it is a provider ([`LoginWithAmazon::refresh_token`]); with the feature `login` it gets one:
//!
//! | who logs in | how |
//! |---|---|
//! | a user of a web service | `LoginWithAmazon::authorize`: authorization code with PKCE |
//! | a user at a terminal | `LoginWithAmazon::loopback`: the browser comes back to a port of this machine |
//! | a user of a device without a browser | `LoginWithAmazon::device`: a code to type elsewhere |
//!
//! Each gives a [`TokenSet`]. A [`TokenStore`] keeps it for the next run: [`MemoryTokenStore`], a file
//! (`FileTokenStore`, feature `file-store`), or one of your own. [`Stored`] is the provider over it:
//! processes that share a store refresh once.
//!
//! Amazon documents no way for a program to revoke a login: delete the tokens, and send the user to
//! <https://amazon.com/ap/adam> to take the permission back.
//!
//! # When a token is refreshed
//!
//! - In the background, while calls go on with the old one: from 5 minutes before its end, or a fifth of
//!   a shorter life, at a random moment of the first quarter of that time.
//! - Before the next call: from 30 seconds before its end, or a twentieth of a shorter life. If that
//!   fails, the old one is used as long as it is good.
//! - After a 401: once for all calls that were refused with the same token, and each of them is sent once
//!   more. If tokens are refused one after another, without a success in between, the refreshes are
//!   spaced out, from 5 seconds up to a minute; calls in between fail with the 401.
//!
//! A failed refresh is the failure of all calls that waited for it. After a failure that may pass the
//! next call asks the provider again; from the second in a row on there is a pause of a second, doubled
//! with each further one up to 30 seconds. While there is a token that is still good, and after a terminal
//! failure, the pause is 5 seconds, doubled up to a minute. A moment that the token service names
//! ([`TokenError::retry_at`]) is honoured up to five minutes. One refresh may take a minute.
//!
//! A refresh runs in a task of its own: cancelling the call that began it stops nothing.

pub(crate) mod cache;
mod error;
mod lwa;
mod provider;
pub(crate) mod secret;
mod state;
mod store;
mod window;

pub use error::TokenError;
#[cfg(feature = "login")]
pub use lwa::{Authorization, DeviceLogin, LOOPBACK_PORT, LoopbackLogin, Profile};
pub use lwa::{BROWSE_SCOPE, LoginWithAmazon, RefreshToken, Region, TokenSet};
pub use provider::{AccessToken, TokenContext, TokenFuture, TokenProvider, token_from};
#[cfg(feature = "file-store")]
pub use store::FileTokenStore;
pub use store::{LockedTokens, MemoryTokenStore, StoreFuture, Stored, TokenKey, TokenStore};
