//! All that the exchanges of a run say, for the report.

mod errors;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use amazon_music::OperationInfo;
use serde_json::Value;

use super::{
    allowed::{Allowed, about, say},
    call::{Aim, Call, PAGE, Refusal},
    difference::{Differences, Kind},
    exchange::{Body, Exchange, Outcome, Response},
    fields,
    headers::Headers,
    observed::Observed,
    payload::{Page, dotted, locate, page},
    plan,
    schema::{Schema, of_operation, samples},
};

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
    /// Statuses and codes of responses after which the request was sent again.
    repeated: BTreeMap<(u64, Allowed), u64>,
    /// The age of the cursor of an earlier recording, in hours.
    pub(super) old_cursor_hours: Option<u64>,
    /// The largest difference between this machine's clock and `Date`.
    skew: Duration,
    /// Checks that found what the spec says.
    pub(super) agreements: u64,
}

/// A call that was sent.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) operation: &'static OperationInfo,
    pub(super) aim: Aim,
    pub(super) is_other_path: bool,
    pub(super) throttled: u64,
    pub(super) status: Option<u16>,
    /// The code of an error, or its shape.
    pub(super) code: Option<Allowed>,
    pub(super) page: Option<Page>,
    /// Where the payload was, if not where the spec has it.
    pub(super) elsewhere: Option<Allowed>,
    /// Whether the list or entity was found.
    pub(super) has_payload: bool,
    /// The kind of a body that is not what the spec has: a gateway's, perhaps.
    pub(super) odd_body: Option<&'static str>,
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
            throttled: 0,
            status: None,
            code: None,
            page: None,
            elsewhere: None,
            has_payload: false,
            odd_body: None,
            bytes: 0,
            millis: about(usize::try_from(exchange.took.as_millis()).unwrap_or(usize::MAX)),
        };
        for response in &exchange.earlier {
            self.repeated(call, response, &mut done);
        }
        match &exchange.outcome {
            Outcome::Nothing(reason) => self.differ(call, Kind::NoResponse, say!(*reason)),
            Outcome::Response(response) => {
                done.status = Some(response.status);
                done.bytes = about(response.bytes);
                self.headers.add(&response.headers);
                self.clock(response, exchange.at);
                match response.status {
                    200 => self.served(call, response, &mut done),
                    429 => {
                        done.throttled += 1;
                        self.limited(call);
                    }
                    _ => self.error(call, response, &mut done),
                }
            }
        }
        self.calls.push(done);
    }

    /// Adds what came before an exchange was cut short.
    pub(super) fn add_interrupted(&mut self, exchange: &Exchange) {
        self.sent = self.sent.saturating_add(u64::from(exchange.sent));
        for response in &exchange.earlier {
            self.headers.add(&response.headers);
            if response.status == 429 {
                self.limited(&exchange.call);
            }
        }
    }

    /// Adds an exchange that found nothing at the documented path, when the other path serves it.
    pub(super) fn add_forgiven(&mut self, exchange: &Exchange) {
        let differences = std::mem::take(&mut self.differences);
        self.add(exchange);
        self.differences = differences;
    }

    /// Tells that an operation was not called.
    pub(super) fn not_called(&mut self, operation: &OperationInfo, reason: &'static str) {
        self.differences
            .add(Kind::NotCalled, of_operation(operation), say!(reason));
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

    /// Compares the clocks, unless a cache kept the response.
    fn clock(&mut self, response: &Response, at: SystemTime) {
        let date = response
            .header("date")
            .filter(|_| response.header("age").is_none());
        let date = date.and_then(|text| httpdate::parse_http_date(text).ok());
        if let Some(date) = date {
            let skew = at
                .duration_since(date)
                .unwrap_or_else(|error| error.duration());
            self.skew = self.skew.max(skew);
        }
    }

    /// All differences.
    pub(super) fn all_differences(&self) -> Differences {
        let mut differences = self.differences.clone();
        if self.skew > SKEW {
            let seconds = about(usize::try_from(self.skew.as_secs()).unwrap_or(usize::MAX));
            let found = say!(
                "this machine's clock and `Date` differ by up to ",
                seconds,
                " s"
            );
            differences.add(Kind::Clock, say!("#/servers/0"), found);
        }
        fields::differ(&self.observed, &self.documented(), &mut differences);
        differences
    }

    /// The documented samples of the operations that were served, observed as bodies are.
    fn documented(&self) -> Observed {
        let mut documented = Observed::default();
        let served: BTreeMap<_, _> = self
            .calls
            .iter()
            .filter(|done| done.has_payload)
            .map(|done| (done.operation.id, done.operation))
            .collect();
        for operation in served.into_values() {
            for sample in samples(operation) {
                documented.add(sample, &Schema::of_body(operation));
            }
        }
        documented
    }

    /// A response that should hold what was asked for.
    fn served(&mut self, call: &Call, response: &Response, done: &mut Done) {
        if call.is_other_path
            && let Some(path) = plan::other_path_in_words(call.operation)
        {
            self.differ(call, Kind::OtherPath, say!("it is at ", path));
        }
        if let Body::Json(body) = &response.body {
            self.check(response.says_json(), call, Kind::MediaType, || {
                say!("JSON under another media type")
            });
            self.payload(call, body, done);
        } else {
            done.odd_body = Some(response.body.kind());
            let found = say!("200 with ", response.body.kind());
            self.differ(call, Kind::NotJson, found);
        }
        // That an old cursor is still good is an answer, and no difference.
        let refusal = call.aim.refusal().filter(|it| *it != Refusal::OldCursor);
        if let Some(refusal) = refusal {
            let size = match done.page.as_ref().and_then(|page| page.edges) {
                Some(edges) => say!(", with ", edges, " items"),
                None => say!(""),
            };
            let found = say!(refusal.words(), ": served", size);
            self.differ(call, Kind::Accepted, found);
        }
    }

    fn payload(&mut self, call: &Call, body: &Value, done: &mut Done) {
        let info = call.operation;
        let payload = locate(body, info);
        done.has_payload = payload.is_some();
        let Some(payload) = payload else {
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
        self.check(page.has_next.is_some(), call, Kind::MissingField, || {
            say!("pageInfo.hasNextPage")
        });
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

    /// Statuses and codes other than 200, and how often each was seen.
    pub(super) fn statuses(&self) -> BTreeMap<(u64, Allowed), u64> {
        let mut found = self.repeated.clone();
        for done in self.calls.iter().filter(|done| !done.is_served()) {
            let Some(status) = done.status else { continue };
            let code = done.code.clone().unwrap_or_else(|| say!("no code"));
            *found.entry((u64::from(status), code)).or_default() += 1;
        }
        found
    }
}
