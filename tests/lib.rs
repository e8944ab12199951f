//! Holds the suites (see `suite/`), and compiles the examples of the README.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
