//! Whether a failed attempt is tried again, and when.

pub(crate) mod budget;
pub(crate) mod cooldown;
pub(crate) mod decision;
mod settings;

pub use settings::RetrySettings;
