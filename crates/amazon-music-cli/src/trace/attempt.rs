//! An attempt as a line.

use std::{collections::BTreeMap, fmt, time::Duration};

use amazon_music::trace_names as names;
use tracing::field::{Field, Visit};

/// The values of a span or event, by their names.
#[derive(Debug, Default)]
pub(super) struct Values(pub(super) BTreeMap<&'static str, String>);

impl Values {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl Visit for Values {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name(), format!("{value:.1}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// The line of an attempt that took this long.
pub(super) fn line(values: &Values, took: Duration) -> String {
    let get = |name| values.get(name);
    let method = get(names::METHOD).unwrap_or("GET");
    let path = get(names::PATH).or(get(names::TEMPLATE)).unwrap_or("?");
    let outcome = match (get(names::STATUS), get(names::ERROR_TYPE)) {
        (Some(status), Some(error)) if status != error => format!("{status} {error}"),
        (Some(status), _) => status.to_owned(),
        (None, Some(error)) => error.to_owned(),
        (None, None) => "interrupted".to_owned(),
    };
    let mut line = format!("{method} {path}: {outcome} in {}", time(took));
    if let Some(number) = get(names::RESEND_COUNT).filter(|number| *number != "0") {
        line += &format!(", retry {number}");
    }
    if let Some(cursor) = get(names::CURSOR) {
        line += &format!(", cursor {cursor}");
    }
    if let Some(rate) = get(names::REQUESTS_PER_SECOND) {
        line += &format!(", {rate} requests/s");
    }
    line
}

/// A time with the digits that matter.
fn time(took: Duration) -> String {
    match took.as_millis() {
        millis @ 0..10_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[(&'static str, &str)], millis: u64) -> String {
        let values = values
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        line(&Values(values.collect()), Duration::from_millis(millis))
    }

    #[test]
    fn a_line_has_what_is_known() {
        let path = (names::PATH, "/v1/browse/tracks/top");
        let served = [path, (names::STATUS, "200"), (names::RESEND_COUNT, "0")];
        assert_eq!(
            shown(&served, 12),
            "GET /v1/browse/tracks/top: 200 in 12 ms"
        );
        let limited = [
            path,
            (names::STATUS, "429"),
            (names::ERROR_TYPE, "429"),
            (names::RESEND_COUNT, "1"),
            (names::CURSOR, "0a1b2c3d"),
            (names::REQUESTS_PER_SECOND, "2.0"),
        ];
        assert_eq!(
            shown(&limited, 34_560),
            "GET /v1/browse/tracks/top: 429 in 34.6 s, retry 1, cursor 0a1b2c3d, 2.0 requests/s"
        );
        let unread = [path, (names::STATUS, "200"), (names::ERROR_TYPE, "Decode")];
        assert_eq!(
            shown(&unread, 1),
            "GET /v1/browse/tracks/top: 200 Decode in 1 ms"
        );
        let lost = [path, (names::ERROR_TYPE, "Connect")];
        assert_eq!(
            shown(&lost, 0),
            "GET /v1/browse/tracks/top: Connect in 0 ms"
        );
        assert_eq!(
            shown(&[path], 5),
            "GET /v1/browse/tracks/top: interrupted in 5 ms"
        );
    }
}
