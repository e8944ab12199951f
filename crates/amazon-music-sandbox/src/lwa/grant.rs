//! The token endpoint.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::lwa::{
    client::Client, device, form::Form, login::Login, memory::Code, refusal::Refusal,
};

pub(super) async fn respond(
    State(login): State<Arc<Login>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = Form::of(&body);
    let granted = match form.get("grant_type") {
        "authorization_code" => by_code(&login, &form, &headers)?,
        "refresh_token" => by_refresh_token(&login, &form, &headers)?,
        // Without client authentication.
        "device_code" => device::grant(&login, &form)?,
        "" => return Err(Refusal::missing("grant_type")),
        _ => {
            let text = "The authorization grant type is not supported by the authorization server";
            return Err(Refusal::new("unsupported_grant_type", text));
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(granted)).into_response())
}

fn by_code(login: &Login, form: &Form, headers: &HeaderMap) -> Result<Value, Refusal> {
    let client = Client::authenticate(form, headers)?;
    let code = form.required("code")?;
    let bad = || {
        Refusal::new(
            "invalid_grant",
            "The request has an invalid grant parameter : code",
        )
    };
    // Taken even if the rest is wrong: a code that was intercepted must not work again.
    let code = login.redeem_code(code).ok_or_else(bad)?;
    let is_right = code.grant.client == client.id
        && code.redirect_uri == form.get("redirect_uri")
        && proves(&code, form.get("code_verifier"));
    if !is_right {
        return Err(bad());
    }
    Ok(login.granted(&code.grant, client.has_secret))
}

/// Whether the code verifier matches the challenge (PKCE).
fn proves(code: &Code, verifier: &str) -> bool {
    match &code.challenge {
        None => true,
        Some((challenge, method)) if method == "S256" => {
            URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
        }
        Some((challenge, _)) => verifier == challenge,
    }
}

fn by_refresh_token(login: &Login, form: &Form, headers: &HeaderMap) -> Result<Value, Refusal> {
    let client = Client::authenticate(form, headers)?;
    let token = form.required("refresh_token")?;
    login.refresh(token, &client.id).ok_or_else(|| {
        Refusal::new(
            "invalid_grant",
            "The request has an invalid grant parameter : refresh_token. User may have revoked or \
             didn't grant the permission.",
        )
    })
}
