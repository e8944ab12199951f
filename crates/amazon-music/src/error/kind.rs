//! The kinds of errors.

/// The kind of an [`Error`](crate::Error).
///
/// More kinds may be added: match with a `_` arm.
///
/// ```
/// use amazon_music::{Error, ErrorKind};
///
/// fn exit_code(error: &Error) -> u8 {
///     match error.kind() {
///         ErrorKind::Setup | ErrorKind::Request => 2,
///         ErrorKind::RateLimited => 75,
///         _ => 1,
///     }
/// }
/// # let error = amazon_music::AmazonMusic::builder().build().unwrap_err();
/// # assert_eq!(exit_code(&error), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built.
    ///
    /// *When:* [`Builder::build`](crate::Builder::build) found a setting that is missing or invalid.
    ///
    /// *What to do:* correct the setting that the message names.
    Setup,
    /// No access token was available.
    ///
    /// *When:* the [`TokenProvider`](crate::auth::TokenProvider) failed, and no valid token was left.
    ///
    /// *What to do:* look at the source, a [`TokenError`](crate::auth::TokenError). If it is terminal, the
    /// user must log in again; otherwise retry later.
    Token,
    /// A parameter was rejected before anything was sent.
    ///
    /// *When:* a limit is out of bounds, or an id could change the path of the request.
    ///
    /// *What to do:* correct the parameter that the message names.
    Request,
    /// The connection failed.
    ///
    /// *When:* the host name does not resolve, the server refuses the connection, or TLS fails.
    ///
    /// *What to do:* check the network, the proxy and the base URL, then retry.
    Connect,
    /// The call timed out.
    ///
    /// *When:* the last attempt did not complete within the attempt timeout, or the overall timeout
    /// elapsed.
    ///
    /// *What to do:* retry later, or raise the timeout.
    Timeout,
    /// The connection broke.
    ///
    /// *When:* it was closed or reset before the response was complete.
    ///
    /// *What to do:* retry.
    Transport,
    /// The application exceeded its rate limit.
    ///
    /// *When:* the service responded 429, and the next attempt would come after the overall timeout of the
    /// call or [`RetrySettings::max_retry_after`](crate::RetrySettings::max_retry_after); or the call had no
    /// turn at the learned or set rate in time.
    ///
    /// *What to do:* retry at [`Error::retry_at`](crate::Error::retry_at), or after a while if it is
    /// `None`, and send fewer requests. The limits are per application and not published.
    RateLimited,
    /// The service responded with an error.
    ///
    /// *When:* the status is neither 200 nor 429.
    ///
    /// *What to do:* depends on [`Error::status`](crate::Error::status) and
    /// [`Error::api_code`](crate::Error::api_code). 401: get a new token. 403: a permission or an account
    /// is missing. 404: check the id. 500 and above: retry later.
    Api,
    /// The response could not be decoded.
    ///
    /// *When:* the body of a 200 is not JSON, or does not hold the documented object; the message names what
    /// it holds instead.
    ///
    /// *What to do:* report it, with [`Error::body`](crate::Error::body): either the service has changed,
    /// or a gateway or proxy responded in its place.
    Decode,
    /// The response body was too large.
    ///
    /// *When:* the body exceeds [`Builder::max_body_bytes`](crate::Builder::max_body_bytes).
    ///
    /// *What to do:* request smaller pages, or raise the limit.
    TooLarge,
    /// One item of a page could not be decoded; the other items are unaffected.
    ///
    /// *When:* the item has no id, or one of another type than documented. Another field of the wrong type
    /// costs only itself.
    ///
    /// *What to do:* continue without it, and report it with
    /// [`Error::json_path`](crate::Error::json_path) and [`Error::body`](crate::Error::body).
    Item,
    /// A list has more items, but cannot be continued.
    ///
    /// *When:* the service reported a next page without a token or cursor for it, the page behind a cursor
    /// holds no list, or too many empty pages came in a row
    /// ([`List::max_empty_pages`](crate::List::max_empty_pages)).
    ///
    /// *What to do:* use the items received so far, and resume from the position later.
    Incomplete,
    /// A position belongs to another list.
    ///
    /// *When:* [`List::resume`](crate::List::resume) was given a position from another operation, other
    /// parameters, another limit or an unsupported format version.
    ///
    /// *What to do:* resume the list that the position was taken from, or start from the beginning.
    Position,
    /// A list changed after its position was saved.
    ///
    /// *When:* the last item returned before the position is no longer in its place.
    ///
    /// *What to do:* continue, knowing that items may be missing or repeated, or start from the beginning.
    Changed,
    /// A list is circular.
    ///
    /// *When:* the service returned a cursor that this stream has already used.
    ///
    /// *What to do:* use the items received so far, and report it.
    CursorLoop,
}
