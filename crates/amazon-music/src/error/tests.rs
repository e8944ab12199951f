//! What each kind of error says.

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
        let error = Error::new(kind, "the answer broke off").with_operation("get_category");
        assert_eq!(error.to_string(), "get_category: the answer broke off");
        assert!(error.is_transient());
    }
}

#[test]
fn decode_and_item() {
    let what = || crate::lenient::Unreadable {
        path: "data.topTracks.edges[3].node.title".to_owned(),
        reason: "invalid type: map, expected a string".to_owned(),
        raw: Some(r#"{"id":"a","title":{}}"#.to_owned()),
    };
    let error = unreadable(ErrorKind::Item, what(), &[]).with_index(3);
    let error = error.with_operation("get_top_tracks");
    assert_snapshot!(error, @"get_top_tracks: data.topTracks.edges[3].node.title cannot be read: invalid type: map, expected a string");
    assert_eq!(
        error.json_path(),
        Some("data.topTracks.edges[3].node.title")
    );
    assert_eq!(error.body(), Some(r#"{"id":"a","title":{}}"#));
    assert_eq!(error.index(), Some(3));
    let error = unreadable(ErrorKind::Decode, what(), &["invalid type"]);
    assert_snapshot!(error, @"data.topTracks.edges[3].node.title cannot be read: [redacted]: map, expected a string");
}

#[test]
fn the_cause_is_behind_and_not_in_the_line() {
    let cause = std::io::Error::other("the cause");
    let error = Error::new(ErrorKind::Connect, "no connection").with_source(cause);
    assert_eq!(error.to_string(), "no connection");
    assert_eq!(StdError::source(&error).unwrap().to_string(), "the cause");
}
