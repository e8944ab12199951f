//! The profile endpoint.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
};
use serde_json::{Value, json};

use crate::lwa::{login::Login, refusal::Refusal};

pub(super) async fn respond(
    State(login): State<Arc<Login>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let claims = token(&headers)
        .and_then(|token| login.claims_of(token))
        .ok_or_else(|| {
            Refusal::new("invalid_token", "The access token is not valid")
                .with_status(StatusCode::UNAUTHORIZED)
        })?;
    let has = |scope| claims.scope.split(' ').any(|granted| granted == scope);
    let user_id = format!("amzn1.account.SANDBOX-{}", claims.user);
    if has("profile") {
        Ok(Json(json!({"user_id": user_id, "name": claims.user})))
    } else if has("profile:user_id") {
        Ok(Json(json!({"user_id": user_id})))
    } else {
        let text = "The access token was not granted the scope profile";
        Err(Refusal::new("insufficient_scope", text).with_status(StatusCode::FORBIDDEN))
    }
}

/// The access token, which is accepted in either of the two documented headers.
fn token(headers: &HeaderMap) -> Option<&str> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let bearer = header(AUTHORIZATION.as_str()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    bearer.or_else(|| header("x-amz-access-token"))
}
