//! The method that creates a request, and the setters of its optional parameters.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::request::Request;
use crate::{
    generate::docs::{doc_lines, operation_docs},
    spec::Shape,
};

/// Generates the method of `AmazonMusic`.
pub(super) fn method(request: &Request<'_>) -> Result<TokenStream> {
    let Request {
        type_name, method, ..
    } = request;
    let builder = request.builder();
    let docs = doc_lines(&method_docs(request)?);
    let (parameters, fields): (Vec<_>, Vec<_>) = request
        .fields
        .iter()
        .map(|field| {
            let name = &field.name;
            let (argument, value) = field.argument();
            if field.parameter.required {
                (Some(quote!(#name: #argument)), quote!(#name: #value))
            } else {
                (None, quote!(#name: ::std::option::Option::None))
            }
        })
        .unzip();
    let parameters = parameters.into_iter().flatten();
    Ok(quote! {
        #(#docs)*
        pub fn #method(&self, #(#parameters),*) -> #builder<operations::#type_name> {
            #builder::new(self.clone(), operations::#type_name { #(#fields),* })
        }
    })
}

fn method_docs(request: &Request<'_>) -> Result<String> {
    let arguments: Vec<String> = request
        .fields
        .iter()
        .filter(|field| field.parameter.required)
        .map(|field| field.parameter.example_literal())
        .collect();
    let call = format!("music.{}({})", request.method, arguments.join(", "));
    let example = match &request.operation.shape {
        Shape::List(list) => format!(
            "use futures_util::TryStreamExt as _;\n\n\
             let page = {call}.limit(2).send().await?;\n\
             println!(\"{{}} on the first page\", page.items.len());\n\n\
             let mut all = {call}.items();\n\
             while let Some(item) = all.try_next().await? {{\n    \
             let item: amazon_music::types::{} = item;\n    \
             println!(\"{{}}\", item.id);\n}}",
            list.item
        ),
        Shape::Entity(entity) => format!(
            "let found: amazon_music::types::{} = {call}.send().await?;\n\
             println!(\"{{}}\", found.id);",
            entity.item
        ),
    };
    Ok(format!(
        "{}\n\n```no_run\n# async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {{\n\
         {example}\n# Ok(())\n# }}\n```",
        operation_docs(request.operation)?
    ))
}

/// Generates the arm that creates the request from values by name.
pub(super) fn arm(request: &Request<'_>) -> TokenStream {
    let Request {
        operation,
        type_name,
        ..
    } = request;
    let id = &operation.id;
    let fields = request.fields.iter().map(|field| field.read());
    let operation_value = quote!(operations::#type_name { #(#fields),* });
    match operation.shape {
        Shape::List(_) => quote!(#id => {
            let list = List::new(music, #operation_value);
            Ok(visitor.list(values.page(list)?))
        }),
        Shape::Entity(_) => quote!(#id => Ok(visitor.get(Get::new(music, #operation_value))),),
    }
}

/// Generates the setters of the optional parameters.
pub(super) fn setters(request: &Request<'_>) -> TokenStream {
    let type_name = &request.type_name;
    let builder = request.builder();
    let setters: Vec<_> = request
        .fields
        .iter()
        .filter(|field| !field.parameter.required)
        .map(|field| {
            let name = &field.name;
            let docs = doc_lines(&field.parameter.description);
            let (argument, value) = field.argument();
            quote! {
                #(#docs)*
                pub fn #name(mut self, #name: #argument) -> Self {
                    self.operation.#name = ::std::option::Option::Some(#value);
                    self
                }
            }
        })
        .collect();
    if setters.is_empty() {
        return TokenStream::new();
    }
    quote! {
        impl #builder<operations::#type_name> {
            #(#setters)*
        }
    }
}
