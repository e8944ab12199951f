//! The health check, outside of the API: no credentials, no faults, not counted.

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

pub(crate) fn router() -> Router {
    Router::new().route("/health", get(health))
}

async fn health() -> Json<Value> {
    Json(json!({"server": "amazon-music-sandbox", "status": "ok"}))
}
