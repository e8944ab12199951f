//! The `status` field of an error body.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// HTTP status as given in an error body: `"403"` in the sample of Amazon's documentation, a number in its
/// description. Reads both and writes a string.
///
/// ```
/// use amazon_music_browse::ErrorStatus;
///
/// let text: ErrorStatus = serde_json::from_str("\"403\"")?;
/// let number: ErrorStatus = serde_json::from_str("403")?;
/// assert_eq!(text, number);
/// assert_eq!(number.code(), Some(403));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorStatus(String);

impl ErrorStatus {
    /// Returns the status as given in the body.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the status as a number, if it is one.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        self.0.parse().ok()
    }
}

impl From<u16> for ErrorStatus {
    fn from(status: u16) -> Self {
        Self(status.to_string())
    }
}

impl fmt::Display for ErrorStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for ErrorStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ErrorStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = ErrorStatus;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status as a string or a number")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<ErrorStatus, E> {
                Ok(ErrorStatus(value.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<ErrorStatus, E> {
                Ok(ErrorStatus(value.to_string()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ErrorStatus {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ErrorStatus".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}
