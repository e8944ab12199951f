//! Stores that keep the tokens of users between two runs.

#[cfg(feature = "file-store")]
mod atomic_file;
mod contract;
#[cfg(feature = "file-store")]
mod file;
mod memory;
mod provider;
mod record;
#[cfg(feature = "file-store")]
mod token_file;

pub use contract::{LockedTokens, StoreFuture, TokenKey, TokenStore};
#[cfg(feature = "file-store")]
pub use file::FileTokenStore;
pub use memory::MemoryTokenStore;
pub use provider::Stored;
