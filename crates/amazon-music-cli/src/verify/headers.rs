//! Headers of interest: limits, caching, and what becomes of an API.

use std::collections::{BTreeMap, BTreeSet};

use amazon_music::reqwest::header::HeaderMap;

use super::allowed::{Allowed, say};

/// The headers that are told. All others stay unnamed.
const OF_INTEREST: [&str; 20] = [
    "age",
    "cache-control",
    "content-language",
    "content-type",
    "deprecation",
    "etag",
    "expires",
    "last-modified",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-policy",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "sunset",
    "vary",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rate-limit-limit",
];

/// Words that may stand in their values.
const WORDS: [&str; 34] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "amzn-image-style",
    "application/json",
    "application/problem+json",
    "authorization",
    "charset",
    "de-DE",
    "en",
    "en-US",
    "es-ES",
    "fr-FR",
    "it-IT",
    "ja-JP",
    "pt-BR",
    "immutable",
    "max-age",
    "must-revalidate",
    "no-cache",
    "no-store",
    "no-transform",
    "origin",
    "private",
    "proxy-revalidate",
    "public",
    "s-maxage",
    "stale-if-error",
    "stale-while-revalidate",
    "text/html",
    "text/plain",
    "utf-8",
    "w",
    "x-api-key",
];

/// Values that are told of one header.
const VALUES: usize = 6;

/// Numbers that are told of one value.
const NUMBERS: usize = 3;

/// Longest number that is told, in digits: more could be an id.
const DIGITS: usize = 7;

/// The headers of all responses.
#[derive(Debug, Default)]
pub(super) struct Headers(BTreeMap<&'static str, Seen>);

#[derive(Debug, Default)]
struct Seen {
    times: u64,
    values: BTreeSet<Allowed>,
}

impl Headers {
    pub(super) fn add(&mut self, headers: &HeaderMap) {
        for name in OF_INTEREST {
            let Some(value) = headers.get(name) else {
                continue;
            };
            let seen = self.0.entry(name).or_default();
            seen.times += 1;
            let value = shown(name, value.to_str().unwrap_or_default());
            if seen.values.len() < VALUES {
                seen.values.insert(value);
            }
        }
    }

    /// The name of each header that was sent, how often, and its values.
    pub(super) fn told(&self) -> impl Iterator<Item = (&'static str, u64, Allowed)> {
        let told = |(name, seen): (&&'static str, &Seen)| {
            let values = Allowed::joined(seen.values.iter().cloned(), "; ");
            (*name, seen.times, values)
        };
        self.0.iter().map(told)
    }
}

fn is_short_number(word: &str) -> bool {
    word.len() <= DIGITS && word.bytes().all(|it| it.is_ascii_digit())
}

/// A value, if it is made of known words and short numbers.
fn shown(name: &str, value: &str) -> Allowed {
    if httpdate::parse_http_date(value).is_ok() {
        return say!("a date");
    }
    // A validator has the form of a number, and is none.
    let hidden = || say!("another value");
    if name == "etag" {
        return hidden();
    }
    let has_numbers =
        ["age", "cache-control", "retry-after"].contains(&name) || name.contains("rate");
    let mut numbers = 0;
    let words = value.split([',', ';', '=', ' ', '"']);
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        let is_number = has_numbers && numbers < NUMBERS && is_short_number(word);
        numbers += usize::from(is_number);
        let number = is_number.then(|| word.parse::<u64>().ok()).flatten();
        let known = WORDS.iter().find(|known| known.eq_ignore_ascii_case(word));
        number
            .map(|number| say!(number))
            .or_else(|| known.map(|known| say!(*known)))
    });
    let words: Option<Vec<Allowed>> = words.collect();
    words.map_or_else(hidden, |words| Allowed::joined(words, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_and_short_numbers_are_told_and_nothing_else() {
        for (name, value, expected) in [
            ("retry-after", "2", "2"),
            ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", "a date"),
            ("retry-after", "canary", "another value"),
            ("cache-control", "private, max-age=60", "private max-age 60"),
            ("cache-control", "private, canary=60", "another value"),
            (
                "content-type",
                "application/json; charset=UTF-8",
                "application/json charset utf-8",
            ),
            ("etag", "W/\"123\"", "another value"),
            ("vary", "0049 170 1234567", "another value"),
            ("retry-after", "1 2 3 4", "another value"),
            ("x-ratelimit-limit", "12345678", "another value"),
        ] {
            assert_eq!(shown(name, value).as_str(), expected, "{name}: {value}");
        }
        let mut headers = Headers::default();
        let mut sent = HeaderMap::new();
        sent.insert("age", "3".parse().unwrap());
        sent.insert("x-canary", "3".parse().unwrap());
        headers.add(&sent);
        headers.add(&sent);
        assert_eq!(headers.told().collect::<Vec<_>>(), [("age", 2, say!("3"))]);
    }
}
