//! Whether a failed attempt is tried again, and when.

pub(crate) mod budget;
pub(crate) mod decision;
pub mod pace;
mod settings;

pub use settings::RetrySettings;
