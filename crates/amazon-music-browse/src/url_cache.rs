//! A cache of parsed URLs: parsing one takes a tenth of the CPU time of a small call.

use std::sync::{Mutex, PoisonError};

use reqwest::{Client, RequestBuilder, Url};

/// The URL of the last request, without its query: most requests repeat it or differ in the path only.
#[derive(Debug, Default)]
pub(crate) struct UrlCache(Mutex<Option<Entry>>);

#[derive(Debug)]
struct Entry {
    base: String,
    path: String,
    url: Url,
}

/// Starts a GET request for a path below the base URL.
pub(crate) fn get(client: &Client, base: &str, cache: &UrlCache, path: &str) -> RequestBuilder {
    match cache.url(base, path) {
        Some(url) => client.get(url),
        // Building the request reports why the URL is invalid.
        None => client.get(format!("{base}{path}")),
    }
}

impl UrlCache {
    fn url(&self, base: &str, path: &str) -> Option<Url> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = &mut *last
            && entry.base == base
        {
            if entry.set_path(path) {
                return Some(entry.url.clone());
            }
            *last = None;
        }
        let url = Url::parse(&format!("{base}{path}")).ok()?;
        *last = Some(Entry {
            base: base.to_owned(),
            path: path.to_owned(),
            url: url.clone(),
        });
        Some(url)
    }
}

impl Entry {
    /// Changes the path; `false` if the whole URL must be parsed to know the result.
    fn set_path(&mut self, path: &str) -> bool {
        if self.path == path {
            return true;
        }
        let Some(prefix) = self.url.path().strip_suffix(self.path.as_str()) else {
            return false;
        };
        let whole = format!("{prefix}{path}");
        self.url.set_path(&whole);
        self.path.clear();
        self.path.push_str(path);
        self.url.path() == whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_url_is_the_one_that_parsing_gives() {
        let cache = UrlCache::default();
        for (base, path) in [
            ("http://a.example/v1", "/b"),
            ("http://a.example/v1", "/b"),
            ("http://a.example/v1", "/c/%2E%20d"),
            ("http://a.example/v1", "/x/../e"),
            ("http://a.example/v1", "/f"),
            ("http://a.example/v1", "/g ?h"),
            ("http://a.example/v1", "/f"),
            ("http://b.example", "/c"),
            ("http://b.example", "/d"),
        ] {
            let parsed = Url::parse(&format!("{base}{path}")).unwrap();
            assert_eq!(cache.url(base, path), Some(parsed));
        }
        assert_eq!(cache.url("no URL", "/b"), None);
    }
}
