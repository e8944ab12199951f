//! x

mod crypt;
mod failure;
mod keys;
mod pace;
mod server;
mod store;
mod sync;

pub use crypt::EncryptionKey;
pub use failure::{Failure, FailureKind};
pub use pace::RedisPace;
pub use server::{Redis, RedisBuilder, Warning};
pub use store::{Asked, RedisTokenStore};
