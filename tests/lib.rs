//! Nothing but a place for the suites (see `suite/`), and for the README, whose examples are compiled
//! here.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
