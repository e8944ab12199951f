//! `crates/amazon-music/src/generated.rs`: one request type per operation, generated from the spec alone.
//!
//! `x-pagination` says how to page through a list, `x-entity` how to unwrap a single response. The generic
//! code that uses them is hand-written in `amazon-music`.

mod implementation;
mod method;
mod request;
mod route;

use anyhow::{Context, Result};
use quote::quote;

use super::pretty;
use crate::spec::Spec;
use request::Request;

/// Renders the request types, without their banner.
pub(super) fn render(spec: &Spec) -> Result<String> {
    let mut methods = Vec::new();
    let mut setters = Vec::new();
    let mut arms = Vec::new();
    let mut types = Vec::new();
    for operation in spec.operations()? {
        let context = || format!("generating the request type of {}", operation.id);
        let request = Request::new(&operation).with_context(context)?;
        methods.push(method::method(&request)?);
        setters.push(method::setters(&request));
        arms.push(method::arm(&request));
        types.push(implementation::operation_type(spec, &request).with_context(context)?);
    }
    let file: syn::File = syn::parse2(quote! {
        use amazon_music_browse::types;

        use crate::{
            by_id::{RequestError, RequestVisitor, Values},
            client::AmazonMusic,
            entity::Get,
            paging::List,
        };

        impl AmazonMusic {
            #(#methods)*
        }

        #(#setters)*

        /// Creates the request of an operation by its id, and hands it to the visitor.
        pub(crate) fn request<V: RequestVisitor>(
            music: AmazonMusic,
            values: &Values<'_>,
            visitor: V,
        ) -> Result<V::Output, RequestError> {
            match values.operation() {
                #(#arms)*
                other => Err(RequestError::UnknownOperation { operation: other.to_owned() }),
            }
        }

        /// One type per operation, the parameter of [`List`] and [`Get`].
        ///
        /// Created by the methods of [`AmazonMusic`]; named to store a request, a stream or a page.
        pub mod operations {
            use amazon_music_browse::{Client, operations, types};

            use crate::operation::{
                EntityOperation, ListInfo, ListOperation, Operation, OperationInfo,
                PageRequest, Reply, check_id, sealed::Sealed,
            };

            pub use amazon_music_browse::operations::ALL;

            #(#types)*
        }
    })
    .context("the request types do not parse")?;
    Ok(pretty::print(file))
}
