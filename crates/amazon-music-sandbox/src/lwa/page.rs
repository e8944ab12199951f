//! HTML pages without external resources.

use axum::{
    http::{StatusCode, header::CACHE_CONTROL},
    response::{Html, IntoResponse, Response},
};

/// A page of the sandbox. `body` is HTML.
pub(super) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"icon\" href=\"data:,\"><style>body {{ font-family: sans-serif; margin: 4em auto; \
         max-width: 36em }} button {{ margin-right: 1em }} input {{ display: block; margin: 1em 0 }}\
         </style></head><body><p>Sandbox: this is not Amazon.</p><h1>{title}</h1>{body}</body></html>"
    );
    (status, [(CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// The error page of Login with Amazon, shown if the user cannot be redirected back.
pub(super) fn refusal(reason: &str) -> Response {
    let body = format!("<p>{}</p>", escaped(reason));
    page(StatusCode::BAD_REQUEST, "400 Bad Request", &body)
}

/// Escapes text for HTML, attributes included.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
