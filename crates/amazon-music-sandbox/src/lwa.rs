//! A stand-in for Login with Amazon: the page where a user logs in, the token endpoint, and the codes of
//! devices without a browser.

mod authorize;
mod device;
mod form;
mod grant;
mod page;
mod state;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use state::{Login, Settings};

/// The client that is registered here. Published, and good for a sandbox only.
pub const CLIENT_ID: &str = "amzn1.application-oa2-client.sandbox";

/// The secret of that client. Published, and good for a sandbox only.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";

/// What signs the tokens of every sandbox, so that each accepts those of the others. Published: such a
/// token proves nothing to anybody else.
pub const DEVELOPMENT_KEY: &str =
    "amazon-music-sandbox development key, published and worth nothing";

pub(crate) const AUTHORIZE_PATH: &str = "/ap/oa";
pub(crate) const TOKEN_PATH: &str = "/auth/o2/token";
pub(crate) const CODE_PAIR_PATH: &str = "/auth/o2/create/codepair";
pub(crate) const CODE_PATH: &str = "/code";

pub(crate) fn router(login: Arc<Login>) -> Router {
    Router::new()
        .route(AUTHORIZE_PATH, get(authorize::show).post(authorize::decide))
        .route(TOKEN_PATH, post(grant::answer))
        .route(CODE_PAIR_PATH, post(device::code_pair))
        .route(CODE_PATH, get(device::show).post(device::enter))
        .with_state(login)
}

/// The scopes that the documentation lists. Others are unknown.
const SCOPES: [&str; 13] = [
    "music::catalog",
    "music::favorites",
    "music::favorites:read",
    "music::history",
    "music::library",
    "music::library:read",
    "music::playback",
    "music::profile",
    "music::profile:read",
    "music::recommendation",
    "profile",
    "profile:user_id",
    "postal_code",
];

fn are_known(scopes: &str) -> bool {
    let mut scopes = scopes.split(' ').peekable();
    scopes.peek().is_some() && scopes.all(|scope| SCOPES.contains(&scope))
}
