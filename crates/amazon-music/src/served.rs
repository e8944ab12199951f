//! Items and entities with their JSON as served, and readings into types of the caller's own.

use std::{
    any::{Any, TypeId},
    borrow::Cow,
    fmt,
    future::Future,
    marker::PhantomData,
};

use amazon_music_browse::Client;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _, IgnoredAny},
};
use serde_json::value::RawValue;

use crate::{
    error::Error,
    json::{self, id},
    operation::{
        EntityOperation, LenientRead, ListInfo, ListOperation, Operation, OperationInfo,
        PageRequest, Reply, sealed::Sealed,
    },
};

/// An item or entity with its JSON as served.
///
/// Returned by the requests of [`List::served`](crate::List::served),
/// [`List::served_as`](crate::List::served_as), [`Get::served`](crate::Get::served) and
/// [`Get::served_as`](crate::Get::served_as): the decoded value for a program, and the text for whoever
/// wants all of it. The text has the order of the fields, the nulls and the spelling of the numbers as they
/// came, undocumented fields included. Only bytes that are not UTF-8 are replaced, by U+FFFD.
///
/// `Serialize` writes the text, not the value; `Deserialize` reads such a text again, and makes items for
/// tests:
///
/// ```
/// use amazon_music::{Served, types::Track};
///
/// let text = r#"{"title":"Better","id":"B07FF8HV2Z","duration":161.0,"album":null,"mood":"calm"}"#;
/// let track: Served<Track> = serde_json::from_str(text)?;
/// assert_eq!(track.id(), "B07FF8HV2Z");
/// assert_eq!(track.value.title.as_deref(), Some("Better"));
/// assert_eq!(track.get_raw("duration"), Some("161.0"));
/// assert_eq!(track.json(), text);
/// assert_eq!(serde_json::to_string(&track)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Served<T> {
    /// The decoded value.
    pub value: T,
    id: Box<str>,
    json: Box<RawValue>,
}

/// The decoded value. Nothing is decoded for [`IgnoredAny`].
fn value<T: DeserializeOwned + 'static>(json: &str) -> serde_json::Result<T> {
    let mut ignored = Some(IgnoredAny);
    let ignored: &mut dyn Any = &mut ignored;
    match ignored.downcast_mut::<Option<T>>().and_then(Option::take) {
        Some(ignored) => Ok(ignored),
        None => serde_json::from_str(json),
    }
}

impl<T> Served<T> {
    /// The id of the item.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The JSON text as served, which may have more than one line.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// The JSON text on one line, without the spaces between its tokens.
    ///
    /// ```
    /// use amazon_music::{Served, types::Track};
    ///
    /// let track: Served<Track> = serde_json::from_str("{\n  \"id\": \"a\",\n  \"title\": \"A \\\" b\"\n}")?;
    /// assert_eq!(track.json_line(), r#"{"id":"a","title":"A \" b"}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn json_line(&self) -> Cow<'_, str> {
        json::compact(self.json())
    }

    /// The JSON text of a field as served: numbers keep their spelling.
    #[must_use]
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        json::fields(self.json(), &[name])
            .into_iter()
            .next()
            .flatten()
    }

    /// Parses the JSON text as another type.
    ///
    /// # Errors
    ///
    /// Returns the parser's error if the text does not match the type, or has what no Rust value can hold:
    /// a number beyond `f64`, or half of a surrogate pair.
    pub fn parse<U: DeserializeOwned>(&self) -> serde_json::Result<U> {
        serde_json::from_str(self.json())
    }
}

impl<T: DeserializeOwned> Served<T> {
    /// Reads an item that strict decoding may have refused. `is_own` if `T` is no type of this crate.
    fn read<R: LenientRead>(
        raw: &RawValue,
        is_own: bool,
        reader: &mut R,
    ) -> Result<Self, R::Error> {
        #[derive(Deserialize)]
        struct Id {
            id: Box<str>,
        }

        let Id { id } = reader.own(raw)?;
        let value = if is_own {
            reader.own(raw)?
        } else {
            reader.entity(raw)?
        };
        Ok(Self {
            value,
            id,
            json: reader.as_served(raw),
        })
    }
}

impl<T: fmt::Debug> fmt::Debug for Served<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served")
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// Compares the values and the texts.
impl<T: PartialEq> PartialEq for Served<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.json() == other.json()
    }
}

impl<T> Serialize for Served<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned + 'static> Deserialize<'de> for Served<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let id = id(json.get()).map_err(D::Error::custom)?;
        let value = value(json.get()).map_err(D::Error::custom)?;
        Ok(Self { value, id, json })
    }
}

/// An operation whose items or entity are read as [`Served<T>`](Served).
///
/// Created by [`List::served`](crate::List::served), [`List::served_as`](crate::List::served_as),
/// [`Get::served`](crate::Get::served) and [`Get::served_as`](crate::Get::served_as); named to store a
/// request or a stream. Its requests, pages, retries, errors and positions are those of `O`.
pub struct ServedAs<O, T>(O, PhantomData<fn() -> T>);

impl<O, T> ServedAs<O, T> {
    pub(crate) fn new(operation: O) -> Self {
        Self(operation, PhantomData)
    }
}

impl<O: Clone, T> Clone for ServedAs<O, T> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<O: fmt::Debug, T> fmt::Debug for ServedAs<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServedAs").field(&self.0).finish()
    }
}

impl<O: Sealed, T> Sealed for ServedAs<O, T> {}

impl<O: Operation, T: 'static> Operation for ServedAs<O, T> {
    type Response = O::Response;

    const INFO: OperationInfo = O::INFO;

    fn check(&self) -> Result<(), Error> {
        self.0.check()
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        self.0.parameters()
    }
}

impl<O, T> ListOperation for ServedAs<O, T>
where
    O: ListOperation,
    T: DeserializeOwned + Clone + fmt::Debug + Send + Unpin + 'static,
{
    type Item = Served<T>;

    const LIST: ListInfo = O::LIST;

    fn fetch<U: DeserializeOwned + Send>(
        &self,
        client: Client,
        page: PageRequest,
    ) -> impl Future<Output = Reply<U>> + Send {
        self.0.fetch(client, page)
    }

    fn id(item: &Self::Item) -> &str {
        item.id()
    }

    fn read_item<R: LenientRead>(raw: &RawValue, reader: &mut R) -> Result<Self::Item, R::Error> {
        Served::read(raw, TypeId::of::<T>() != TypeId::of::<O::Item>(), reader)
    }
}

impl<O, T> EntityOperation for ServedAs<O, T>
where
    O: EntityOperation,
    T: DeserializeOwned + Clone + fmt::Debug + Send + 'static,
{
    type Output = Served<T>;

    const ENTITY: &'static [&'static str] = O::ENTITY;

    fn fetch(&self, client: Client) -> impl Future<Output = Reply<Self::Response>> + Send {
        self.0.fetch(client)
    }

    /// Nothing: the entity is read from the body, where its text stands.
    fn into_output(_: Self::Response) -> Option<Self::Output> {
        None
    }

    fn read_output<R: LenientRead>(
        raw: &RawValue,
        reader: &mut R,
    ) -> Result<Self::Output, R::Error> {
        Served::read(raw, TypeId::of::<T>() != TypeId::of::<O::Output>(), reader)
    }
}
