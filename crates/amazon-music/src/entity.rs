//! A request of one thing.

use crate::{
    call::{WithMeta, with_meta},
    client::{AmazonMusic, CallOptions},
    decode::{
        self,
        context::{Context, Strict},
    },
    error::Error,
    operation::EntityOperation,
};

/// A request of one thing, made by a method of [`AmazonMusic`] such as
/// [`category`](AmazonMusic::category). Owns what it needs; nothing is sent before [`send`](Self::send).
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let category = music.category("2iB4IU25").send().await?;
/// println!("{}", category.name.as_deref().unwrap_or("-"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Get<O> {
    music: AmazonMusic,
    pub(crate) operation: O,
}

impl<O: EntityOperation> Get<O> {
    pub(crate) fn new(music: AmazonMusic, operation: O) -> Self {
        Self { music, operation }
    }

    /// Asks for the thing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) where an id must not be sent; for the others see
    /// [`ErrorKind`](crate::ErrorKind).
    pub async fn send(&self) -> Result<O::Output, Error> {
        self.fetch(decode::entity::<O>).await
    }

    /// Asks for the thing, and keeps what it came with.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_with_meta(&self) -> Result<WithMeta<O::Output>, Error> {
        self.fetch(with_meta(decode::entity::<O>)).await
    }

    async fn fetch<T>(
        &self,
        read: impl Fn(Strict<O::Response>, &Context<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.operation.check()?;
        let fetch = |client| self.operation.fetch(client);
        self.music.attempts(Some(&O::INFO), fetch, read).await
    }

    /// The same request with other settings for its call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.music = self.music.with_options(options);
        self
    }
}
