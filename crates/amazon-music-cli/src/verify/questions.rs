//! The open questions about the service, and what a run says about each.

use serde::Serialize;

use super::{
    allowed::Allowed,
    answers::{
        caching, cursor_shapes, default_sizes, doubled_path, edge_cursors, empty_list,
        entity_place, gateway, id_shapes, limits, list_places, missing_tokens, new_fields, rate,
        refused, region, unprocessable,
    },
    call::Refusal,
    facts::Facts,
    setup::Setup,
};

/// A question with its answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered {
    pub(super) id: &'static str,
    pub(super) question: &'static str,
    /// None if this run does not tell.
    pub(super) answer: Option<Allowed>,
    /// Why it does not tell, or what would.
    pub(super) unanswered: Option<&'static str>,
}

type Answer = fn(&Facts, &Setup) -> Option<Allowed>;

const PROBE: &str = "only with --probe";
const OTHERWISE: &str = "not answerable from here";
const NOT_SEEN: &str = "not seen in this run";

/// The questions that the documentation leaves open: the gaps of openapi/README.md, and what no page tells.
const QUESTIONS: [(&str, &str, Answer, &str); 24] = [
    (
        "doubled-path",
        "Are categories at /browse/categories, or at /browse/browse/categories? (#1)",
        doubled_path,
        NOT_SEEN,
    ),
    (
        "bare-category",
        "Is a single category wrapped in `data`? (#2)",
        entity_place,
        NOT_SEEN,
    ),
    (
        "flat-lists",
        "Are the lists of a category inside of the category? (#3, #4)",
        list_places,
        NOT_SEEN,
    ),
    (
        "default-size",
        "How large is a page without a limit? (#7)",
        default_sizes,
        NOT_SEEN,
    ),
    (
        "fields",
        "Which fields do items have that no page shows? (#23)",
        new_fields,
        NOT_SEEN,
    ),
    (
        "missing-token",
        "Is there always a token if there is a next page? (#5)",
        missing_tokens,
        NOT_SEEN,
    ),
    (
        "edge-cursors",
        "Which lists have a cursor on each edge? (#6)",
        edge_cursors,
        NOT_SEEN,
    ),
    (
        "cursor-shapes",
        "Which shapes do cursors have?",
        cursor_shapes,
        NOT_SEEN,
    ),
    (
        "id-shapes",
        "Which shapes do ids have? (#22)",
        id_shapes,
        NOT_SEEN,
    ),
    (
        "empty-list",
        "Which shape does an empty list have?",
        empty_list,
        NOT_SEEN,
    ),
    (
        "made-up-cursor",
        "How is a cursor refused that no list returned? (#21)",
        |f, _| refused(f, Refusal::MadeUpCursor),
        PROBE,
    ),
    (
        "old-cursor",
        "How long is a cursor valid? (#21)",
        |f, _| refused(f, Refusal::OldCursor),
        "only with --probe --earlier DIR, a recording of another day",
    ),
    (
        "limit-bounds",
        "Is a limit out of bounds refused, or clamped? (#9, #10)",
        limits,
        PROBE,
    ),
    (
        "unknown-id",
        "How is an unknown id refused?",
        |f, _| refused(f, Refusal::UnknownId),
        PROBE,
    ),
    (
        "no-key",
        "Which status has a request without x-api-key?",
        |f, _| refused(f, Refusal::NoKey),
        PROBE,
    ),
    (
        "no-token",
        "Which status has a request without a token?",
        |f, _| refused(f, Refusal::NoToken),
        PROBE,
    ),
    (
        "unprocessable",
        "Does Browse ever respond with 422?",
        unprocessable,
        NOT_SEEN,
    ),
    (
        "gateway",
        "Which bodies do errors of a gateway have? (#16, #18)",
        gateway,
        NOT_SEEN,
    ),
    (
        "rate",
        "Which rate is allowed, and is Retry-After sent? (#19)",
        rate,
        NOT_SEEN,
    ),
    (
        "caching",
        "Which headers of caching are sent?",
        caching,
        NOT_SEEN,
    ),
    (
        "region",
        "Do logins of other regions than North America work?",
        region,
        NOT_SEEN,
    ),
    (
        "device-grant",
        "Does a login on a device get the scope music::catalog?",
        |_, _| None,
        OTHERWISE,
    ),
    (
        "revocation",
        "Is there an endpoint that revokes a token?",
        |_, _| None,
        OTHERWISE,
    ),
    (
        "market",
        "What selects the market: the account, or the request?",
        |_, _| None,
        OTHERWISE,
    ),
];

/// Answers all questions.
pub(super) fn answered(facts: &Facts, setup: &Setup) -> Vec<Answered> {
    let answer = |(id, question, answer, otherwise): (_, _, Answer, _)| {
        let answer = answer(facts, setup);
        Answered {
            id,
            question,
            unanswered: answer.is_none().then_some(otherwise),
            answer,
        }
    };
    QUESTIONS.into_iter().map(answer).collect()
}
