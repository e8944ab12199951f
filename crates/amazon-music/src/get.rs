//! A request of one thing.

use crate::{AmazonMusic, EntityOperation, Error, ErrorKind, WithMeta};

/// A request of one thing, made by a method of [`AmazonMusic`] such as
/// [`category`](AmazonMusic::category). Owns what it needs; nothing is sent before [`send`](Self::send).
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
    /// [`ErrorKind::Request`] where an id must not be sent; for the others see [`ErrorKind`].
    pub async fn send(&self) -> Result<O::Output, Error> {
        Ok(self.send_with_meta().await?.value)
    }

    /// Asks for the thing, and keeps what it came with.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_with_meta(&self) -> Result<WithMeta<O::Output>, Error> {
        self.operation.check()?;
        let answer = self
            .music
            .call(|client| self.operation.fetch(client))
            .await
            .map_err(|error| error.with_operation(O::INFO.name))?;
        answer.try_map(|answer, meta| {
            O::into_output(answer).ok_or_else(|| {
                let path = O::ENTITY.join(".");
                Error::new(ErrorKind::Decode, format!("the answer holds no `{path}`"))
                    .with_operation(O::INFO.name)
                    .with_status(meta.status())
            })
        })
    }
}
