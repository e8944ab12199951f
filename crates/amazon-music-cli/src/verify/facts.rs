//! All that the exchanges of a run say, for the report.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use amazon_music::{OperationInfo, Shape};
use serde_json::Value;

use super::{
    allowed::{Allowed, about, say},
    call::{Aim, Call, PAGE},
    difference::{Differences, Kind},
    exchange::{Body, Exchange, Outcome, Response},
    headers::Headers,
    observed::Observed,
    payload::{Page, dotted, locate, page},
    plan,
    schema::{Schema, of_operation},
};

/// Documented statuses of errors.
const ERRORS: [u16; 7] = [400, 401, 403, 404, 422, 429, 500];

/// How far a clock may be off without a word: `Date` has whole seconds, and the response took its time.
const SKEW: Duration = Duration::from_secs(30);

/// The facts.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) differences: Differences,
    pub(super) observed: Observed,
    pub(super) headers: Headers,
    pub(super) calls: Vec<Done>,
    pub(super) sent: u64,
    /// Operations that were not called, since no list brought an id for them.
    pub(super) without_id: Vec<&'static OperationInfo>,
    /// Checks that found what the spec says.
    pub(super) agreements: u64,
}

/// A call that was sent.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) operation: &'static OperationInfo,
    pub(super) aim: Aim,
    pub(super) is_other_path: bool,
    pub(super) throttled: u32,
    pub(super) status: Option<u16>,
    /// The code of an error, or its shape.
    pub(super) code: Option<Allowed>,
    pub(super) page: Option<Page>,
    /// Where the payload was, if not where the spec has it.
    pub(super) elsewhere: Option<Allowed>,
    /// The kind of a body that is no JSON.
    pub(super) not_json: Option<&'static str>,
    /// Rounded up to a power of two.
    pub(super) bytes: u64,
    pub(super) millis: u64,
}

impl Done {
    pub(super) fn is_served(&self) -> bool {
        self.status == Some(200)
    }
}

impl Facts {
    /// The call of this operation with this aim.
    pub(super) fn of(&self, operation: &OperationInfo, aim: Aim) -> Option<&Done> {
        let mut calls = self.calls.iter().rev();
        calls.find(|done| done.operation.id == operation.id && done.aim == aim)
    }

    /// Adds an exchange.
    pub(super) fn add(&mut self, exchange: &Exchange) {
        self.sent = self.sent.saturating_add(u64::from(exchange.sent));
        let call = &exchange.call;
        let mut done = Done {
            operation: call.operation,
            aim: call.aim,
            is_other_path: call.is_other_path,
            throttled: exchange.throttled,
            status: None,
            code: None,
            page: None,
            elsewhere: None,
            not_json: None,
            bytes: 0,
            millis: about(usize::try_from(exchange.took.as_millis()).unwrap_or(usize::MAX)),
        };
        if exchange.throttled > 0 {
            self.differ(call, Kind::RateLimited, say!("429 at the rate of this run"));
        }
        match &exchange.outcome {
            Outcome::Nothing(reason) => self.differ(call, Kind::NoResponse, say!(*reason)),
            Outcome::Response(response) => {
                done.status = Some(response.status);
                done.bytes = about(response.bytes);
                self.headers.add(&response.headers);
                self.clock(call, response, exchange.at);
                match response.status {
                    200 => self.served(call, response, &mut done),
                    _ => self.error(call, response, &mut done),
                }
            }
        }
        self.calls.push(done);
    }

    fn differ(&mut self, call: &Call, kind: Kind, found: Allowed) {
        self.differences
            .add(kind, of_operation(call.operation), found);
    }

    /// Adds a difference unless `agrees`, and an agreement otherwise.
    fn check(&mut self, agrees: bool, call: &Call, kind: Kind, found: impl FnOnce() -> Allowed) {
        if agrees {
            self.agreements += 1;
        } else {
            self.differ(call, kind, found());
        }
    }

    fn clock(&mut self, call: &Call, response: &Response, at: SystemTime) {
        let date = response.header("date");
        let date = date.and_then(|text| httpdate::parse_http_date(text).ok());
        let Some(date) = date else { return };
        let skew = match at.duration_since(date) {
            Ok(skew) => skew,
            Err(error) => error.duration(),
        };
        if skew > SKEW {
            let seconds = about(usize::try_from(skew.as_secs()).unwrap_or(usize::MAX));
            let found = say!(
                "this machine's clock and `Date` differ by up to ",
                seconds,
                " s"
            );
            self.differences
                .add(Kind::Clock, say!("#/servers/0"), found);
        } else {
            self.agreements += u64::from(call.aim == Aim::First);
        }
    }

    /// A response that should hold what was asked for.
    fn served(&mut self, call: &Call, response: &Response, done: &mut Done) {
        if let Some(refusal) = call.aim.refusal() {
            let size = match locate_page(call, response).and_then(|page| page.edges) {
                Some(edges) => say!(", with ", edges, " items"),
                None => say!(""),
            };
            let found = say!(refusal.words(), ": served", size);
            self.differ(call, Kind::Accepted, found);
        }
        if call.is_other_path
            && let Some(path) = plan::other_path_in_words(call.operation)
        {
            self.differ(call, Kind::OtherPath, say!("it is at ", path));
        }
        let Body::Json(body) = &response.body else {
            done.not_json = Some(response.body.kind());
            let found = say!("200 with ", response.body.kind());
            self.differ(call, Kind::NotJson, found);
            return;
        };
        self.check(response.says_json(), call, Kind::MediaType, || {
            say!("JSON under another media type")
        });
        self.payload(call, body, done);
    }

    fn payload(&mut self, call: &Call, body: &Value, done: &mut Done) {
        let info = call.operation;
        let Some(payload) = locate(body, info) else {
            self.observed.add(body, &Schema::of_body(info));
            let found = say!("nothing at ", dotted(info.payload));
            self.differ(call, Kind::NoPayload, found);
            return;
        };
        match &payload.elsewhere {
            None => self.observed.add(body, &Schema::of_body(info)),
            Some(names) => {
                let names = dotted(names);
                let found = say!("`", &names, "` in place of `", dotted(info.payload), "`");
                self.differ(call, Kind::Envelope, found);
                done.elsewhere = Some(names);
                if let Some(schema) = Schema::of_payload(info) {
                    self.observed.add(payload.value, &schema);
                }
            }
        }
        if let Some(page) = page(&payload, info) {
            self.page(call, &page);
            done.page = Some(page);
        } else if call.aim == Aim::Entity {
            let id = payload.value["id"].as_str();
            self.check(id == call.id.as_deref(), call, Kind::OtherId, || {
                say!("an entity of another id than the one asked for")
            });
        }
    }

    /// The numbers of a page, against what was asked for and against the first page.
    fn page(&mut self, call: &Call, page: &Page) {
        let Some(edges) = page.edges else {
            let found = say!("no array of edges at ", dotted(call.operation.payload));
            self.differ(call, Kind::NoPayload, found);
            return;
        };
        let has_more = page.has_next == Some(true);
        let (asked, words) = match call.aim {
            Aim::First | Aim::Next => (Some(PAGE), say!("limit=", PAGE)),
            Aim::OwnSize => (plan::default_size(call.operation), say!("no limit")),
            _ => (None, say!("")),
        };
        if let Some(asked) = asked {
            // A last page can be shorter.
            let is_right = edges == asked || (edges < asked && !has_more);
            self.check(is_right, call, Kind::PageSize, || match call.aim {
                Aim::OwnSize => say!(words, ": ", edges, " items, documented are ", asked),
                _ => say!(words, ": ", edges, " items"),
            });
        }
        if let Some(count) = page.edge_count {
            self.check(count == edges, call, Kind::EdgeCount, || {
                say!("edgeCount is not the number of edges")
            });
        }
        if has_more && page.token.is_none() {
            let found = match page.last_cursor {
                Some(_) => say!("hasNextPage without a token; the last edge has a cursor"),
                None => say!("hasNextPage without a token, nor a cursor on the last edge"),
            };
            self.differ(call, Kind::NoCursor, found);
        }
        if call.aim == Aim::Next
            && let Some(first) = self.of(call.operation, Aim::First)
            && let Some(before) = first.page.clone()
        {
            let is_new = page.ids.iter().all(|id| !before.ids.contains(id));
            self.check(is_new, call, Kind::CursorIgnored, || {
                say!("the page behind the cursor has items of the first page")
            });
            let is_same = page.next().is_some() && page.next() == before.next();
            self.check(!is_same, call, Kind::CursorIgnored, || {
                say!("the second page has the cursor of the first")
            });
        }
    }

    /// A response that refuses the request, or fails.
    fn error(&mut self, call: &Call, response: &Response, done: &mut Done) {
        let status = u64::from(response.status);
        match &response.body {
            Body::Json(body) => {
                self.observed.add(body, &Schema::component("ErrorEnvelope"));
                done.code = code(body);
                if let Some(told) = told_status(body) {
                    self.check(told == status, call, Kind::ErrorStatus, || {
                        say!("the error's `status` is not that of HTTP")
                    });
                }
                if body["error"].is_null() {
                    let found = say!(status, " without `error` in its JSON");
                    self.differ(call, Kind::ErrorBody, found);
                }
            }
            body => {
                done.not_json = Some(body.kind());
                self.differ(call, Kind::NotJson, say!(status, " with ", body.kind()));
            }
        }
        let with_code = match &done.code {
            Some(code) => say!(status, " ", code),
            None => say!(status),
        };
        if let Some(refusal) = call.aim.refusal() {
            let is_expected = response.status == refusal.status();
            self.check(is_expected, call, Kind::RefusedOtherwise, || {
                say!(refusal.words(), ": ", with_code)
            });
            return;
        }
        let kind = match response.status {
            // Told as a limit.
            429 => return,
            401 | 403 => Kind::Refused,
            404 => Kind::NotFound,
            _ if call.aim == Aim::Next && response.status < 500 => Kind::CursorRefused,
            known if ERRORS.contains(&known) => Kind::Failed,
            _ => Kind::Status,
        };
        let path = match call.is_other_path {
            true => say!("the other path: "),
            false => say!(""),
        };
        self.differ(call, kind, say!(path, with_code));
    }

    /// Takes back what the documented path was told for: the other path serves it.
    pub(super) fn forgive(&mut self, operation: &'static OperationInfo) {
        let found = self.of_first_path(operation);
        if let Some(found) = found {
            for kind in [Kind::Refused, Kind::NotFound] {
                self.differences
                    .remove(kind, &of_operation(operation), &found);
            }
        }
    }

    fn of_first_path(&self, operation: &OperationInfo) -> Option<Allowed> {
        let is_first = |done: &&Done| done.operation.id == operation.id && !done.is_other_path;
        let done = self.calls.iter().find(is_first)?;
        let status = u64::from(done.status?);
        Some(match &done.code {
            Some(code) => say!(status, " ", code),
            None => say!(status),
        })
    }

    /// Statuses and codes other than 200, and how often each was seen.
    pub(super) fn statuses(&self) -> BTreeMap<(u64, Allowed), u64> {
        let mut found = BTreeMap::new();
        for done in self.calls.iter().filter(|done| !done.is_served()) {
            let Some(status) = done.status else { continue };
            let code = done.code.clone().unwrap_or_else(|| say!("no code"));
            *found.entry((u64::from(status), code)).or_default() += 1;
        }
        found
    }
}

fn locate_page(call: &Call, response: &Response) -> Option<Page> {
    let Body::Json(body) = &response.body else {
        return None;
    };
    let info = call.operation;
    (info.shape == Shape::List).then_some(())?;
    page(&locate(body, info)?, info)
}

/// The code of an error: as documented, or one that looks like a code, or its shape.
fn code(body: &Value) -> Option<Allowed> {
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
