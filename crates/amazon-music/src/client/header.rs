//! The headers that a user adds to requests.

use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

/// The headers of a connection. Set by hand they contradict the message, or the URL that the credentials
/// are meant for.
const CONNECTION_HEADERS: [HeaderName; 11] = [
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    TE,
    TRAILER,
    UPGRADE,
    EXPECT,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Checks a header, and marks its value as sensitive: it may be a credential that this crate does not
/// know.
///
/// # Errors
///
/// Returns the reason, which names the header and never shows the value.
pub(super) fn check(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    // Not shown: a value may have been given in place of a name.
    let name: HeaderName = name
        .parse()
        .map_err(|_| "the header name must be a token such as `x-request-id`".to_owned())?;
    if name == AUTHORIZATION || name.as_str() == "x-api-key" {
        return Err(format!(
            "the header `{name}` carries a credential, which has a setting of its own"
        ));
    }
    if CONNECTION_HEADERS.contains(&name) {
        return Err(format!(
            "the header `{name}` belongs to the connection and is set by the HTTP client: leave it out"
        ));
    }
    // ASCII only, so that it is found if a response repeats it.
    let mut value = Some(value)
        .filter(|value| value.is_ascii())
        .and_then(|value| HeaderValue::from_str(value).ok())
        .ok_or_else(|| format!("the value of the header `{name}` must be printable ASCII"))?;
    value.set_sensitive(true);
    Ok((name, value))
}
