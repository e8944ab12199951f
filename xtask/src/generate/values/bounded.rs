//! Integers within bounds, such as page sizes.

use anyhow::{Context, Result, bail};
use openapiv3::{IntegerFormat, SchemaKind, Type, VariantOrUnknownOrEmpty};
use proc_macro2::Literal;
use quote::{format_ident, quote};

use super::value::{Value, description};
use crate::spec::{Kind, Parameter, Spec};

/// Generates the integer type and its impls.
pub(super) fn bounded(spec: &Spec, name: &str, parameter: &Parameter) -> Result<Value> {
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
    let bounds = format!(" {minimum} to {maximum}. The service uses {default} if none is sent.");
    // `i32` is the type of integer literals, `usize` that of lengths.
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
            /// The value the service uses if none is sent.
            pub const DEFAULT: Self = Self(#default);

            /// Returns the value as a number.
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
