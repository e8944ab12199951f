//! The names of spans, targets and attributes, for filters and exporters.
//!
//! Names without `amazon_music` follow the OpenTelemetry
//! [semantic conventions for HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).
//!
//! ```
//! use amazon_music::trace_names;
//!
//! // A filter directive of `tracing-subscriber`: deviations from the documentation alone.
//! let directive = format!("{}=warn", trace_names::DRIFT);
//! assert_eq!(directive, "amazon_music::drift=warn");
//! ```

/// The span of a call, with all its attempts and delays.
pub const CALL: &str = "amazon_music.call";
/// The span of one attempt.
pub const ATTEMPT: &str = "amazon_music.attempt";
/// The target of both spans.
pub const CALLS: &str = "amazon_music::call";
/// The target of events about retries.
pub const RETRY: &str = "amazon_music::retry";
/// The target of events about responses that deviate from the documentation.
pub const DRIFT: &str = "amazon_music::drift";
/// The target of events about tokens: refreshed ones that a store failed to save, at `WARN`, and each refresh,
/// at `DEBUG`.
pub const AUTH: &str = "amazon_music::auth";

/// Target of events about the pace: one for each 429, with the rate that is learned from it, at `INFO`, and one
/// for each request that waits for its turn, at `DEBUG`.
pub const PACE: &str = "amazon_music::pace";
/// Requests per second that leave, set or learned.
pub const REQUESTS_PER_SECOND: &str = "amazon_music.requests_per_second";
/// Requests that wait for their turn.
pub const WAITING: &str = "amazon_music.waiting";

/// The operation: `get_top_tracks`.
pub const OPERATION: &str = "amazon_music.operation";
/// The first 8 hex digits of the SHA-256 of the cursor that was sent: `printf %s CURSOR | sha256sum`.
pub const CURSOR: &str = "amazon_music.cursor";
/// The tag set by [`CallOptions::tag`](crate::CallOptions::tag).
pub const TAG: &str = "amazon_music.tag";
/// The number of requests sent for the call.
pub const ATTEMPTS: &str = "amazon_music.attempts";
/// The error code of the service.
pub const API_CODE: &str = "amazon_music.api_code";
/// The kind of deviation: `unknown field`, `unknown value`, `dropped item` or `missing list`.
pub const UNEXPECTED: &str = "amazon_music.unexpected";
/// The JSON path of the deviation.
pub const JSON_PATH: &str = "amazon_music.json_path";
/// The reason for a retry: the [`ERROR_TYPE`] of the attempt that failed.
pub const REASON: &str = "amazon_music.reason";
/// The delay before a retry, or until the turn of a request, in milliseconds. Absent after a 429, when the pace decides: see [`PACE`].
pub const DELAY_MS: &str = "amazon_music.delay_ms";

/// The HTTP method, always `GET`.
pub const METHOD: &str = "http.request.method";
/// The path as sent, without the query.
pub const PATH: &str = "url.path";
/// The path with parameters in braces.
pub const TEMPLATE: &str = "url.template";
/// The host of the base URL.
pub const SERVER: &str = "server.address";
/// The number of earlier attempts; 0 for the first.
pub const RESEND_COUNT: &str = "http.request.resend_count";
/// The HTTP status of the response.
pub const STATUS: &str = "http.response.status_code";
/// The status of an error response, or else the [`ErrorKind`](crate::ErrorKind).
pub const ERROR_TYPE: &str = "error.type";
