//! API errors: the documented error object.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An API error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

const fn api_error(status: StatusCode, code: &'static str, message: &'static str) -> ApiError {
    ApiError {
        status,
        code,
        message,
    }
}

pub(crate) const BAD_REQUEST: ApiError = api_error(
    StatusCode::BAD_REQUEST,
    "BAD_REQUEST",
    "Malformed request. Check for missing query parameter.",
);
/// No text is documented for a wrong cursor.
pub(crate) const UNKNOWN_CURSOR: ApiError = api_error(
    StatusCode::BAD_REQUEST,
    "BAD_REQUEST",
    "Unknown cursor: this list did not return it.",
);
pub(crate) const NO_X_API_KEY: ApiError = api_error(
    StatusCode::UNAUTHORIZED,
    "NO_X_API_KEY",
    "The x-api-key header is missing or empty.",
);
pub(crate) const INVALID_AUTH_TYPE: ApiError = api_error(
    StatusCode::UNAUTHORIZED,
    "INVALID_AUTH_TYPE",
    "Header does not contain bearer token.",
);
pub(crate) const INVALID_AUTH_TOKEN: ApiError = api_error(
    StatusCode::UNAUTHORIZED,
    "INVALID_AUTH_TOKEN",
    "Bearer token empty.",
);
pub(crate) const INVALID_ACCESS_TOKEN: ApiError = api_error(
    StatusCode::UNAUTHORIZED,
    "INVALID_ACCESS_TOKEN",
    "The access token is expired or not valid.",
);
pub(crate) const ACCESS_DENIED: ApiError = api_error(
    StatusCode::FORBIDDEN,
    "ACCESS_DENIED",
    "The access token was not granted the scope music::catalog.",
);
pub(crate) const NOT_FOUND: ApiError = api_error(
    StatusCode::NOT_FOUND,
    "RESOURCE_NOT_FOUND",
    "The resource was not found.",
);
/// No 405 is documented; the shape of the other errors is kept.
pub(crate) const METHOD_NOT_ALLOWED: ApiError = api_error(
    StatusCode::METHOD_NOT_ALLOWED,
    "BAD_REQUEST",
    "Only GET is allowed here.",
);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({"error": {
            // A string, as in the sample of the documentation.
            "status": self.status.as_str(),
            "code": self.code,
            "message": self.message,
        }});
        (self.status, Json(body)).into_response()
    }
}
