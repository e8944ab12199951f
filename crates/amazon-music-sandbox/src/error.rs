//! The documented error object.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn refusal(status: StatusCode, code: &'static str, message: &'static str) -> Refusal {
    Refusal {
        status,
        code,
        message,
    }
}

pub(crate) const BAD_REQUEST: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    "BAD_REQUEST",
    "Malformed request. Check for missing query parameter.",
);
pub(crate) const NO_X_API_KEY: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "NO_X_API_KEY",
    "The x-api-key header is missing or empty.",
);
pub(crate) const INVALID_AUTH_TYPE: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "INVALID_AUTH_TYPE",
    "Header does not contain bearer token.",
);
pub(crate) const INVALID_AUTH_TOKEN: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "INVALID_AUTH_TOKEN",
    "Bearer token empty.",
);
pub(crate) const INVALID_ACCESS_TOKEN: Refusal = refusal(
    StatusCode::UNAUTHORIZED,
    "INVALID_ACCESS_TOKEN",
    "The access token is expired or not valid.",
);
pub(crate) const ACCESS_DENIED: Refusal = refusal(
    StatusCode::FORBIDDEN,
    "ACCESS_DENIED",
    "The access token was not granted the scope music::catalog.",
);
pub(crate) const NOT_FOUND: Refusal = refusal(
    StatusCode::NOT_FOUND,
    "RESOURCE_NOT_FOUND",
    "The resource was not found.",
);
/// The service documents no 405; the shape of its errors is kept.
pub(crate) const METHOD_NOT_ALLOWED: Refusal = refusal(
    StatusCode::METHOD_NOT_ALLOWED,
    "BAD_REQUEST",
    "Only GET is allowed here.",
);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": {
            // A string in the documentation's sample.
            "status": self.status.as_str(),
            "code": self.code,
            "message": self.message,
        }});
        (self.status, Json(body)).into_response()
    }
}
