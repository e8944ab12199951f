//! The bodies, and what each means.

use amazon_music::ErrorKind;

/// A body, and the error on a first page; an empty list if there is none.
pub(super) struct Case {
    pub(super) body: &'static str,
    pub(super) first: Option<(ErrorKind, &'static str)>,
    pub(super) is_transient: bool,
}

pub(super) const fn case(body: &'static str, kind: ErrorKind, text: &'static str) -> Case {
    Case {
        body,
        first: Some((kind, text)),
        is_transient: false,
    }
}

const fn empty(body: &'static str) -> Case {
    Case {
        body,
        first: None,
        is_transient: false,
    }
}

pub(super) const CASES: &[Case] = &[
    case(
        "{}",
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; it is an empty object",
    ),
    case(
        r#"{"data":null}"#,
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; `data` is null",
    ),
    case(
        r#"{"data":[]}"#,
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; `data` is an array",
    ),
    case(
        "[]",
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; it is an array",
    ),
    case(
        r#"{"data":{"songs":{"edges":[]}}}"#,
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; it holds `data.songs`",
    ),
    case(
        r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"}}"#,
        ErrorKind::Decode,
        "the response holds no `data.topTracks`; it holds `Output`",
    ),
    case(
        r#"{"data":null,"errors":[{"message":"boom"}]}"#,
        ErrorKind::Api,
        "boom",
    ),
    case(
        r#"{"data":{"topTracks":null},"errors":[{"message":"boom"}]}"#,
        ErrorKind::Api,
        "boom",
    ),
    case(
        r#"{"data":{"topTracks":{"edges":null}},"errors":[{"message":"boom"}]}"#,
        ErrorKind::Api,
        "boom",
    ),
    case(
        r#"{"data":{"topTracks":{}},"message":"Forbidden"}"#,
        ErrorKind::Api,
        "Forbidden",
    ),
    case(
        r#"{"topTracks":{"edgeCount":0},"error":"boom"}"#,
        ErrorKind::Api,
        "boom",
    ),
    case(
        r#"{"data":{"topTracks":{"items":[{"id":"a"}],"pageInfo":{"hasNextPage":false}}}}"#,
        ErrorKind::Decode,
        "the response holds no `data.topTracks.edges`; it holds `data.topTracks.items` and \
         `data.topTracks.pageInfo`",
    ),
    case(r#"{"message":"Forbidden"}"#, ErrorKind::Api, "Forbidden"),
    case(
        r#"{"error":{"status":"500","code":"INTERNAL","message":"broken"}}"#,
        ErrorKind::Api,
        "broken",
    ),
    Case {
        body: r#"{"message":"Endpoint request timed out"}"#,
        first: Some((ErrorKind::Api, "Endpoint request timed out")),
        is_transient: true,
    },
    case(
        "<html>log in</html>",
        ErrorKind::Decode,
        "a web page came instead of JSON",
    ),
    empty(r#"{"data":{}}"#),
    empty(r#"{"data":{"topTracks":null}}"#),
    empty(r#"{"data":{"topTracks":{}}}"#),
    empty(r#"{"data":{"topTracks":{"edges":null}}}"#),
    empty(r#"{"data":{"topTracks":{"edges":null,"edgeCount":0,"pageInfo":null}}}"#),
    empty(r#"{"data":{"topTracks":{"items":null}}}"#),
    empty(r#"{"data":{"topTracks":{"edges":null,"__typename":"TrackConnection"}}}"#),
];
