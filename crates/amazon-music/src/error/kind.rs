//! The cases of errors.

/// The cases of an [`Error`]. More may come: match with a `_` at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A client could not be made.
    ///
    /// *When:* [`Builder::build`](crate::Builder::build) found a setting missing or wrong.
    /// *What to do:* correct the setting that the message names.
    Setup,
    /// There was no access token to send.
    ///
    /// *When:* the [`TokenProvider`](crate::auth::TokenProvider) failed, and no token was left that is
    /// still good.
    /// *What to do:* look at the source, a [`TokenError`](crate::auth::TokenError): where it is terminal
    /// the user must log in again, otherwise try again later.
    Token,
    /// A request was refused before it was sent.
    ///
    /// *When:* a limit is out of bounds, or an id could change the path of the request.
    /// *What to do:* correct the parameter that the message names.
    Request,
    /// No connection could be made.
    ///
    /// *When:* the name does not resolve, nothing listens, or TLS fails.
    /// *What to do:* check network, proxy and base URL; then try again.
    Connect,
    /// An attempt took too long.
    ///
    /// *When:* no complete answer came within the attempt timeout, on the last of the attempts, or the
    /// overall timeout came first.
    /// *What to do:* try again later, or allow more time.
    Timeout,
    /// A connection broke.
    ///
    /// *When:* it was closed or reset before the answer was complete.
    /// *What to do:* try again.
    Transport,
    /// The application calls too often.
    ///
    /// *When:* the service answered 429, and waiting would have taken longer than the call may, or
    /// longer than the client waits for a server.
    /// *What to do:* wait until [`Error::retry_at`], or a while where there is none, and call less often.
    /// The limits are per application and not published.
    RateLimited,
    /// The service refused or failed.
    ///
    /// *When:* it answered with a status other than 200 and 429.
    /// *What to do:* depends on [`Error::status`] and [`Error::api_code`]: 401 asks for a new token, 403
    /// for a permission or an account, 404 for another id, 500 and above for patience.
    Api,
    /// An answer could not be understood.
    ///
    /// *When:* a 200 came with something else than the documented JSON.
    /// *What to do:* report it, with [`Error::body`]: either the service has changed or something
    /// between here and there answers in its place.
    Decode,
    /// An answer was too long to read.
    ///
    /// *When:* a body went beyond [`Builder::max_body_bytes`](crate::Builder::max_body_bytes).
    /// *What to do:* ask for smaller pages, or allow more.
    TooLarge,
    /// An item of a page could not be read; its neighbours are not harmed.
    ///
    /// *When:* it lacks its id, or a field of it has another type than documented.
    /// *What to do:* go on without it; report it, with [`Error::json_path`] and [`Error::body`].
    Item,
    /// A list goes on, and cannot be continued.
    ///
    /// *When:* the service said that there is a next page and gave neither token nor cursor, or it
    /// kept giving empty pages.
    /// *What to do:* use what came; or begin again later.
    Incomplete,
    /// A position is not one of this list.
    ///
    /// *When:* [`List::resume`](crate::List::resume) was given one of another operation, of other
    /// parameters, of another limit or of another version.
    /// *What to do:* resume the list it was taken from, or begin again.
    Position,
    /// A list has changed under a position.
    ///
    /// *When:* the item that was given last no longer stands where it stood.
    /// *What to do:* go on, knowing that items may be missing or come twice; or begin again.
    Changed,
    /// A list leads back to itself.
    ///
    /// *When:* the service gave a cursor that this walk has been at.
    /// *What to do:* use what came; report it.
    CursorLoop,
}
