//! What the generic code asks of an operation. All implementations are generated.

use std::{borrow::Cow, fmt, future::Future};

use amazon_music_browse::{Client, ResponseValue, types::ErrorEnvelope};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, ErrorKind};

/// What the generated client gives back for one attempt.
pub(crate) type Reply<T> = Result<ResponseValue<T>, amazon_music_browse::Error<ErrorEnvelope>>;

pub use amazon_music_browse::OperationInfo;

/// What is known of a list without calling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListInfo {
    /// The largest page; the smallest is 1.
    pub max_limit: u32,
    /// The page that the service gives where no limit is sent.
    pub default_limit: u32,
    /// Where the connection stands in an answer.
    pub connection: &'static [&'static str],
    /// The documented names beside the connection, in the object that holds it.
    pub beside: &'static [&'static str],
}

/// An operation of the document. Sealed: only the generated types implement it.
pub trait Operation: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// The body of a response.
    #[doc(hidden)]
    type Response: DeserializeOwned + Serialize + Clone + Send;

    /// What is known of the operation.
    const INFO: OperationInfo;

    /// Refuses parameters that must not be sent.
    #[doc(hidden)]
    fn check(&self) -> Result<(), Error>;

    /// The parameters that tell this request from another one of the same operation.
    #[doc(hidden)]
    fn parameters(&self) -> Vec<(&'static str, String)>;
}

/// An operation that answers with one page of a list.
pub trait ListOperation: Operation {
    /// What the list is of.
    type Item: DeserializeOwned + Serialize + Clone + fmt::Debug + Send + Unpin + 'static;

    /// What is known of the list.
    const LIST: ListInfo;

    /// One request, whose body is read as a `T`.
    #[doc(hidden)]
    fn fetch<T: DeserializeOwned + Send>(
        &self,
        client: Client,
        page: PageRequest,
    ) -> impl Future<Output = Reply<T>> + Send;

    /// The id of an item.
    #[doc(hidden)]
    fn id(item: &Self::Item) -> &str;
}

/// An operation that answers with one thing.
pub trait EntityOperation: Operation {
    /// The thing.
    type Output: DeserializeOwned + Serialize + Clone + fmt::Debug + Send + 'static;

    /// Where the thing stands in an answer.
    const ENTITY: &'static [&'static str];

    /// One request.
    #[doc(hidden)]
    fn fetch(&self, client: Client) -> impl Future<Output = Reply<Self::Response>> + Send;

    /// The thing in an answer, or nothing where there is none.
    #[doc(hidden)]
    fn into_output(response: Self::Response) -> Option<Self::Output>;
}

/// The page to ask for.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How many items at most.
    pub limit: u32,
    /// Where to go on; nothing for the first page.
    pub cursor: Option<String>,
}

/// An error of an operation.
pub(crate) fn error<O: Operation>(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(kind, message).with_operation(O::INFO.name)
}

/// Refuses an id that its type refuses.
pub(crate) fn check_id<'a, T>(
    operation: &OperationInfo,
    name: &str,
    value: &'a str,
) -> Result<(), Error>
where
    T: TryFrom<&'a str>,
    T::Error: fmt::Display,
{
    match T::try_from(value) {
        Ok(_) => Ok(()),
        Err(reason) => Err(Error::new(ErrorKind::Request, format!("{name} {reason}"))
            .with_operation(operation.name)),
    }
}

pub(crate) mod sealed {
    /// Keeps the operation traits to this crate.
    pub trait Sealed {}
}
