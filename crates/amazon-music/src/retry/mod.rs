//! Whether a failed attempt is retried, and when requests leave.

pub(crate) mod budget;
pub(crate) mod decision;
pub mod pace;
mod settings;

pub use settings::RetrySettings;
