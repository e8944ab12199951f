//! A guide with one page per task, each with an example that the tests run.
//!
//! | task | page |
//! |---|---|
//! | see the first items of a list | [`first_page`] |
//! | read a whole list, or many lists | [`walk_everything`] |
//! | log a user in, and save the login | [`log_in`] |
//! | serve many users | [`many_users`] |
//! | handle a rate limit | [`rate_limits`] |
//! | stop, and resume later | [`resume`] |
//! | test a program without the service | [`test_your_code`] |
//! | call the generated client, or see response headers | [`raw_operation`] |
//! | trace calls | [`observe`] |
//!
//! These modules hold documentation only. Complete programs are in the crate's `examples/` folder:
//! `cargo run --package amazon-music --example quick_start`.

#[doc = include_str!("first_page.md")]
pub mod first_page {}

#[doc = include_str!("walk_everything.md")]
pub mod walk_everything {}

#[doc = include_str!("log_in.md")]
pub mod log_in {}

#[doc = include_str!("many_users.md")]
pub mod many_users {}

#[doc = include_str!("rate_limits.md")]
pub mod rate_limits {}

#[doc = include_str!("resume.md")]
pub mod resume {}

#[doc = include_str!("test_your_code.md")]
pub mod test_your_code {}

#[doc = include_str!("raw_operation.md")]
pub mod raw_operation {}

#[doc = include_str!("observe.md")]
pub mod observe {}
