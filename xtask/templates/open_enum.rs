// An open enum: a known value is a variant, any other one is kept.

#[doc = __DOCS__]
///
/// An open enum: a value that the spec does not list is kept in `Unknown`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum __NAME__ {
    // each
    #[doc = __VARIANT_DOCS__]
    __VARIANT__,
    // end
    /// A value that the spec does not list.
    Unknown(::std::string::String),
}
impl __NAME__ {
    /// The values that the spec lists.
    pub const KNOWN: &'static [&'static str] = &[
        // each
        __VALUE__,
        // end
    ];

    /// Returns the value as sent on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            // each
            Self::__VARIANT__ => __VALUE__,
            // end
            Self::Unknown(value) => value,
        }
    }

    fn known(value: &str) -> ::std::option::Option<Self> {
        match value {
            // each
            __VALUE__ => ::std::option::Option::Some(Self::__VARIANT__),
            // end
            _ => ::std::option::Option::None,
        }
    }
}
impl ::std::convert::From<&str> for __NAME__ {
    fn from(value: &str) -> Self {
        Self::known(value).unwrap_or_else(|| Self::Unknown(value.to_owned()))
    }
}
impl ::std::convert::From<::std::string::String> for __NAME__ {
    fn from(value: ::std::string::String) -> Self {
        Self::known(&value).unwrap_or(Self::Unknown(value))
    }
}
impl ::std::fmt::Display for __NAME__ {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}
impl ::serde::Serialize for __NAME__ {
    fn serialize<S: ::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> ::serde::Deserialize<'de> for __NAME__ {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        crate::open_enum::deserialize(deserializer)
    }
}
#[cfg(feature = "schemars")]
impl ::schemars::JsonSchema for __NAME__ {
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        "__NAME__".into()
    }
    fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
        <::std::string::String as ::schemars::JsonSchema>::json_schema(generator)
    }
}
