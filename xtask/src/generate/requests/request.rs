//! A request type and its fields.

use anyhow::{Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::spec::{Kind, Operation, Parameter, Place, Shape, snake_case, upper_camel_case};

/// The request type of one operation.
pub(super) struct Request<'a> {
    pub(super) operation: &'a Operation,
    /// The name of the type: `CategoryTracks`.
    pub(super) type_name: Ident,
    /// The name of the method that creates it: `category_tracks`.
    pub(super) method: Ident,
    /// The parameters that are fields: all but the page and the headers, which the companion sets for
    /// all calls.
    pub(super) fields: Vec<Field<'a>>,
}

/// A parameter that is a field of the request type.
pub(super) struct Field<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) name: Ident,
}

impl<'a> Request<'a> {
    pub(super) fn new(operation: &'a Operation) -> Result<Self> {
        let is_list = matches!(operation.shape, Shape::List(_));
        let mut fields = Vec::new();
        for parameter in &operation.parameters {
            match (parameter.place, parameter.name.as_str()) {
                (Place::Header, name) if parameter.required => {
                    bail!("{name}: headers are set for all calls: make it optional")
                }
                (Place::Header, _) => {}
                (Place::Query, "limit" | "cursor") if is_list => {}
                _ => fields.push(Field {
                    parameter,
                    name: field_name(&parameter.name),
                }),
            }
        }
        Ok(Self {
            operation,
            type_name: format_ident!("{}", upper_camel_case(&operation.noun())),
            method: format_ident!("{}", snake_case(&operation.noun())),
            fields,
        })
    }

    /// Returns the name of the request builder: `List` or `Get`.
    pub(super) fn builder(&self) -> Ident {
        match self.operation.shape {
            Shape::List(_) => format_ident!("List"),
            Shape::Entity(_) => format_ident!("Get"),
        }
    }
}

impl Field<'_> {
    /// Returns the type of the value.
    pub(super) fn value_type(&self) -> TokenStream {
        match self.parameter.kind {
            Kind::Text => quote!(::std::string::String),
            Kind::Boolean => quote!(bool),
            Kind::Integer => quote!(i64),
            Kind::Bounded { .. } => quote!(u32),
        }
    }

    /// Returns the type of an argument and the expression that stores it.
    pub(super) fn argument(&self) -> (TokenStream, TokenStream) {
        let name = &self.name;
        match self.parameter.kind {
            Kind::Text => (
                quote!(impl ::std::convert::Into<::std::string::String>),
                quote!(#name.into()),
            ),
            _ => (self.value_type(), quote!(#name)),
        }
    }

    /// Returns the declaration of the field.
    pub(super) fn declaration(&self) -> TokenStream {
        let (name, ty) = (&self.name, self.value_type());
        if self.parameter.required {
            quote!(pub(crate) #name: #ty)
        } else {
            quote!(pub(crate) #name: ::std::option::Option<#ty>)
        }
    }

    /// Returns the statement that passes the value to the builder `request` of the wire crate.
    pub(super) fn setter_call(&self) -> TokenStream {
        let name = &self.name;
        let is_text = matches!(self.parameter.kind, Kind::Text);
        match (self.parameter.required, is_text) {
            (true, true) => quote!(request = request.#name(self.#name.as_str());),
            (true, false) => quote!(request = request.#name(self.#name);),
            (false, is_text) => {
                let value = if is_text {
                    quote!(value.as_str())
                } else {
                    quote!(*value)
                };
                quote!(if let ::std::option::Option::Some(value) = &self.#name {
                    request = request.#name(#value);
                })
            }
        }
    }

    /// Returns an expression that reads the value of the field from `values`.
    pub(super) fn read(&self) -> TokenStream {
        let (wire, name) = (&self.parameter.name, &self.name);
        match &self.parameter.component {
            Some(component) if self.parameter.place == Place::Path => {
                let component = format_ident!("{component}");
                quote!(#name: values.id::<types::#component>(#wire)?)
            }
            _ if self.parameter.required => quote!(#name: values.required(#wire)?),
            _ => quote!(#name: values.optional(#wire)?),
        }
    }

    /// Returns an expression for the name and value of the parameter, if it is set.
    pub(super) fn pair(&self) -> TokenStream {
        let (wire, name) = (&self.parameter.name, &self.name);
        if self.parameter.required {
            quote!(::std::option::Option::Some((#wire, self.#name.to_string())))
        } else {
            quote!(self.#name.as_ref().map(|value| (#wire, value.to_string())))
        }
    }
}

/// The name of a field: `type_` for `type`.
fn field_name(parameter: &str) -> Ident {
    let name = snake_case(parameter);
    syn::parse_str(&name).unwrap_or_else(|_| format_ident!("{name}_"))
}
