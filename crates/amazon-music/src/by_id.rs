//! Requests of operations that are known by their id only.

use std::{error, fmt, str::FromStr};

use amazon_music_browse::{ParameterInfo, operations};

use crate::{
    client::AmazonMusic,
    entity::Get,
    generated::request,
    operation::{EntityOperation, ListOperation, OperationInfo},
    paging::List,
};

/// Receives the typed request of an operation: see [`AmazonMusic::request`].
pub trait RequestVisitor {
    /// The result, such as a boxed future.
    type Output;

    /// Receives the request of an operation that returns a list.
    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output;

    /// Receives the request of an operation that returns a single entity.
    fn get<O: EntityOperation>(self, get: Get<O>) -> Self::Output;
}

impl AmazonMusic {
    /// Creates the request of the operation with this id, and hands it to the visitor.
    ///
    /// For programs that learn at run time which operation to call, such as a command line or a proxy. Each
    /// value has the name of a parameter in [`OperationInfo::parameters`]; a value is text, as in a URL
    /// before it is encoded. Nothing is sent before the visitor does. If the operation is known at compile time, its
    /// own method is shorter and has types.
    ///
    /// ```
    /// use amazon_music::{
    ///     AmazonMusic, EntityOperation, Error, Get, List, ListOperation, RequestVisitor,
    /// };
    /// use std::{future::Future, pin::Pin};
    ///
    /// /// Prints the JSON of whatever the operation returns.
    /// struct Print;
    ///
    /// impl RequestVisitor for Print {
    ///     type Output = Pin<Box<dyn Future<Output = Result<(), Error>>>>;
    ///
    ///     fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
    ///         Box::pin(async move {
    ///             for item in list.served().send().await? {
    ///                 println!("{}", item.json());
    ///             }
    ///             Ok(())
    ///         })
    ///     }
    ///
    ///     fn get<O: EntityOperation>(self, get: Get<O>) -> Self::Output {
    ///         Box::pin(async move {
    ///             println!("{}", get.served().send().await?.json());
    ///             Ok(())
    ///         })
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = amazon_music_sandbox::start().await?;
    /// # let music = AmazonMusic::builder()
    /// #     .base_url(sandbox.base_url())
    /// #     .security_profile_id(sandbox.security_profile_id())
    /// #     .token(sandbox.token())
    /// #     .build()?;
    /// let values = [("id", "2iB4IU25"), ("limit", "5")];
    /// music.request("getCategoryTracks", &values, Print)?.await?;
    ///
    /// let refused = music.request("getCategory", &[], Print).err();
    /// assert_eq!(refused.unwrap().to_string(), "getCategory: `id` is missing");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`RequestError`] if no operation has this id, or a value is missing, unknown or invalid.
    pub fn request<V: RequestVisitor>(
        &self,
        operation: &str,
        values: &[(&str, &str)],
        visitor: V,
    ) -> Result<V::Output, RequestError> {
        let values = Values::new(operation, values)?;
        request(self.clone(), &values, visitor)
    }
}

/// The reason why a request could not be created from an operation id and values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// No operation has this id.
    UnknownOperation {
        /// The id.
        operation: String,
    },
    /// The operation has no such parameter in its path or query, or it was given twice.
    UnexpectedParameter {
        /// The id of the operation.
        operation: &'static str,
        /// The name of the parameter.
        parameter: String,
    },
    /// A required parameter has no value.
    MissingParameter {
        /// The id of the operation.
        operation: &'static str,
        /// The name of the parameter.
        parameter: &'static str,
    },
    /// A value has the wrong type or is out of bounds.
    InvalidValue {
        /// The id of the operation.
        operation: &'static str,
        /// The name of the parameter.
        parameter: &'static str,
        /// The value.
        value: String,
        /// The rule that it breaks: `must be 1 to 20`.
        reason: String,
    },
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation { operation } => {
                write!(f, "no operation has the id {operation:?}")
            }
            Self::UnexpectedParameter {
                operation,
                parameter,
            } => {
                write!(
                    f,
                    "{operation}: `{parameter}` is no parameter, or was given twice"
                )
            }
            Self::MissingParameter {
                operation,
                parameter,
            } => write!(f, "{operation}: `{parameter}` is missing"),
            Self::InvalidValue {
                operation,
                parameter,
                value,
                reason,
            } => write!(f, "{operation}: `{parameter}` {reason} (given: {value:?})"),
        }
    }
}

impl error::Error for RequestError {}

/// Values by the names of their parameters.
pub(crate) struct Values<'a> {
    operation: &'static OperationInfo,
    values: &'a [(&'a str, &'a str)],
}

impl<'a> Values<'a> {
    fn new(id: &str, values: &'a [(&'a str, &'a str)]) -> Result<Self, RequestError> {
        let known = operations::ALL.iter().find(|info| info.id == id);
        let Some(operation) = known else {
            let operation = id.to_owned();
            return Err(RequestError::UnknownOperation { operation });
        };
        let is_expected = |index: usize, name: &str| {
            let mut known = operation.parameters.iter();
            let is_first = values[..index].iter().all(|(before, _)| *before != name);
            known.any(|parameter| parameter.name == name) && is_first
        };
        for (index, (name, _)) in values.iter().enumerate() {
            if !is_expected(index, name) {
                return Err(RequestError::UnexpectedParameter {
                    operation: operation.id,
                    parameter: (*name).to_owned(),
                });
            }
        }
        Ok(Self { operation, values })
    }

    /// The id of the operation.
    pub(crate) fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The value of an optional parameter.
    pub(crate) fn optional<T: FromStr>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, RequestError> {
        let Some((_, value)) = self.values.iter().find(|(given, _)| *given == name) else {
            return Ok(None);
        };
        let info = self
            .operation
            .parameters
            .iter()
            .find(|info| info.name == name);
        if let Some(reason) = info.and_then(|info| out_of_bounds(info, value)) {
            return Err(self.invalid(name, value, reason));
        }
        let parsed = value.parse();
        parsed.map(Some).map_err(|_| {
            let kind = std::any::type_name::<T>();
            let reason = if kind == "bool" {
                "must be true or false"
            } else {
                "must be an integer"
            };
            self.invalid(name, value, reason.to_owned())
        })
    }

    /// The value of a required parameter.
    pub(crate) fn required<T: FromStr>(&self, name: &'static str) -> Result<T, RequestError> {
        self.optional(name)?.ok_or(RequestError::MissingParameter {
            operation: self.operation.id,
            parameter: name,
        })
    }

    /// The value of a path parameter with a type that checks it.
    pub(crate) fn id<T>(&self, name: &'static str) -> Result<String, RequestError>
    where
        T: for<'v> TryFrom<&'v str, Error: fmt::Display>,
    {
        let value: String = self.required(name)?;
        let refused = T::try_from(&value).err().map(|reason| reason.to_string());
        match refused {
            None => Ok(value),
            Some(reason) => Err(self.invalid(name, &value, reason)),
        }
    }

    /// Sets the page of a list.
    pub(crate) fn page<O: ListOperation>(
        &self,
        mut list: List<O>,
    ) -> Result<List<O>, RequestError> {
        if let Some(limit) = self.optional("limit")? {
            list = list.limit(limit);
        }
        if let Some(cursor) = self.optional::<String>("cursor")? {
            list = list.cursor(cursor);
        }
        Ok(list)
    }

    fn invalid(&self, parameter: &'static str, value: &str, reason: String) -> RequestError {
        RequestError::InvalidValue {
            operation: self.operation.id,
            parameter,
            value: value.to_owned(),
            reason,
        }
    }
}

/// The rule about bounds that an integer breaks.
fn out_of_bounds(info: &ParameterInfo, value: &str) -> Option<String> {
    let (smallest, largest) = (info.minimum?, info.maximum?);
    let number: i128 = value.parse().ok()?;
    let is_inside = (i128::from(smallest)..=i128::from(largest)).contains(&number);
    (!is_inside).then(|| format!("must be {smallest} to {largest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of the method, the limit and the parameters.
    struct Look;

    impl RequestVisitor for Look {
        type Output = (&'static str, Option<u32>, Vec<(&'static str, String)>);

        fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
            (
                O::INFO.name,
                Some(list.page_size()),
                list.operation.parameters(),
            )
        }

        fn get<O: EntityOperation>(self, get: Get<O>) -> Self::Output {
            (O::INFO.name, None, get.operation.parameters())
        }
    }

    fn music() -> AmazonMusic {
        let builder = AmazonMusic::builder();
        builder
            .security_profile_id("profile")
            .token("token")
            .build()
            .unwrap()
    }

    #[test]
    fn every_operation_is_found_by_its_id() {
        for info in operations::ALL {
            let values: Vec<_> = info
                .parameters
                .iter()
                .map(|parameter| (parameter.name, parameter.example.unwrap()))
                .collect();
            let (name, limit, _) = music().request(info.id, &values, Look).unwrap();
            assert_eq!(name, info.name);
            assert_eq!(limit.is_some(), info.shape == crate::Shape::List);
        }
    }

    #[test]
    fn values_reach_the_request() {
        let values = [("limit", "7"), ("id", "ab cd")];
        let found = music().request("getCategoryAlbums", &values, Look);
        let id = vec![("id", "ab cd".to_owned())];
        assert_eq!(found, Ok(("get_category_albums", Some(7), id)));
    }

    #[test]
    fn what_is_wrong_is_told_by_name() {
        type Row = (
            &'static str,
            &'static [(&'static str, &'static str)],
            &'static str,
        );
        let rows: [Row; 9] = [
            ("getNothing", &[], "no operation has the id \"getNothing\""),
            ("getCategory", &[], "getCategory: `id` is missing"),
            ("getCategory", &[("id", "a/b")], "getCategory: `id` must"),
            (
                "getCategory",
                &[("id", "a"), ("limit", "2")],
                "`limit` is no parameter",
            ),
            (
                "getCategory",
                &[("id", "a"), ("id", "a")],
                "`id` is no parameter, or was given twice",
            ),
            (
                "getTopTracks",
                &[("limit", "21")],
                "`limit` must be 1 to 20 (given: \"21\")",
            ),
            (
                "getTopTracks",
                &[("limit", "-1")],
                "`limit` must be 1 to 20 (given: \"-1\")",
            ),
            (
                "getTopTracks",
                &[("limit", "x")],
                "`limit` must be an integer (given: \"x\")",
            ),
            (
                "getTopTracks",
                &[("limit", "")],
                "`limit` must be an integer (given: \"\")",
            ),
        ];
        for (operation, values, words) in rows {
            let error = music().request(operation, values, Look).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
