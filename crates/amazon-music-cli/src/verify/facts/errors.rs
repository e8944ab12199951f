//! Responses that refuse a request, or fail.

use serde_json::Value;

use super::{Done, Facts};
use crate::verify::{
    allowed::{Allowed, say},
    call::{Aim, Call, Refusal},
    difference::Kind,
    exchange::{Body, Response},
    schema::Schema,
};

/// Documented statuses of errors.
const ERRORS: [u16; 7] = [400, 401, 403, 404, 422, 429, 500];

impl Facts {
    /// A response after which the request was sent again.
    pub(super) fn repeated(&mut self, call: &Call, response: &Response, done: &mut Done) {
        self.headers.add(&response.headers);
        let mut code = None;
        if let Body::Json(body) = &response.body {
            self.observed.add(body, &Schema::component("ErrorEnvelope"));
            code = error_code(body);
        }
        let status = u64::from(response.status);
        let code = code.unwrap_or_else(|| say!("no code"));
        if response.status == 429 {
            done.throttled += 1;
            self.limited(call);
        } else {
            self.differ(call, Kind::TokenRefused, say!(status, " ", code));
        }
        *self.repeated.entry((status, code)).or_default() += 1;
    }

    /// A rate limit refused a request.
    pub(super) fn limited(&mut self, call: &Call) {
        self.differ(call, Kind::RateLimited, say!("429 at the rate of this run"));
    }

    /// A response that refuses the request, or fails.
    pub(super) fn error(&mut self, call: &Call, response: &Response, done: &mut Done) {
        let status = u64::from(response.status);
        let is_documented = ERRORS.contains(&response.status);
        let mut body_differs = None;
        match &response.body {
            Body::Json(body) => {
                self.observed.add(body, &Schema::component("ErrorEnvelope"));
                done.code = error_code(body);
                if let Some(told) = told_status(body) {
                    self.check(told == status, call, Kind::ErrorStatus, || {
                        say!("the error's `status` is not that of HTTP")
                    });
                }
                if body["error"].is_null() {
                    body_differs = Some((Kind::ErrorBody, "JSON without `error`"));
                }
            }
            body => body_differs = Some((Kind::NotJson, body.kind())),
        }
        done.odd_body = body_differs.map(|(_, words)| words);
        let with_code = match (&done.code, body_differs) {
            (Some(code), _) => say!(status, " ", code),
            (None, Some((_, words))) if !is_documented => say!(status, " with ", words),
            _ => say!(status),
        };
        if let Some((kind, words)) = body_differs.filter(|_| is_documented) {
            self.differ(call, kind, say!(status, " with ", words));
        }
        match call.aim.refusal() {
            Some(Refusal::OldCursor) => {}
            Some(refusal) => {
                let is_expected = response.status == refusal.status();
                self.check(is_expected, call, Kind::RefusedOtherwise, || {
                    say!(refusal.words(), ": ", with_code)
                });
            }
            None => self.failed(call, response.status, with_code),
        }
    }

    /// A call that should have been served.
    fn failed(&mut self, call: &Call, status: u16, with_code: Allowed) {
        let kind = match status {
            401 | 403 => Kind::Refused,
            404 => Kind::NotFound,
            _ if call.aim == Aim::Next && status < 500 => Kind::CursorRefused,
            known if ERRORS.contains(&known) => Kind::Failed,
            _ => Kind::Status,
        };
        let path = match call.is_other_path {
            true => say!("the other path: "),
            false => say!(""),
        };
        self.differ(call, kind, say!(path, with_code));
    }
}

/// The code of an error: as documented, or one that looks like a code, or its shape.
fn error_code(body: &Value) -> Option<Allowed> {
    let code = body["error"]["code"].as_str()?;
    let known = Schema::component("ErrorCode").values().unwrap_or_default();
    let known = known.into_iter().find(|known| *known == code);
    let shape = || say!("a code of ", Allowed::shape(code));
    Some(known.map_or_else(
        || Allowed::value(code).unwrap_or_else(shape),
        |known| say!(known),
    ))
}

/// The status that an error names itself.
fn told_status(body: &Value) -> Option<u64> {
    let status = &body["error"]["status"];
    let text = status.as_str().and_then(|text| text.parse().ok());
    status.as_u64().or(text)
}
