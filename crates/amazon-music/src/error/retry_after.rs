//! The `Retry-After` header, in seconds or as a date. Amazon does not document it.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The time that `Retry-After` names, or `None` if the header is missing or malformed. A date is read
/// against the `Date` of the same response, if it has one; a time in the past means now.
pub(crate) fn retry_at(headers: &HeaderMap, now: SystemTime) -> Option<SystemTime> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number or a date can hold: a date far in the future.
        let seconds = text.parse().unwrap_or(u64::MAX);
        let latest = now + Duration::from_secs(100 * 365 * 24 * 3600);
        return Some(
            now.checked_add(Duration::from_secs(seconds))
                .map_or(latest, |date| date.min(latest)),
        );
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // Read against the clock of the server, which may be an hour ahead of ours or behind it.
    let sent = headers.get(DATE).and_then(|date| date.to_str().ok());
    let sent = sent.and_then(|date| httpdate::parse_http_date(date).ok());
    let delay = date.duration_since(sent.unwrap_or(now)).unwrap_or_default();
    now.checked_add(delay)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    /// The delay in seconds.
    fn seconds(value: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        let at = retry_at(&headers, NOW + Duration::from_secs(1_000_000_000))?;
        let wait = at.duration_since(NOW).unwrap() - Duration::from_secs(1_000_000_000);
        Some(wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(seconds(" 120 "), Some(120));
        assert_eq!(seconds("Sun, 09 Sep 2001 01:47:40 GMT"), Some(60));
    }

    #[test]
    fn a_date_that_has_passed_means_now() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
    }

    #[test]
    fn nonsense_is_not_heard() {
        for nonsense in ["", "soon", "-5", "1.5", "1e3", "Someday, 99 Foo 2001"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
        assert_eq!(retry_at(&HeaderMap::new(), NOW), None);
    }

    #[test]
    fn huge_numbers_are_a_date_far_away() {
        for huge in ["18446744073709551615", "99999999999999999999999"] {
            assert!(seconds(huge) > Some(3_000_000_000));
        }
    }

    #[test]
    fn a_date_is_read_against_the_clock_of_the_server() {
        let now = NOW + Duration::from_secs(1_000_000_000);
        for offset in [-3600_i64, 0, 3600] {
            let of_server = |seconds: i64| {
                let moment = u64::try_from(1_000_000_000 + offset + seconds).unwrap();
                let date = httpdate::fmt_http_date(NOW + Duration::from_secs(moment));
                date.parse().unwrap()
            };
            let headers =
                HeaderMap::from_iter([(DATE, of_server(0)), (RETRY_AFTER, of_server(20))]);
            let at = retry_at(&headers, now).unwrap();
            assert_eq!(at, now + Duration::from_secs(20), "{offset}");
        }
    }
}
