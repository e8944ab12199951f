//! The page where a user logs in.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

use super::{
    CLIENT_ID, are_known,
    form::Form,
    page::{escaped, page, refusal},
    state::{Grant, Login},
};

/// What is asked for on the way in, and carried through the page.
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
    let asked = Form::of(query.unwrap_or_default().as_bytes());
    match check(&asked) {
        Some(refused) => refused,
        None => page(StatusCode::OK, "Log in", &form(&asked)),
    }
}

pub(super) async fn decide(State(login): State<Arc<Login>>, body: Bytes) -> Response {
    let asked = Form::of(&body);
    if let Some(refused) = check(&asked) {
        return refused;
    }
    if asked.get("decision") != "allow" {
        let denied = [
            ("error", "access_denied"),
            ("error_description", "The user refused."),
        ];
        return send_back(&asked, &denied);
    }
    let method = match asked.get("code_challenge_method") {
        // The documented default.
        "" => "plain",
        method => method,
    };
    let challenge = match asked.get("code_challenge") {
        "" => None,
        challenge => Some((challenge.to_owned(), method.to_owned())),
    };
    let grant = Grant {
        client: asked.get("client_id").to_owned(),
        user: asked.get("user").to_owned(),
        scope: asked.get("scope").to_owned(),
    };
    let code = login.keep_code(grant, asked.get("redirect_uri"), challenge);
    send_back(&asked, &[("code", &code), ("scope", asked.get("scope"))])
}

/// What is wrong with the request. The first three stay on a page here, as they do at Amazon: there is
/// nowhere to send the user that could be trusted.
fn check(asked: &Form) -> Option<Response> {
    if asked.get("client_id") != CLIENT_ID {
        return Some(refusal(
            "An unknown client was given (lwa-invalid-parameter-bad-client-id).",
        ));
    }
    if !may_return_to(asked.get("redirect_uri")) {
        return Some(refusal(
            "The redirect URI you provided has not been whitelisted for your application.",
        ));
    }
    if !are_known(asked.get("scope")) {
        return Some(refusal(
            "An unknown scope was requested (lwa-invalid-parameter-bad-scope).",
        ));
    }
    let (error, description) = match (
        asked.get("response_type"),
        asked.get("code_challenge_method"),
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
    Some(send_back(asked, &fields))
}

/// Every loopback address is registered here, and every `https` one; plain `http` elsewhere is refused.
fn may_return_to(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let plain = !host.is_empty() && !url.contains(|c: char| c.is_control() || c == ' ' || c == '#');
    match scheme {
        "https" => plain,
        "http" => plain && matches!(name, "127.0.0.1" | "localhost"),
        _ => false,
    }
}

/// Sends the user back to the program, with the state that it gave.
fn send_back(asked: &Form, fields: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    if !asked.get("state").is_empty() {
        query.append_pair("state", asked.get("state"));
    }
    let url = asked.get("redirect_uri");
    let separator = if url.contains('?') { '&' } else { '?' };
    let location = format!("{url}{separator}{}", query.finish());
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

fn form(asked: &Form) -> String {
    let mut html = String::from("<p>A program asks for ");
    html.push_str(&escaped(asked.get("scope")));
    html.push_str(".</p><form method=\"post\">");
    for name in FIELDS {
        let value = escaped(asked.get(name));
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
