// An integer within bounds.

#[doc = __DOCS__]
///
#[doc = __BOUNDS__]
#[derive(::serde::Serialize, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[serde(transparent)]
pub struct __NAME__(u32);
impl __NAME__ {
    /// The smallest value.
    pub const MIN: Self = Self(__MINIMUM__);
    /// The largest value.
    pub const MAX: Self = Self(__MAXIMUM__);
    /// The value the service uses if none is sent.
    pub const DEFAULT: Self = Self(__DEFAULT__);

    /// Returns the value as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}
// each
impl ::std::convert::TryFrom<__SOURCE__> for __NAME__ {
    type Error = crate::InvalidValue;
    fn try_from(value: __SOURCE__) -> ::std::result::Result<Self, Self::Error> {
        crate::InvalidValue::check_bounds(value, __MINIMUM__, __MAXIMUM__).map(Self)
    }
}
// end
impl ::std::fmt::Display for __NAME__ {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        ::std::fmt::Display::fmt(&self.0, f)
    }
}
impl<'de> ::serde::Deserialize<'de> for __NAME__ {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        let value = <u32 as ::serde::Deserialize>::deserialize(deserializer)?;
        Self::try_from(value).map_err(::serde::de::Error::custom)
    }
}
#[cfg(feature = "schemars")]
impl ::schemars::JsonSchema for __NAME__ {
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        "__NAME__".into()
    }
    fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
        ::schemars::json_schema!({
            "type": "integer",
            "format": "int32",
            "minimum": __MINIMUM__,
            "maximum": __MAXIMUM__,
            "default": __DEFAULT__,
        })
    }
}
