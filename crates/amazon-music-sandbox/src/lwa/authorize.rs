//! The login page.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

use crate::lwa::{
    client::CLIENT_ID,
    form::Form,
    login::Login,
    memory::Grant,
    page::{escaped, page, refusal},
    scope::are_known,
};

/// Fields of the request, which the form of the page carries along.
const FIELDS: [&str; 7] = [
    "client_id",
    "scope",
    "response_type",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
];

pub(super) async fn show(RawQuery(query): RawQuery) -> Response {
    let request = Form::of(query.unwrap_or_default().as_bytes());
    match check(&request) {
        Some(error) => error,
        None => page(StatusCode::OK, "Log in", &form(&request)),
    }
}

pub(super) async fn decide(State(login): State<Arc<Login>>, body: Bytes) -> Response {
    let request = Form::of(&body);
    if let Some(error) = check(&request) {
        return error;
    }
    if request.get("decision") != "allow" {
        let denied = [
            ("error", "access_denied"),
            ("error_description", "The user refused."),
        ];
        return send_back(&request, &denied);
    }
    let method = match request.get("code_challenge_method") {
        // The documented default.
        "" => "plain",
        method => method,
    };
    let challenge = match request.get("code_challenge") {
        "" => None,
        challenge => Some((challenge.to_owned(), method.to_owned())),
    };
    let grant = Grant {
        client: request.get("client_id").to_owned(),
        user: request.get("user").to_owned(),
        scope: request.get("scope").to_owned(),
    };
    let code = login.issue_code(grant, request.get("redirect_uri"), challenge);
    send_back(
        &request,
        &[("code", &code), ("scope", request.get("scope"))],
    )
}

/// Validates the request; returns the error response if it is wrong. The first three errors are shown on a
/// page, as at Amazon, because the redirect URI cannot be trusted.
fn check(request: &Form) -> Option<Response> {
    if request.get("client_id") != CLIENT_ID {
        return Some(refusal(
            "An unknown client was given (lwa-invalid-parameter-bad-client-id).",
        ));
    }
    if !may_return_to(request.get("redirect_uri")) {
        return Some(refusal(
            "The redirect URI you provided has not been whitelisted for your application.",
        ));
    }
    if !are_known(request.get("scope")) {
        return Some(refusal(
            "An unknown scope was requested (lwa-invalid-parameter-bad-scope).",
        ));
    }
    let (error, description) = match (
        request.get("response_type"),
        request.get("code_challenge_method"),
    ) {
        ("token", _) => {
            let text = "Implicit Grant (response_type=token) is no longer supported.";
            return Some(refusal(text));
        }
        ("code", "" | "plain" | "S256") => return None,
        ("code", _) => (
            "invalid_request",
            "An unknown code_challenge_method was given.",
        ),
        _ => (
            "unsupported_response_type",
            "The response_type must be code.",
        ),
    };
    let fields = [("error", error), ("error_description", description)];
    Some(send_back(request, &fields))
}

/// Whether a redirect URI is allowed: `https` anywhere, plain `http` on loopback only. Whatever a browser
/// could read in another way, as a user name before the host, is refused.
fn may_return_to(url: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '#' | '\\');
    let Some((scheme, rest)) = url.split_once("://").filter(|_| !url.contains(odd)) else {
        return false;
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, port.parse().ok()),
        None => (host, Some(80)),
    };
    let plain = !name.is_empty() && !host.contains('@') && port.is_some_and(|port: u16| port != 0);
    match scheme {
        "https" => plain,
        "http" => plain && matches!(name, "127.0.0.1" | "localhost"),
        _ => false,
    }
}

/// Redirects the user back to the client, with the state of its request.
fn send_back(request: &Form, fields: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    if !request.get("state").is_empty() {
        query.append_pair("state", request.get("state"));
    }
    let url = request.get("redirect_uri");
    let separator = if url.contains('?') { '&' } else { '?' };
    let location = format!("{url}{separator}{}", query.finish());
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

fn form(request: &Form) -> String {
    let mut html = format!(
        "<p>The client <b>{}</b> requests the scopes <b>{}</b> and sends you back to <b>{}</b>.</p>\
         <form method=\"post\">",
        escaped(request.get("client_id")),
        escaped(request.get("scope")),
        escaped(request.get("redirect_uri")),
    );
    for name in FIELDS {
        let value = escaped(request.get(name));
        html.push_str(&format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        ));
    }
    html.push_str(
        "<label>Any name will do <input name=\"user\" value=\"listener\"></label>\
         <button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\">Refuse</button></form>",
    );
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_returns_to_this_machine_only_however_the_url_is_written() {
        for good in [
            "http://127.0.0.1:9090/callback",
            "http://localhost/",
            "http://127.0.0.1",
            "https://example.com/callback?a=b",
            "https://example.com:8443",
        ] {
            assert!(may_return_to(good), "{good}");
        }
        for bad in [
            "http://127.0.0.1:80@evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://localhost:x@evil.example/",
            "http://127.0.0.1\\@evil.example/",
            "http://127.0.0.1\\.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1:/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1\t.evil.example/",
            "http://evil.example/?http://127.0.0.1/",
            "http://evil.example?@127.0.0.1/",
            "https://user@example.com/",
            "https:///callback",
            "//127.0.0.1/",
            "http:127.0.0.1",
            "javascript://127.0.0.1/%0aalert(1)",
        ] {
            assert!(!may_return_to(bad), "{bad}");
        }
    }
}
