//! The traits that the generic code requires of an operation. All implementations are generated.

use std::{borrow::Cow, fmt, future::Future};

use amazon_music_browse::{Client, ResponseValue, types::ErrorEnvelope};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind};

/// The result of one attempt of the generated client.
pub(crate) type Reply<T> = Result<ResponseValue<T>, amazon_music_browse::Error<ErrorEnvelope>>;

pub use amazon_music_browse::{
    OperationInfo, ParameterInfo, ParameterPlace, PropertyInfo, Shape, ValueKind,
};

/// Static facts about a list.
///
/// ```
/// use amazon_music::{ListOperation as _, operations::TopTracks};
///
/// assert_eq!(TopTracks::LIST.max_limit, 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListInfo {
    /// The largest page size; the smallest is 1.
    pub max_limit: u32,
    /// The documented page size of a request without a limit.
    pub default_limit: u32,
    /// The path of the list in a response: `["data", "topTracks"]`.
    pub connection: &'static [&'static str],
    /// The documented names beside the connection, in the object that holds it.
    pub beside: &'static [&'static str],
    /// The name of the connection in the documentation's table, which has it directly below `data`.
    pub table: &'static str,
}

/// An operation of the API. Sealed: only the types in [`operations`](crate::operations) implement it.
pub trait Operation: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// The body of a response.
    #[doc(hidden)]
    type Response: DeserializeOwned + Serialize + Clone + Send;

    /// Static facts about the operation.
    const INFO: OperationInfo;

    /// Validates the parameters.
    #[doc(hidden)]
    fn check(&self) -> Result<(), Error>;

    /// The parameters that distinguish this request from others of the same operation.
    #[doc(hidden)]
    fn parameters(&self) -> Vec<(&'static str, String)>;
}

/// An operation that returns a page of a list.
pub trait ListOperation: Operation {
    /// The type of the items.
    type Item: DeserializeOwned + Serialize + Clone + fmt::Debug + Send + Unpin + 'static;

    /// Static facts about the list.
    const LIST: ListInfo;

    /// Sends one request and deserializes its body as `T`.
    #[doc(hidden)]
    fn fetch<T: DeserializeOwned + Send>(
        &self,
        client: Client,
        page: PageRequest,
    ) -> impl Future<Output = Reply<T>> + Send;

    /// The id of an item.
    #[doc(hidden)]
    fn id(item: &Self::Item) -> &str;

    /// Reads an item that strict decoding may have refused.
    #[doc(hidden)]
    fn read_item<R: LenientRead>(raw: &RawValue, reader: &mut R) -> Result<Self::Item, R::Error> {
        reader.entity(raw)
    }
}

/// An operation that returns a single entity.
pub trait EntityOperation: Operation {
    /// The type of the entity.
    type Output: DeserializeOwned + Serialize + Clone + fmt::Debug + Send + 'static;

    /// The path of the entity in a response: `["data", "category"]`.
    const ENTITY: &'static [&'static str];

    /// Sends one request.
    #[doc(hidden)]
    fn fetch(&self, client: Client) -> impl Future<Output = Reply<Self::Response>> + Send;

    /// Unwraps the entity, if the response holds one.
    #[doc(hidden)]
    fn into_output(response: Self::Response) -> Option<Self::Output>;

    /// Reads an entity that strict decoding may have refused, or that [`into_output`](Self::into_output)
    /// does not unwrap.
    #[doc(hidden)]
    fn read_output<R: LenientRead>(
        raw: &RawValue,
        reader: &mut R,
    ) -> Result<Self::Output, R::Error> {
        reader.entity(raw)
    }
}

/// Reads values of which a part may have the wrong type.
#[doc(hidden)]
pub trait LenientRead {
    /// The error of a value that cannot be read.
    type Error;

    /// Reads an entity of the API, which keeps parts of the wrong type in its `extra`.
    fn entity<T: DeserializeOwned>(&mut self, raw: &RawValue) -> Result<T, Self::Error>;

    /// Reads a value of the caller's own type, without the parts of the wrong type.
    fn own<T: DeserializeOwned>(&mut self, raw: &RawValue) -> Result<T, Self::Error>;

    /// The text of a value as it was served.
    fn as_served(&self, raw: &RawValue) -> Box<RawValue>;
}

/// The page to request.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The page size.
    pub limit: u32,
    /// The cursor of the page; `None` for the first page.
    pub cursor: Option<String>,
}

/// Creates an error of an operation.
pub(crate) fn error<O: Operation>(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(kind, message).with_operation(O::INFO.name)
}

/// Validates an id by converting it to its checked type.
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
    /// Seals the operation traits.
    pub trait Sealed {}
}
