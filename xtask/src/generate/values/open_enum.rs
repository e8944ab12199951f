//! Open enums: a known value is a variant, any other one is kept.

use quote::{format_ident, quote};

use super::value::{Value, string_json_schema};
use crate::spec::upper_camel_case;

/// Generates the enum and its impls.
pub(super) fn open_enum(name: &str, docs: &str, known: &[String]) -> Value {
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
        /// An open enum: a value that the spec does not list is kept in `Unknown`.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum #ident {
            #(
                #[doc = #variant_docs]
                #variants,
            )*
            /// A value that the spec does not list.
            Unknown(::std::string::String),
        }
        impl #ident {
            /// The values that the spec lists.
            pub const KNOWN: &'static [&'static str] = &[#(#known),*];

            /// Returns the value as sent on the wire.
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
                crate::open_enum::deserialize(deserializer)
            }
        }
        #schema
    };
    Value {
        name: name.to_owned(),
        tokens,
    }
}
