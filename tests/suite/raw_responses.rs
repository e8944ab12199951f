//! Responses outside the OpenAPI spec: each ends in one typed error, or does no harm.

mod bodies;
mod pages;
mod statuses;

use wiremock::ResponseTemplate;

use crate::common::{always, client_of};

/// The error of a top-tracks call that is answered like this.
async fn error_of(answer: ResponseTemplate) -> amazon_music::Error {
    let server = always(answer).await;
    client_of(&server).top_tracks().send().await.unwrap_err()
}

fn html(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_owned(), "text/html")
}
