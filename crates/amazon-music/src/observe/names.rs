//! The names of spans and attributes. Those without `amazon_music` are OpenTelemetry's, from its
//! [conventions for HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-spans/).

/// The span over a whole call, with all its attempts and waits.
pub const CALL: &str = "amazon_music.call";
/// The span over one attempt.
pub const ATTEMPT: &str = "amazon_music.attempt";
/// The target of reports of unexpected answers.
pub const DRIFT: &str = "amazon_music::drift";
/// The target of reports of tokens that a store did not keep.
pub const AUTH: &str = "amazon_music::auth";

/// The operation: `get_top_tracks`.
pub const OPERATION: &str = "amazon_music.operation";
/// The tag of [`CallOptions::tag`](crate::CallOptions::tag).
pub const TAG: &str = "amazon_music.tag";
/// How many requests were sent for the call.
pub const ATTEMPTS: &str = "amazon_music.attempts";
/// The service's own code of an error.
pub const API_CODE: &str = "amazon_music.api_code";
/// What was unexpected: `unknown field`, `unknown value`, `dropped item` or `missing list`.
pub const UNEXPECTED: &str = "amazon_music.unexpected";
/// Where in the answer it stands.
pub const JSON_PATH: &str = "amazon_music.json_path";
/// Why it tries again: as [`ERROR_TYPE`] of the attempt that failed.
pub const REASON: &str = "amazon_music.reason";
/// How long the client waits before it tries again, in milliseconds.
pub const WAIT_MS: &str = "amazon_music.wait_ms";

/// The method, always `GET`.
pub const METHOD: &str = "http.request.method";
/// The path with its parameters in braces.
pub const TEMPLATE: &str = "url.template";
/// The host that is called.
pub const SERVER: &str = "server.address";
/// How many times the request was sent before; 0 for the first attempt.
pub const RESEND_COUNT: &str = "http.request.resend_count";
/// The status of the answer.
pub const STATUS: &str = "http.response.status_code";
/// The status of an answer that is an error, or else the [`ErrorKind`](crate::ErrorKind).
pub const ERROR_TYPE: &str = "error.type";
