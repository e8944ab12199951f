//! Making a request: its URL, its query and its headers.

use std::sync::OnceLock;

use reqwest::{
    Method, Request, Url,
    header::{ACCEPT, HeaderMap, HeaderValue},
};

use crate::{
    generated::{Client, operations},
    path_id::{encode, is_plain},
};

/// The URL of each operation up to its first parameter, parsed once: to parse a URL takes a tenth of the CPU
/// time of a small call. Two hundred bytes for each operation, and no lock once they are there.
#[derive(Debug)]
pub(crate) struct Urls([OnceLock<Prefix>; operations::ALL.len()]);

#[derive(Debug)]
struct Prefix {
    base: String,
    /// `None` if the base URL is none.
    url: Option<Url>,
}

impl Default for Urls {
    fn default() -> Self {
        Self([const { OnceLock::new() }; operations::ALL.len()])
    }
}

impl Urls {
    /// The URL of the operation at `index`, whose path below the base URL begins with `prefix` and goes on
    /// with `segments`.
    fn url(&self, base: &str, index: usize, prefix: &str, segments: &[&str]) -> Option<Url> {
        let known = self.0.get(index)?.get_or_init(|| Prefix {
            base: base.to_owned(),
            url: Url::parse(&format!("{base}{prefix}")).ok(),
        });
        // Clients with other base URLs may share the settings.
        let mut url = known.url.clone().filter(|_| known.base == base)?;
        if !segments.iter().all(|segment| is_plain(segment)) {
            return None;
        }
        if !segments.is_empty() {
            url.path_segments_mut().ok()?.extend(segments);
        }
        Some(url)
    }
}

/// Makes the request of the operation at `index`: see [`Urls::url`].
pub(crate) fn get(
    client: &Client,
    index: usize,
    prefix: &str,
    segments: &[&str],
    headers: HeaderMap,
) -> reqwest::Result<Request> {
    let base = client.baseurl.as_str();
    let mut request = match client.inner.urls().url(base, index, prefix, segments) {
        Some(url) => Request::new(Method::GET, url),
        // Parsed as a whole, which encodes odd segments, and tells why a base URL is none.
        None => {
            let mut url = format!("{base}{prefix}");
            for segment in segments {
                url.push('/');
                url.push_str(&encode(segment));
            }
            client.client.get(url).build()?
        }
    };
    *request.headers_mut() = headers;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(ACCEPT, json);
    Ok(request)
}

/// Adds a parameter to the query, if there is one.
pub(crate) fn query(request: &mut Request, name: &str, value: Option<String>) {
    if let Some(value) = value {
        request
            .url_mut()
            .query_pairs_mut()
            .append_pair(name, &value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_made_of_parts_is_the_one_that_parsing_gives() {
        let urls = Urls::default();
        let client = reqwest::Client::new();
        for (base, index, prefix, segments) in [
            ("http://a.example/v1", 0, "/browse/b", &[][..]),
            ("http://a.example/v1", 0, "/browse/b", &[]),
            ("http://a.example/v1", 1, "/browse", &["c-1", "d"]),
            ("http://a.example/v1", 1, "/browse", &["~2", "d"]),
            ("http://a.example/v1", 1, "/browse", &["e/ f;|", "d"]),
            ("http://b.example", 1, "/browse", &["c", "d"]),
            ("http://[::1]:8080/", 2, "/browse", &[]),
        ] {
            let path: String = segments
                .iter()
                .map(|segment| format!("/{}", encode(segment)))
                .collect();
            let whole = Url::parse(&format!("{base}{prefix}{path}")).unwrap();
            let settings = crate::RequestSettings::new("profile", "token").unwrap();
            let own = Client::new_with_client(base, client.clone(), settings);
            let request = get(&own, index, prefix, segments, HeaderMap::new()).unwrap();
            assert_eq!(request.url(), &whole);
            if let Some(url) = urls.url(base, index, prefix, segments) {
                assert_eq!(url, whole);
            }
        }
        let settings = crate::RequestSettings::new("profile", "token").unwrap();
        let nowhere = Client::new_with_client("no URL", client, settings);
        assert!(
            get(&nowhere, 0, "/b", &[], HeaderMap::new())
                .unwrap_err()
                .is_builder()
        );
    }

    #[test]
    fn parameters_of_the_query_are_encoded_and_absent_ones_left_out() {
        let mut request = Request::new(Method::GET, Url::parse("http://a.example/b").unwrap());
        query(&mut request, "cursor", None);
        assert_eq!(request.url().as_str(), "http://a.example/b");
        query(&mut request, "cursor", Some("3:a&b ü".to_owned()));
        query(&mut request, "limit", Some("2".to_owned()));
        let url = "http://a.example/b?cursor=3%3Aa%26b+%C3%BC&limit=2";
        assert_eq!(request.url().as_str(), url);
    }
}
