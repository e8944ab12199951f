//! Ids that are sent in the path of a request.

use anyhow::{Context, Result, bail};
use openapiv3::{SchemaKind, Type};
use quote::{format_ident, quote};

use super::value::{Value, description, string_json_schema};
use crate::spec::{PATH_ID_PATTERN, Spec};

/// Generates the id type and its impls.
pub(super) fn path_id(spec: &Spec, name: &str) -> Result<Value> {
    let schema = spec.component(name).context("unresolved path id")?;
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        bail!("{name}: a path id is a string")
    };
    if string.pattern.as_deref() != Some(PATH_ID_PATTERN) {
        bail!("{name}: a path id has the pattern {PATH_ID_PATTERN}");
    }
    let ident = format_ident!("{name}");
    let docs = description(spec, name);
    let json_schema = string_json_schema(name);
    let tokens = quote! {
        #[doc = #docs]
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct #ident(::std::string::String);
        impl #ident {
            /// Returns the id as sent on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::std::convert::TryFrom<::std::string::String> for #ident {
            type Error = crate::InvalidValue;
            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                crate::InvalidValue::check_path_id(&value)?;
                ::std::result::Result::Ok(Self(value))
            }
        }
        impl ::std::convert::TryFrom<&str> for #ident {
            type Error = crate::InvalidValue;
            fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
                Self::try_from(value.to_owned())
            }
        }
        impl ::std::str::FromStr for #ident {
            type Err = crate::InvalidValue;
            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::try_from(value)
            }
        }
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl ::serde::Serialize for #ident {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(value).map_err(::serde::de::Error::custom)
            }
        }
        #json_schema
    };
    Ok(Value {
        name: name.to_owned(),
        tokens,
    })
}
