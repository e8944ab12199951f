//! The table: faults, and the outcome of each.

use std::time::Duration;

use amazon_music::ErrorKind;
use amazon_music_sandbox::Fault;

/// Limit of the body size of the client of these tests.
pub(super) const MAX_BODY: usize = 200_000;

/// The outcome of a fault that happens once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Once {
    /// The client recovers by itself.
    Recovers,
    /// The call fails; the next call succeeds.
    Fails(Failure),
    /// The page lacks one item.
    LosesAnItem,
    /// The page is returned; continuing from it fails.
    Strands(ErrorKind),
}

/// Kind, status and code of an error, and the number of attempts.
pub(super) type Failure = (ErrorKind, Option<u16>, Option<&'static str>, u32);

/// A fault, its outcome if it happens once, and if it happens every time.
pub(super) type Row = (Fault, Once, Option<Failure>);

const THROTTLED: Option<&str> = Some("THROTTLED");

fn api(status: u16, code: Option<&'static str>, attempts: u32) -> Failure {
    (ErrorKind::Api, Some(status), code, attempts)
}

fn refused(status: u16, code: &'static str) -> Row {
    let failure = api(status, Some(code), 1);
    (
        Fault::error(status, code),
        Once::Fails(failure),
        Some(failure),
    )
}

pub(super) fn rows() -> Vec<Row> {
    // A service that never stops throttling is asked after 1, 2, 4, and from then on every 8 seconds.
    let throttled_for_ever = (ErrorKind::RateLimited, Some(429), THROTTLED, 18);
    let unavailable = |retry_after: Option<&str>| Fault::Unavailable {
        retry_after: retry_after.map(str::to_owned),
    };
    let transport = |status| (ErrorKind::Transport, status, None, 3);
    let seconds = Duration::from_secs;
    vec![
        (
            Fault::error(429, "THROTTLED"),
            Once::Recovers,
            Some(throttled_for_ever),
        ),
        (
            Fault::throttled("25"),
            Once::Recovers,
            Some((ErrorKind::RateLimited, Some(429), THROTTLED, 5)),
        ),
        (
            Fault::throttled("0"),
            Once::Recovers,
            // To come back at once is no advice.
            Some(throttled_for_ever),
        ),
        (
            Fault::throttled("3600"),
            Once::Fails((ErrorKind::RateLimited, Some(429), THROTTLED, 1)),
            Some((ErrorKind::RateLimited, Some(429), THROTTLED, 1)),
        ),
        refused(400, "BAD_REQUEST"),
        refused(401, "INVALID_AUTH_TYPE"),
        refused(401, "INVALID_AUTH_TOKEN"),
        refused(401, "INVALID_ACCESS_TOKEN"),
        refused(401, "NO_ACCESS_TOKEN"),
        refused(401, "NO_X_API_KEY"),
        refused(401, "INVALID_CLIENT_ID"),
        refused(403, "ACCESS_DENIED"),
        refused(403, "A_CODE_OF_TOMORROW"),
        refused(404, "RESOURCE_NOT_FOUND"),
        refused(422, "MAX_CONCURRENCY_REACHED"),
        refused(500, "DEPENDENCY"),
        refused(501, "NOT_DOCUMENTED"),
        (
            Fault::error(500, "INTERNAL"),
            Once::Recovers,
            Some(api(500, Some("INTERNAL"), 3)),
        ),
        (Fault::BadGateway, Once::Recovers, Some(api(502, None, 3))),
        (unavailable(None), Once::Recovers, Some(api(503, None, 3))),
        (
            unavailable(Some("4")),
            Once::Recovers,
            Some(api(503, None, 3)),
        ),
        (Fault::Latency(seconds(5)), Once::Recovers, None),
        (
            Fault::Latency(seconds(60)),
            Once::Recovers,
            Some((ErrorKind::Timeout, None, None, 3)),
        ),
        (
            Fault::SlowBody(seconds(60)),
            Once::Recovers,
            Some((ErrorKind::Timeout, None, None, 3)),
        ),
        (Fault::CutBody, Once::Recovers, Some(transport(Some(200)))),
        (Fault::Reset, Once::Recovers, Some(transport(None))),
        (Fault::WrongContentType, Once::Recovers, None),
        (Fault::InvalidUtf8, Once::Recovers, None),
        (
            Fault::Oversized(10 * MAX_BODY as u64),
            Once::Fails((ErrorKind::TooLarge, Some(200), None, 1)),
            Some((ErrorKind::TooLarge, Some(200), None, 1)),
        ),
        (Fault::MalformedItem, Once::LosesAnItem, None),
        (
            Fault::MissingToken,
            Once::Strands(ErrorKind::Incomplete),
            None,
        ),
        (
            Fault::DuplicateCursor,
            Once::Strands(ErrorKind::CursorLoop),
            None,
        ),
    ]
}
