//! Nothing but a place for the suites: see `suite/`.
