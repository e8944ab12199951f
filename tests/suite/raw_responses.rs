//! Responses outside the OpenAPI spec: each ends in one typed error, or is harmless.

mod bodies;
mod pages;
mod statuses;

use wiremock::ResponseTemplate;

use crate::common::{always, client_of};

/// The error of a top-tracks call that gets this response.
async fn error_of(response: ResponseTemplate) -> amazon_music::Error {
    let server = always(response).await;
    client_of(&server).top_tracks().send().await.unwrap_err()
}

fn html(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_owned(), "text/html")
}
