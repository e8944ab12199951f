//! The message of each kind of error.

use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use reqwest::StatusCode;

use super::*;

fn api(status: u16, code: &str, message: &'static str) -> Error {
    let kind = match status {
        429 => ErrorKind::RateLimited,
        _ => ErrorKind::Api,
    };
    Error::new(kind, message)
        .with_operation("get_top_tracks")
        .with_status(StatusCode::from_u16(status).unwrap())
        .with_code(Some(ErrorCode::from(code)))
}

#[test]
fn an_error_is_one_pointer() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn setup() {
    let error = Error::new(ErrorKind::Setup, "no token: call `token`");
    assert_snapshot!(error, @"no token: call `token`");
}

#[test]
fn request() {
    let error = Error::new(ErrorKind::Request, "limit must be 1 to 20, not 21");
    let error = error.with_operation("get_top_tracks");
    assert_snapshot!(error, @"get_top_tracks: limit must be 1 to 20, not 21");
}

#[test]
fn api_with_everything() {
    let error = api(403, "ACCESS_DENIED", "Access denied.").with_reference(Some("ebd91b".into()));
    assert_snapshot!(error, @"get_top_tracks: 403 ACCESS_DENIED: Access denied. (reference ebd91b)");
    let error = error.with_attempts(1);
    assert_snapshot!(error, @"get_top_tracks: 403 ACCESS_DENIED: Access denied. (reference ebd91b)");
    let error = error.with_attempts(3);
    assert_snapshot!(error, @"get_top_tracks: 403 ACCESS_DENIED: Access denied. (reference ebd91b, 3 attempts)");
}

#[test]
fn rate_limited() {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(90);
    let error = api(429, "THROTTLED", "Too Many Requests.").with_attempts(2);
    let error = error.with_retry_at(Some(at));
    assert_snapshot!(error, @"get_top_tracks: 429 THROTTLED: Too Many Requests. (2 attempts)");
    assert_eq!(error.retry_at(), Some(at));
    assert!(error.is_transient());
}

#[test]
fn transport_and_its_like() {
    for kind in [ErrorKind::Connect, ErrorKind::Transport, ErrorKind::Timeout] {
        let error = Error::new(kind, "the connection broke").with_operation("get_category");
        assert_eq!(error.to_string(), "get_category: the connection broke");
        assert!(error.is_transient());
    }
}

#[test]
fn the_cause_is_behind_and_not_in_the_line() {
    let cause = std::io::Error::other("the cause");
    let error = Error::new(ErrorKind::Connect, "no connection").with_source(cause);
    assert_eq!(error.to_string(), "no connection");
    assert_eq!(StdError::source(&error).unwrap().to_string(), "the cause");
}
