//! The value types that the generator would get wrong: open enums, path ids and page sizes.
//!
//! The generator makes closed enums (an unknown value fails the page), ids that are checked by a
//! regular expression engine, and integers without an upper bound. So it is told to leave these
//! components alone, and what stands in their place is made here, from the document alone.

use anyhow::{Context, Result, bail};
use openapiv3::{IntegerFormat, SchemaKind, Type, VariantOrUnknownOrEmpty};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::spec::{Kind, Parameter, Place, Spec, upper_camel_case};

/// The one shape of a path id, checked without a regular expression engine. A wider alphabet would
/// have to leave out everything that changes meaning in a path: `/ \ ? # %`, `.` and `..`.
pub const PATH_ID_PATTERN: &str = "^[A-Za-z0-9_-]+$";

/// A component that is made here.
pub struct Value {
    /// The name of the component.
    pub name: String,
    /// Its Rust item and its impls.
    pub tokens: TokenStream,
}

/// All value types of the document, by name.
pub fn values(spec: &Spec) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    for (name, schema) in spec.components() {
        if let Some(known) = schema.schema_data.extensions.get("x-extensible-enum") {
            let known: Vec<String> = serde_json::from_value(known.clone())
                .with_context(|| format!("{name}: x-extensible-enum"))?;
            let docs = schema.schema_data.description.as_deref();
            values.push(open_enum(name, docs.unwrap_or_default(), &known));
        }
    }
    for operation in spec.operations()? {
        for parameter in &operation.parameters {
            let Some(name) = &parameter.component else {
                continue;
            };
            if values.iter().any(|value| &value.name == name) {
                continue;
            }
            match (parameter.place, &parameter.kind) {
                (Place::Path, Kind::Text) => values.push(path_id(spec, name)?),
                (Place::Query, Kind::Bounded { .. }) => {
                    values.push(bounded(spec, name, parameter)?)
                }
                _ => {}
            }
        }
    }
    values.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(values)
}

fn description(spec: &Spec, name: &str) -> String {
    spec.component(name)
        .and_then(|schema| schema.schema_data.description.clone())
        .unwrap_or_default()
}

fn open_enum(name: &str, docs: &str, known: &[String]) -> Value {
    let ident = format_ident!("{name}");
    let variants: Vec<_> = known
        .iter()
        .map(|value| format_ident!("{}", upper_camel_case(value)))
        .collect();
    let variant_docs = known.iter().map(|value| format!("`{value}`."));
    let schema = string_json_schema(name);
    let tokens = quote! {
        #[doc = #docs]
        ///
        /// Open: a value that is not known here is kept as it came, in `Unknown`.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum #ident {
            #(
                #[doc = #variant_docs]
                #variants,
            )*
            /// A value that the document does not list.
            Unknown(::std::string::String),
        }
        impl #ident {
            /// The values that the document lists.
            pub const KNOWN: &'static [&'static str] = &[#(#known),*];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #known,)*
                    Self::Unknown(value) => value,
                }
            }

            fn known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    #(#known => ::std::option::Option::Some(Self::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }
        }
        impl ::std::convert::From<&str> for #ident {
            fn from(value: &str) -> Self {
                Self::known(value).unwrap_or_else(|| Self::Unknown(value.to_owned()))
            }
        }
        impl ::std::convert::From<::std::string::String> for #ident {
            fn from(value: ::std::string::String) -> Self {
                Self::known(&value).unwrap_or(Self::Unknown(value))
            }
        }
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::serde::Serialize for #ident {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::open_value::deserialize(deserializer)
            }
        }
        #schema
    };
    Value {
        name: name.to_owned(),
        tokens,
    }
}

fn string_json_schema(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    quote! {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                <::std::string::String as ::schemars::JsonSchema>::json_schema(generator)
            }
        }
    }
}

fn path_id(spec: &Spec, name: &str) -> Result<Value> {
    let schema = spec.component(name).context("unresolved path id")?;
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        bail!("{name}: a path id is a string")
    };
    if string.pattern.as_deref() != Some(PATH_ID_PATTERN) {
        bail!("{name}: a path id has the pattern {PATH_ID_PATTERN}");
    }
    let longest = string.max_length.context("a path id has a maxLength")?;
    let ident = format_ident!("{name}");
    let docs = description(spec, name);
    let limits = format!(
        " 1 to {longest} of `A-Z a-z 0-9 _ -`: nothing that could change the path of a request."
    );
    let longest = Literal::usize_suffixed(longest);
    let json_schema = string_json_schema(name);
    let tokens = quote! {
        #[doc = #docs]
        ///
        #[doc = #limits]
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct #ident(::std::string::String);
        impl #ident {
            /// The id as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl ::std::convert::TryFrom<::std::string::String> for #ident {
            type Error = crate::InvalidValue;
            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                crate::InvalidValue::check_path_id(&value, #longest)?;
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

fn bounded(spec: &Spec, name: &str, parameter: &Parameter) -> Result<Value> {
    let Kind::Bounded {
        minimum,
        maximum,
        default,
    } = parameter.kind
    else {
        bail!("{name}: not a bounded integer")
    };
    let schema = spec.component(name).context("unresolved integer")?;
    let SchemaKind::Type(Type::Integer(integer)) = &schema.schema_kind else {
        bail!("{name}: not an integer")
    };
    if integer.format != VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) {
        bail!("{name}: give a bounded integer the format int32");
    }
    let ident = format_ident!("{name}");
    let docs = description(spec, name);
    let bounds =
        format!(" {minimum} to {maximum}; the service takes {default} where none is sent.");
    // Integer literals are `i32` unless told otherwise, and `usize` is what lengths come in.
    let sources =
        ["u8", "u16", "u32", "u64", "usize", "i32", "i64"].map(|name| format_ident!("{name}"));
    let (minimum, maximum, default) = (
        Literal::u32_suffixed(minimum),
        Literal::u32_suffixed(maximum),
        Literal::u32_suffixed(default),
    );
    let tokens = quote! {
        #[doc = #docs]
        ///
        #[doc = #bounds]
        #[derive(::serde::Serialize, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[serde(transparent)]
        pub struct #ident(u32);
        impl #ident {
            /// The smallest value.
            pub const MIN: Self = Self(#minimum);
            /// The largest value.
            pub const MAX: Self = Self(#maximum);
            /// What the service takes where none is sent.
            pub const DEFAULT: Self = Self(#default);

            /// The value as a number.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }
        }
        #(
            impl ::std::convert::TryFrom<#sources> for #ident {
                type Error = crate::InvalidValue;
                fn try_from(value: #sources) -> ::std::result::Result<Self, Self::Error> {
                    crate::InvalidValue::check_bounds(value, #minimum, #maximum).map(Self)
                }
            }
        )*
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = <u32 as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(value).map_err(::serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({
                    "type": "integer",
                    "format": "int32",
                    "minimum": #minimum,
                    "maximum": #maximum,
                    "default": #default,
                })
            }
        }
    };
    Ok(Value {
        name: name.to_owned(),
        tokens,
    })
}
