//! The request builder of a single entity.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::{
    call::{WithMeta, with_meta},
    client::{AmazonMusic, CallOptions},
    decode::{
        self,
        context::{Context, Strict},
    },
    error::Error,
    operation::EntityOperation,
    served::ServedAs,
};

/// The request builder of a single entity.
///
/// Returned by methods of [`AmazonMusic`] such as [`category`](AmazonMusic::category). Nothing is sent
/// before [`send`](Self::send). It is `'static` and can be sent more than once.
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

    /// Sends the request and returns the entity.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) if an id is not valid, before anything is sent;
    /// for the other kinds see [`ErrorKind`](crate::ErrorKind).
    pub async fn send(&self) -> Result<O::Output, Error> {
        self.fetch(decode::entity::<O>).await
    }

    /// Sends the request and returns the entity with the status, headers and body of the response.
    ///
    /// # Errors
    ///
    /// The same as for [`send`](Self::send).
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

    /// Reads the entity with its JSON as served: see [`Served`](crate::Served).
    pub fn served(self) -> Get<ServedAs<O, O::Output>> {
        self.served_as()
    }

    /// Reads the entity into a type of the caller's own, with its JSON as served.
    pub fn served_as<T>(self) -> Get<ServedAs<O, T>>
    where
        T: DeserializeOwned + Clone + fmt::Debug + Send + 'static,
    {
        Get::new(self.music, ServedAs::new(self.operation))
    }

    /// Sets options for this request, in place of those of the client.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.music = self.music.with_options(options);
        self
    }
}
