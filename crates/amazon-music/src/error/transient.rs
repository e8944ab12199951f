//! Transient errors.

use amazon_music_browse::types::ErrorCode;

use crate::error::{Error, ErrorKind};

/// Whether an error is retried by default. Among the codes of a 500, the documentation recommends a retry
/// for `INTERNAL` alone; a 500 without a code comes from a gateway.
pub(crate) fn is_transient(error: &Error) -> bool {
    match (error.kind(), error.status()) {
        (ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout, _) => true,
        (ErrorKind::RateLimited, _) => true,
        (ErrorKind::Api, Some(500)) => {
            matches!(error.api_code(), None | Some(ErrorCode::Internal))
        }
        (ErrorKind::Api, Some(408 | 421 | 425 | 502..=504 | 507 | 520..=524 | 529)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_again() {
        let status = |kind, status: u16, code: Option<ErrorCode>| {
            Error::new(kind, "")
                .with_status(reqwest::StatusCode::from_u16(status).unwrap())
                .with_code(code)
        };
        let api = |code| status(ErrorKind::Api, code, None);
        for error in [
            Error::new(ErrorKind::Connect, ""),
            Error::new(ErrorKind::Transport, ""),
            Error::new(ErrorKind::Timeout, ""),
            status(ErrorKind::RateLimited, 429, None),
            api(500),
            status(ErrorKind::Api, 500, Some(ErrorCode::Internal)),
            api(502),
            api(503),
            api(504),
        ] {
            assert!(is_transient(&error), "{error:?}");
        }
        for error in [
            Error::new(ErrorKind::Setup, ""),
            Error::new(ErrorKind::Request, ""),
            Error::new(ErrorKind::Decode, ""),
            Error::new(ErrorKind::TooLarge, ""),
            status(ErrorKind::Api, 500, Some(ErrorCode::Dependency)),
            api(400),
            api(401),
            api(403),
            api(404),
            api(422),
            api(501),
        ] {
            assert!(!is_transient(&error), "{error:?}");
        }
    }
}
