//! Mock of Login with Amazon: the login page, the token endpoint, and codes for devices without a browser.

mod authorize;
pub(crate) mod client;
mod device;
mod form;
mod grant;
pub(crate) mod issued;
pub(crate) mod login;
mod memory;
mod page;
pub(crate) mod paths;
mod profile;
mod refusal;
pub(crate) mod scope;
pub(crate) mod token;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use crate::lwa::login::Login;

pub(crate) fn router(login: Arc<Login>) -> Router {
    Router::new()
        .route(
            paths::AUTHORIZE,
            get(authorize::show).post(authorize::decide),
        )
        .route(paths::TOKEN, post(grant::respond))
        .route(paths::CODE_PAIR, post(device::code_pair))
        .route(paths::CODE, get(device::show).post(device::enter))
        .route(paths::PROFILE, get(profile::respond))
        .with_state(login)
}
