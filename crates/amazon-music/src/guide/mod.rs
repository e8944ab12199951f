//! How to do things: one page a task, each with an example that the tests run.
//!
//! | task | page |
//! |---|---|
//! | see the first items of a list | [`first_page`] |
//! | read all of a list, or many lists | [`walk_everything`] |
//! | log a user in, and keep the login | [`log_in`] |
//! | serve many users | [`many_users`] |
//! | live with a rate limit | [`rate_limits`] |
//! | stop, and go on later | [`resume`] |
//! | test a program without the service | [`test_your_code`] |
//! | call what has no method, or see what came back | [`raw_operation`] |
//! | watch what happens | [`observe`] |
//! | find a place in the code | [`architecture`] |
//!
//! There is documentation here and nothing else. Whole programs are in the folder `examples/` of this
//! crate: `cargo run --package amazon-music --example quick_start`.

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

#[doc = include_str!("architecture.md")]
pub mod architecture {}
