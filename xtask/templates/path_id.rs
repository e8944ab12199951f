// An ID that is sent in the path of a request.

#[doc = __DOCS__]
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct __NAME__(::std::string::String);
impl __NAME__ {
    /// Returns the id as sent on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl ::std::convert::TryFrom<::std::string::String> for __NAME__ {
    type Error = crate::InvalidValue;
    fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
        crate::InvalidValue::check_path_id(&value)?;
        ::std::result::Result::Ok(Self(value))
    }
}
impl ::std::convert::TryFrom<&str> for __NAME__ {
    type Error = crate::InvalidValue;
    fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
        Self::try_from(value.to_owned())
    }
}
impl ::std::str::FromStr for __NAME__ {
    type Err = crate::InvalidValue;
    fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
        Self::try_from(value)
    }
}
impl ::std::fmt::Display for __NAME__ {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl ::serde::Serialize for __NAME__ {
    fn serialize<S: ::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> ::serde::Deserialize<'de> for __NAME__ {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        let value = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
        Self::try_from(value).map_err(::serde::de::Error::custom)
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
