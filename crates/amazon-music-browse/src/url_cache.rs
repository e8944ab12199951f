//! Where requests go: a URL is parsed once, not with every request.

use std::sync::{Mutex, PoisonError};

use reqwest::{RequestBuilder, Url};

use crate::Client;

/// The URL of the last request, without its query: most requests go where the last one went, and the
/// others to the same host.
#[derive(Debug, Default)]
pub(crate) struct LastTarget(Mutex<Option<Target>>);

#[derive(Debug)]
struct Target {
    base: String,
    path: String,
    url: Url,
}

/// Starts a request of what stands at this path below the base URL.
pub(crate) fn get(client: &Client, path: &str) -> RequestBuilder {
    match client.inner.last_target().url(&client.baseurl, path) {
        Some(url) => client.client.get(url),
        // What is wrong with it is told when the request is built.
        None => client.client.get(format!("{}{path}", client.baseurl)),
    }
}

impl LastTarget {
    fn url(&self, base: &str, path: &str) -> Option<Url> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(target) = &mut *last
            && target.base == base
        {
            if target.go_to(path) {
                return Some(target.url.clone());
            }
            *last = None;
        }
        let url = Url::parse(&format!("{base}{path}")).ok()?;
        *last = Some(Target {
            base: base.to_owned(),
            path: path.to_owned(),
            url: url.clone(),
        });
        Some(url)
    }
}

impl Target {
    /// Changes the path; `false` where only parsing the whole can tell what that gives.
    fn go_to(&mut self, path: &str) -> bool {
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
    fn the_last_target_is_that_of_its_base_and_path_only() {
        let last = LastTarget::default();
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
            assert_eq!(last.url(base, path), Some(parsed));
        }
        assert_eq!(last.url("no URL", "/b"), None);
    }
}
