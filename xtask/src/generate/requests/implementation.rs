//! The request type and its implementations of the operation traits.

use anyhow::{Context, Result, ensure};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{request::Request, route};
use crate::{
    generate::docs::doc_lines,
    spec::{Connection, Entity, Place, Shape, Spec, snake_case, with_article},
};

/// Generates the type and what the generic code needs of it.
pub(super) fn operation_type(spec: &Spec, request: &Request<'_>) -> Result<TokenStream> {
    let Request {
        operation,
        type_name,
        method,
        ..
    } = request;
    let docs = doc_lines(&format!(
        "{}. See [`AmazonMusic::{method}`](crate::AmazonMusic::{method}).",
        operation.summary
    ));
    let fields = request.fields.iter().map(|field| field.declaration());
    let common = operation_trait(request);
    let shape = match &operation.shape {
        Shape::List(list) => list_trait(spec, request, list)?,
        Shape::Entity(entity) => entity_trait(spec, request, entity)?,
    };
    Ok(quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub struct #type_name { #(#fields),* }

        impl Sealed for #type_name {}

        #common

        #shape
    })
}

/// Implements `Operation`.
fn operation_trait(request: &Request<'_>) -> TokenStream {
    let type_name = &request.type_name;
    let response = format_ident!("{}", request.operation.response);
    let info = format_ident!("{}", snake_case(&request.operation.id).to_uppercase());
    let checks = checks(request);
    let pairs = request.fields.iter().map(|field| field.pair());
    let parameters = if request.fields.is_empty() {
        quote!(::std::vec::Vec::new())
    } else {
        quote!([#(#pairs),*].into_iter().flatten().collect())
    };
    quote! {
        impl Operation for #type_name {
            type Response = types::#response;
            const INFO: OperationInfo = operations::#info;
            fn check(&self) -> ::std::result::Result<(), crate::Error> {
                #(#checks)*
                ::std::result::Result::Ok(())
            }
            fn parameters(&self) -> ::std::vec::Vec<(&'static str, ::std::string::String)> {
                #parameters
            }
        }
    }
}

/// Generates the checks of path ids, which run before anything is sent.
fn checks(request: &Request<'_>) -> Vec<TokenStream> {
    request
        .fields
        .iter()
        .filter(|field| field.parameter.place == Place::Path)
        .filter_map(|field| {
            let component = format_ident!("{}", field.parameter.component.as_ref()?);
            let (wire, name) = (&field.parameter.name, &field.name);
            Some(quote! {
                check_id::<types::#component>(&Self::INFO, #wire, &self.#name)?;
            })
        })
        .collect()
}

/// Implements `ListOperation`.
fn list_trait(spec: &Spec, request: &Request<'_>, list: &Connection) -> Result<TokenStream> {
    let type_name = &request.type_name;
    let call = format_ident!("{}", snake_case(&request.operation.id));
    let set = request.fields.iter().map(|field| field.setter_call());
    let item = format_ident!("{}", list.item);
    let segments: Vec<&str> = list.connection.split('.').collect();
    route::check_connection(spec, &request.operation.response, &segments, &list.item)?;
    let last = segments.last().copied().unwrap_or_default();
    let table = list.table.as_deref().unwrap_or(last);
    let beside = route::beside(spec, &request.operation.response, &segments)?;
    let (_, maximum, default) = request
        .operation
        .limits()
        .context("a list has a bounded `limit`")?;
    Ok(quote! {
        impl ListOperation for #type_name {
            type Item = types::#item;
            const LIST: ListInfo = ListInfo {
                max_limit: #maximum,
                default_limit: #default,
                connection: &[#(#segments),*],
                beside: &[#(#beside),*],
                table: #table,
            };
            async fn fetch<T: ::serde::de::DeserializeOwned + Send>(
                &self,
                client: Client,
                page: PageRequest,
            ) -> Reply<T> {
                let mut request = client.#call().limit(page.limit);
                #(#set)*
                if let ::std::option::Option::Some(cursor) = page.cursor {
                    request = request.cursor(cursor);
                }
                request.send_as().await
            }
            fn id(item: &Self::Item) -> &str {
                &item.id
            }
        }
    })
}

/// Implements `EntityOperation`.
fn entity_trait(spec: &Spec, request: &Request<'_>, entity: &Entity) -> Result<TokenStream> {
    let type_name = &request.type_name;
    let call = format_ident!("{}", snake_case(&request.operation.id));
    let set = request.fields.iter().map(|field| field.setter_call());
    let item = format_ident!("{}", entity.item);
    let segments: Vec<&str> = entity.path.split('.').collect();
    let (unwrap, found) = route::follow(spec, &request.operation.response, &segments)?;
    ensure!(
        found == entity.item,
        "{} is {}, not {}",
        entity.path,
        with_article(&found),
        with_article(&entity.item)
    );
    Ok(quote! {
        impl EntityOperation for #type_name {
            type Output = types::#item;
            const ENTITY: &'static [&'static str] = &[#(#segments),*];
            async fn fetch(&self, client: Client) -> Reply<Self::Response> {
                let mut request = client.#call();
                #(#set)*
                request.send().await
            }
            fn into_output(response: Self::Response) -> ::std::option::Option<Self::Output> {
                #unwrap
            }
        }
    })
}
