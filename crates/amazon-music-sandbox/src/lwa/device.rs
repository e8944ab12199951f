//! Codes for devices without a browser.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::HOST},
    response::Response,
};
use serde_json::{Value, json};

use crate::lwa::{
    client::CLIENT_ID,
    form::Form,
    login::{Login, PAIR_LIFETIME},
    memory::{Decision, Grant, Pair},
    page::{escaped, page},
    paths,
    refusal::Refusal,
    scope::are_known,
};

pub(super) async fn code_pair(
    State(login): State<Arc<Login>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let form = Form::of(&body);
    if form.get("response_type") != "device_code" {
        return Err(Refusal::new(
            "invalid_request",
            "The response_type must be device_code",
        ));
    }
    if form.required("client_id")? != CLIENT_ID {
        return Err(Refusal::new(
            "unauthorized_client",
            "The client may not ask for codes",
        ));
    }
    let scope = form.required("scope")?;
    if !are_known(scope) {
        return Err(Refusal::new(
            "invalid_scope",
            "An unknown scope was requested",
        ));
    }
    let device_code = login.fresh_code();
    let user_code = login.fresh_user_code();
    let pair = Pair {
        device_code: device_code.clone(),
        client: CLIENT_ID.to_owned(),
        scope: scope.to_owned(),
        decision: Decision::Pending,
        polled_at: None,
        end: login.clock.now() + PAIR_LIFETIME,
    };
    login.memory().pairs.insert(user_code.clone(), pair);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    Ok(Json(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("http://{}{}", host.unwrap_or("127.0.0.1"), paths::CODE),
        "expires_in": PAIR_LIFETIME.as_secs(),
        "interval": login.settings.device_interval.as_secs(),
    })))
}

/// Grants tokens to a polling device once the user has allowed it.
pub(super) fn grant(login: &Login, form: &Form) -> Result<Value, Refusal> {
    let (device_code, user_code) = (form.required("device_code")?, form.required("user_code")?);
    let now = login.clock.now();
    let mut memory = login.memory();
    let over = || {
        Refusal::new(
            "invalid_code_pair",
            "The code pair is unknown or has expired",
        )
    };
    let pair = memory.pairs.get_mut(user_code).ok_or_else(over)?;
    if pair.device_code != device_code || now >= pair.end {
        return Err(over());
    }
    let is_too_soon = pair
        .polled_at
        .replace(now)
        .is_some_and(|before| now < before + login.settings.device_interval);
    if is_too_soon {
        return Err(Refusal::new("slow_down", "The device asks too often"));
    }
    let decision = pair.decision.clone();
    let grant = match decision {
        Decision::Pending => {
            let text = "The user has not entered the code yet";
            return Err(Refusal::new("authorization_pending", text));
        }
        Decision::Allowed(user) => Some(Grant {
            client: pair.client.clone(),
            user,
            scope: pair.scope.clone(),
        }),
        Decision::Denied => None,
    };
    memory.pairs.remove(user_code);
    drop(memory);
    let grant = grant.ok_or_else(|| Refusal::new("access_denied", "The user refused"))?;
    // Devices get a refresh token without a secret.
    Ok(login.granted(&grant, true))
}

pub(super) async fn show() -> Response {
    let form = "<p>The next page names the client that shows the code, and its scopes.</p><form method=\"post\"><label>The code on your device <input name=\"user_code\" autofocus>\
                </label><label>Any name will do <input name=\"user\" value=\"listener\"></label>\
                <button name=\"decision\" value=\"allow\">Allow</button>\
                <button name=\"decision\" value=\"deny\">Refuse</button></form>";
    page(StatusCode::OK, "Enter a code", form)
}

pub(super) async fn enter(State(login): State<Arc<Login>>, body: Bytes) -> Response {
    let form = Form::of(&body);
    let code = form.get("user_code").trim().to_uppercase();
    let now = login.clock.now();
    let mut memory = login.memory();
    let Some(pair) = memory.pairs.get_mut(&code).filter(|pair| now < pair.end) else {
        let text = "<p>There is no such code, or it has expired.</p>";
        return page(StatusCode::NOT_FOUND, "Unknown code", text);
    };
    let (client, scope) = (escaped(&pair.client), escaped(&pair.scope));
    let user = form.get("user");
    let text = if form.get("decision") == "allow" {
        pair.decision = Decision::Allowed(user.to_owned());
        let user = escaped(user);
        format!("<b>{user}</b> allows the client <b>{client}</b> the scopes <b>{scope}</b>.")
    } else {
        pair.decision = Decision::Denied;
        format!("The client <b>{client}</b> was refused the scopes <b>{scope}</b>.")
    };
    let text = format!("<p>{text}</p><p>You can go back to your device.</p>");
    page(StatusCode::OK, "Done", &text)
}
