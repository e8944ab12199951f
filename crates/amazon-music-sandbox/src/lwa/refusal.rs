//! Error responses of Login with Amazon.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An error response of the token endpoint or the code pair endpoint.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refusal {
    /// A 400 with this error code and description.
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description: description.into(),
        }
    }

    /// The same with another status.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// A parameter that is missing or empty.
    pub(super) fn missing(name: &str) -> Self {
        let text = format!("The request is missing a required parameter : {name}");
        Self::new("invalid_request", text)
    }

    /// A client that could not be authenticated.
    pub(super) fn invalid_client() -> Self {
        Self::new("invalid_client", "Client authentication failed")
            .with_status(StatusCode::UNAUTHORIZED)
    }
}

impl IntoResponse for Refusal {
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
