//! Rewriting of request paths.

use reqwest::Request;

use crate::invalid_value::InvalidValue;

/// Replaces the beginning of a path below the base URL.
///
/// Amazon's documentation prints the category paths in two forms, `/browse/categories` in its headings and
/// `/browse/browse/categories` in its `curl` lines; which one is served is unknown outside the beta. The spec
/// has the first, this selects the other without a new release:
///
/// ```
/// let rewrite = amazon_music_browse::PathRewrite::new(
///     "/browse/categories",
///     "/browse/browse/categories",
/// )?;
/// # Ok::<(), amazon_music_browse::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRewrite {
    from: String,
    to: String,
}

impl PathRewrite {
    /// Creates a rewrite. Both paths consist of whole segments: they begin with `/` and do not end with it.
    ///
    /// # Errors
    ///
    /// Fails if a path does not begin with `/`, ends with `/`, or contains `?`, `#` or `\`.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Result<Self, InvalidValue> {
        let (from, to) = (from.into(), to.into());
        let plain = |path: &str| {
            path.starts_with('/') && !path.ends_with('/') && !path.contains(['?', '#', '\\'])
        };
        if !plain(&from) || !plain(&to) {
            return Err(InvalidValue::fixed(
                "must be a path that begins with `/` and ends without one",
            ));
        }
        Ok(Self { from, to })
    }

    pub(crate) fn apply(&self, request: &mut Request, base_url: &str) {
        let base_path = base_url
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|start| &rest[start..]))
            .unwrap_or_default();
        let path = request.url().path();
        let rest = path
            .strip_prefix(base_path)
            .and_then(|path| path.strip_prefix(self.from.as_str()))
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(rest) = rest {
            let path = format!("{base_path}{}{rest}", self.to);
            request.url_mut().set_path(&path);
        }
    }
}
