use amazon_music_browse::types::ErrorCode;
use reqwest::StatusCode;

use super::*;
use crate::error::ErrorKind;

const S: fn(u64) -> Duration = Duration::from_secs;

fn error(kind: ErrorKind, status: u16, code: &str) -> Error {
    let mut error = Error::new(kind, "");
    if status > 0 {
        error = error.with_status(StatusCode::from_u16(status).unwrap());
    }
    error.with_code((!code.is_empty()).then(|| ErrorCode::from(code)))
}

/// The first failure of a call with a minute left, in a client that honours delays of 30 seconds.
fn first(error: &Error) -> Failure<'_> {
    Failure {
        error,
        failures: 1,
        can_refresh: true,
        advice: None,
        longest_pause: S(30),
        left: S(60),
    }
}

/// The next step with the longest backoff.
fn next(failure: &Failure<'_>) -> Next {
    decide(&RetrySettings::new(), failure, 1.0)
}

const BACKOFF: Next = Next::Backoff(Duration::from_millis(500));
const PACE: Next = Next::WaitForPace;

#[test]
fn each_kind_status_and_code_has_its_next_step() {
    use ErrorKind::*;
    for (kind, status, code, wanted) in [
        (Connect, 0, "", BACKOFF),
        (Transport, 0, "", BACKOFF),
        (Transport, 200, "", BACKOFF),
        (Timeout, 0, "", BACKOFF),
        (Timeout, 200, "", BACKOFF),
        (RateLimited, 429, "", PACE),
        (RateLimited, 429, "THROTTLED", PACE),
        (RateLimited, 429, "MAX_CONCURRENCY_REACHED", PACE),
        (Api, 500, "", BACKOFF),
        (Api, 500, "INTERNAL", BACKOFF),
        (Api, 500, "DEPENDENCY", Next::Fail),
        (Api, 502, "", BACKOFF),
        (Api, 503, "", BACKOFF),
        (Api, 504, "", BACKOFF),
        (Api, 408, "", BACKOFF),
        (Api, 421, "", BACKOFF),
        (Api, 425, "", BACKOFF),
        (Api, 507, "", BACKOFF),
        (Api, 520, "", BACKOFF),
        (Api, 524, "", BACKOFF),
        (Api, 529, "", BACKOFF),
        (Api, 407, "", Next::Fail),
        (Api, 505, "", Next::Fail),
        (Api, 525, "", Next::Fail),
        (Api, 400, "BAD_REQUEST", Next::Fail),
        (Api, 401, "", Next::RefreshToken),
        (Api, 401, "INVALID_ACCESS_TOKEN", Next::RefreshToken),
        (Api, 401, "INVALID_AUTH_TYPE", Next::Fail),
        (Api, 401, "INVALID_AUTH_TOKEN", Next::Fail),
        (Api, 401, "INVALID_CLIENT_ID", Next::Fail),
        (Api, 401, "NO_X_API_KEY", Next::Fail),
        (Api, 403, "ACCESS_DENIED", Next::Fail),
        (Api, 404, "RESOURCE_NOT_FOUND", Next::Fail),
        (Api, 501, "", Next::Fail),
        (Setup, 0, "", Next::Fail),
        (Token, 0, "", Next::Fail),
        (Request, 0, "", Next::Fail),
        (Decode, 200, "", Next::Fail),
        (TooLarge, 200, "", Next::Fail),
        (Incomplete, 0, "", Next::Fail),
    ] {
        let error = error(kind, status, code);
        assert_eq!(next(&first(&error)), wanted, "{kind:?} {status} {code}");
    }
}

#[test]
fn a_token_that_cannot_be_refreshed_or_was_is_the_end() {
    let error = error(ErrorKind::Api, 401, "INVALID_ACCESS_TOKEN");
    let failure = Failure {
        can_refresh: false,
        ..first(&error)
    };
    assert_eq!(next(&failure), Next::Fail);
}

#[test]
fn attempts_end_and_backoffs_double() {
    let error = error(ErrorKind::Api, 503, "");
    let after = |failures, settings: RetrySettings| {
        let failure = Failure {
            failures,
            ..first(&error)
        };
        decide(&settings, &failure, 1.0)
    };
    let four = || RetrySettings::new().max_attempts(4);
    assert_eq!(after(1, four()), BACKOFF);
    assert_eq!(after(2, four()), Next::Backoff(S(1)));
    assert_eq!(after(3, four()), Next::Backoff(S(2)));
    assert_eq!(after(4, four()), Next::Fail);
    for once in [0, 1] {
        assert_eq!(
            after(1, RetrySettings::new().max_attempts(once)),
            Next::Fail
        );
    }
}

#[test]
fn a_429_takes_no_attempt_unless_nothing_is_retried() {
    let error = error(ErrorKind::RateLimited, 429, "");
    let late = Failure {
        failures: 50,
        ..first(&error)
    };
    assert_eq!(next(&late), PACE);
    let once = RetrySettings::new().max_attempts(1);
    assert_eq!(decide(&once, &first(&error), 1.0), Next::Fail);
}

#[test]
fn the_delay_of_the_server_is_honoured_up_to_its_bound_and_within_the_deadline() {
    let error = error(ErrorKind::Api, 503, "");
    for (advice, left, wanted) in [
        (0, 60, BACKOFF),
        (5, 60, Next::Backoff(S(5))),
        (30, 60, Next::Backoff(S(30))),
        (31, 60, Next::Fail),
        (5, 5, Next::Fail),
        (5, 6, Next::Backoff(S(5))),
    ] {
        let failure = Failure {
            advice: Some(S(advice)),
            left: S(left),
            ..first(&error)
        };
        assert_eq!(next(&failure), wanted, "{advice} of {left}");
    }
}

#[test]
fn a_429_waits_with_all_calls_or_by_itself_when_its_own_bound_is_longer() {
    let error = error(ErrorKind::RateLimited, 429, "");
    for (advice, longest, wanted) in [
        (10, 30, PACE),
        (30, 30, PACE),
        (31, 30, Next::Fail),
        (40, 50, Next::Wait(S(40))),
        (51, 50, Next::Fail),
    ] {
        let failure = Failure {
            advice: Some(S(advice)),
            ..first(&error)
        };
        let settings = RetrySettings::new().max_retry_after(S(longest));
        assert_eq!(
            decide(&settings, &failure, 1.0),
            wanted,
            "{advice} of {longest}"
        );
    }
}

#[test]
fn a_predicate_takes_the_place_of_the_list_but_not_of_the_attempts() {
    let error = error(ErrorKind::Api, 404, "");
    let all = RetrySettings::new().retry_if(|_| true);
    assert_eq!(decide(&all, &first(&error), 1.0), BACKOFF);
    let none = RetrySettings::new().retry_if(|_| false);
    let passing = Error::new(ErrorKind::Transport, "");
    assert_eq!(decide(&none, &first(&passing), 1.0), Next::Fail);
    let third = Failure {
        failures: 3,
        ..first(&error)
    };
    assert_eq!(decide(&all, &third, 1.0), Next::Fail);
}
