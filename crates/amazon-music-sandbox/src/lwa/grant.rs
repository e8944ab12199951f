//! The token endpoint.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{
    Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    CLIENT_ID, CLIENT_SECRET, device,
    form::Form,
    state::{Code, Login},
};

/// A refusal in the words of Login with Amazon.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    error: &'static str,
    description: String,
}

pub(super) fn refused(error: &'static str, description: impl Into<String>) -> Refused {
    Refused {
        status: StatusCode::BAD_REQUEST,
        error,
        description: description.into(),
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({
            "error": self.error,
            "error_description": self.description,
            "request_id": "sandbox-request",
        });
        (
            self.status,
            [(header::CACHE_CONTROL, "no-store")],
            Json(body),
        )
            .into_response()
    }
}

pub(super) async fn answer(
    State(login): State<Arc<Login>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let form = Form::of(&body);
    let granted = match form.get("grant_type") {
        "authorization_code" => by_code(&login, &form, &headers)?,
        "refresh_token" => by_refresh_token(&login, &form, &headers)?,
        // No client is asked for here.
        "device_code" => device::grant(&login, &form)?,
        "" => return Err(missing("grant_type")),
        _ => {
            let text = "The authorization grant type is not supported by the authorization server";
            return Err(refused("unsupported_grant_type", text));
        }
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(granted)).into_response())
}

fn by_code(login: &Login, form: &Form, headers: &HeaderMap) -> Result<Value, Refused> {
    let client = client(form, headers)?;
    let code = required(form, "code")?;
    let bad = || {
        refused(
            "invalid_grant",
            "The request has an invalid grant parameter : code",
        )
    };
    // Taken even where the rest is wrong: a code that was shown to somebody else is over.
    let code = login.take_code(code).ok_or_else(bad)?;
    let is_right = code.grant.client == client.id
        && code.redirect_uri == form.get("redirect_uri")
        && proves(&code, form.get("code_verifier"));
    if !is_right {
        return Err(bad());
    }
    Ok(login.granted(&code.grant, client.has_secret))
}

/// Whether whoever asks is the one who began.
fn proves(code: &Code, verifier: &str) -> bool {
    match &code.challenge {
        None => true,
        Some((challenge, method)) if method == "S256" => {
            URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
        }
        Some((challenge, _)) => verifier == challenge,
    }
}

fn by_refresh_token(login: &Login, form: &Form, headers: &HeaderMap) -> Result<Value, Refused> {
    let client = client(form, headers)?;
    let token = required(form, "refresh_token")?;
    login.renew(token, &client.id).ok_or_else(|| {
        refused(
            "invalid_grant",
            "The request has an invalid grant parameter : refresh_token. User may have revoked or \
             didn't grant the permission.",
        )
    })
}

struct Client {
    id: String,
    has_secret: bool,
}

/// The client, from the form or the `Authorization` header. A secret may be missing, but not wrong.
fn client(form: &Form, headers: &HeaderMap) -> Result<Client, Refused> {
    let (id, secret) = match basic(headers) {
        Some(pair) => pair,
        None => (
            required(form, "client_id")?.to_owned(),
            form.get("client_secret").to_owned(),
        ),
    };
    if id != CLIENT_ID || !(secret.is_empty() || secret == CLIENT_SECRET) {
        return Err(Refused {
            status: StatusCode::UNAUTHORIZED,
            ..refused("invalid_client", "Client authentication failed")
        });
    }
    Ok(Client {
        id,
        has_secret: !secret.is_empty(),
    })
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let (id, secret) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

pub(super) fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refused> {
    match form.get(name) {
        "" => Err(missing(name)),
        value => Ok(value),
    }
}

fn missing(name: &str) -> Refused {
    let text = format!("The request is missing a required parameter : {name}");
    refused("invalid_request", text)
}
