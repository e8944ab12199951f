//! `crates/amazon-music/src/generated.rs`: one request type per operation, from the document alone.
//!
//! What a list needs to be paged through is told by its `x-pagination`; what a single answer needs to
//! be unwrapped, by its `x-entity`. The generic code behind is written by hand in `amazon-music`.

use anyhow::{Context, Result, bail, ensure};
use openapiv3::{SchemaKind, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::{
    passes::{doc_lines, operation_docs},
    spec::{
        Kind, Operation, Parameter, Place, Property, Shape, Spec, component_name, snake_case,
        upper_camel_case,
    },
};

/// Makes the text of the request types, without its banner.
pub fn render(spec: &Spec) -> Result<String> {
    let mut constructors = Vec::new();
    let mut setters = Vec::new();
    let mut types = Vec::new();
    let mut names = Vec::new();
    for operation in spec.operations()? {
        let request = Request::new(spec, &operation)
            .with_context(|| format!("the request type of {}", operation.id))?;
        constructors.push(request.constructor()?);
        setters.push(request.setters());
        types.push(request.operation_type()?);
        names.push(request.type_name.clone());
    }
    let open_values = open_values(spec);
    let file: syn::File = syn::parse2(quote! {
        use crate::{AmazonMusic, Get, List};

        impl AmazonMusic {
            #(#constructors)*
        }

        #(#setters)*

        /// The properties that hold open values, with the values that the document lists.
        #[cfg(feature = "tracing")]
        pub(crate) const OPEN_VALUES: &[(&str, &[&str])] = &[#(#open_values),*];

        /// One type per operation: what [`List`] and [`Get`] are requests of.
        ///
        /// They are made by the methods of [`AmazonMusic`], and named where a request, a stream or a
        /// page is stored.
        pub mod operations {
            use amazon_music_browse::{Client, types};

            use crate::connection::Found;
            use crate::operation::{
                EntityOperation, ListInfo, ListOperation, Operation, OperationInfo,
                PageRequest, Reply, check_id, sealed::Sealed,
            };

            /// All operations, in the order of the document.
            pub const ALL: &[&OperationInfo] = &[#(&#names::INFO),*];

            #(#types)*
        }
    })
    .context("the request types do not parse")?;
    Ok(prettyplease::unparse(&file))
}

/// Each property whose component has an `x-extensible-enum`, unless its name stands for something else
/// elsewhere: `code` is that of an error and that of a territory.
fn open_values(spec: &Spec) -> Vec<TokenStream> {
    let mut found = std::collections::BTreeMap::new();
    for (_, schema) in spec.components() {
        let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
            continue;
        };
        for (property, schema) in &object.properties {
            let name = component_name(&schema.clone().unbox());
            let is_open = |name: &String| {
                spec.component(name).is_some_and(|schema| {
                    schema
                        .schema_data
                        .extensions
                        .contains_key("x-extensible-enum")
                })
            };
            let name = name.filter(is_open);
            let known = found
                .entry(property.clone())
                .or_insert_with(|| name.clone());
            if *known != name {
                *known = None;
            }
        }
    }
    found
        .into_iter()
        .filter_map(|(property, name)| Some((property, format_ident!("{}", name?))))
        .map(|(property, name)| quote!((#property, amazon_music_browse::types::#name::KNOWN)))
        .collect()
}

struct Request<'a> {
    spec: &'a Spec,
    operation: &'a Operation,
    /// What the request type is called: `CategoryTracks`.
    type_name: Ident,
    /// What its method is called: `category_tracks`.
    method: Ident,
    /// What makes up one request type: all but the page and the optional headers, which the companion
    /// sets for all calls.
    own: Vec<&'a Parameter>,
}

impl<'a> Request<'a> {
    fn new(spec: &'a Spec, operation: &'a Operation) -> Result<Self> {
        let is_list = matches!(operation.shape, Shape::List(_));
        let mut own = Vec::new();
        for parameter in &operation.parameters {
            match (parameter.place, parameter.name.as_str()) {
                (Place::Header, name) if parameter.required => {
                    bail!("{name}: headers are set for all calls: make it optional")
                }
                (Place::Header, _) => {}
                (Place::Query, "limit" | "cursor") if is_list => {}
                _ => own.push(parameter),
            }
        }
        Ok(Self {
            spec,
            operation,
            type_name: format_ident!("{}", upper_camel_case(&operation.noun())),
            method: format_ident!("{}", snake_case(&operation.noun())),
            own,
        })
    }

    fn handle(&self) -> Ident {
        match self.operation.shape {
            Shape::List(_) => format_ident!("List"),
            Shape::Entity(_) => format_ident!("Get"),
        }
    }

    /// The method of `AmazonMusic`.
    fn constructor(&self) -> Result<TokenStream> {
        let Self {
            type_name, method, ..
        } = self;
        let handle = self.handle();
        let docs = doc_lines(&self.method_docs()?);
        let (parameters, fields): (Vec<_>, Vec<_>) = self
            .own
            .iter()
            .map(|parameter| {
                let name = field_name(parameter);
                let (argument, value) = argument(parameter);
                if parameter.required {
                    (Some(quote!(#name: #argument)), quote!(#name: #value))
                } else {
                    (None, quote!(#name: ::std::option::Option::None))
                }
            })
            .unzip();
        let parameters = parameters.into_iter().flatten();
        Ok(quote! {
            #(#docs)*
            pub fn #method(&self, #(#parameters),*) -> #handle<operations::#type_name> {
                #handle::new(self.clone(), operations::#type_name { #(#fields),* })
            }
        })
    }

    fn method_docs(&self) -> Result<String> {
        let arguments: Vec<String> = self
            .own
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| match (&parameter.example, &parameter.kind) {
                (Some(example), _) => example.to_string(),
                (None, Kind::Text) => "\"value\"".to_owned(),
                (None, _) => "1".to_owned(),
            })
            .collect();
        let call = format!("music.{}({})", self.method, arguments.join(", "));
        let example = match &self.operation.shape {
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
            operation_docs(self.operation)?
        ))
    }

    /// Setters for the optional parameters that are this operation's own.
    fn setters(&self) -> TokenStream {
        let Self { type_name, .. } = self;
        let handle = self.handle();
        let setters: Vec<_> = self
            .own
            .iter()
            .filter(|parameter| !parameter.required)
            .map(|parameter| {
                let name = field_name(parameter);
                let docs = doc_lines(&parameter.description);
                let (argument, value) = argument(parameter);
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
            impl #handle<operations::#type_name> {
                #(#setters)*
            }
        }
    }

    /// The type itself, and what the generic code asks of it.
    fn operation_type(&self) -> Result<TokenStream> {
        let Self {
            operation,
            type_name,
            ..
        } = self;
        let docs = doc_lines(&format!(
            "{}. See [`AmazonMusic::{}`](crate::AmazonMusic::{}).",
            operation.summary, self.method, self.method
        ));
        let fields = self.own.iter().map(|parameter| {
            let name = field_name(parameter);
            let ty = field_type(parameter);
            if parameter.required {
                quote!(pub(crate) #name: #ty)
            } else {
                quote!(pub(crate) #name: ::std::option::Option<#ty>)
            }
        });
        let (id, path) = (&operation.id, &operation.path);
        let url = operation.docs_url.as_deref().unwrap_or_default();
        let call = format_ident!("{}", snake_case(id));
        let call_text = call.to_string();
        let answer = format_ident!("{}", operation.answer);
        let checks = self.checks();
        let parameters = self.own.iter().map(|parameter| {
            let (wire, name) = (&parameter.name, field_name(parameter));
            if parameter.required {
                quote!(::std::option::Option::Some((#wire, self.#name.to_string())))
            } else {
                quote!(self.#name.as_ref().map(|value| (#wire, value.to_string())))
            }
        });
        let collect = if self.own.is_empty() {
            quote!(::std::vec::Vec::new())
        } else {
            quote!([#(#parameters),*].into_iter().flatten().collect())
        };
        let set = self.own.iter().map(|parameter| {
            let name = field_name(parameter);
            if parameter.required {
                let value = match parameter.kind {
                    Kind::Text => quote!(self.#name.as_str()),
                    _ => quote!(self.#name),
                };
                quote!(request = request.#name(#value);)
            } else {
                let value = match parameter.kind {
                    Kind::Text => quote!(value.as_str()),
                    _ => quote!(*value),
                };
                quote!(if let ::std::option::Option::Some(value) = &self.#name {
                    request = request.#name(#value);
                })
            }
        });
        let set: Vec<_> = set.collect();
        let shape = match &operation.shape {
            Shape::List(list) => {
                let item = format_ident!("{}", list.item);
                let segments: Vec<&str> = list.connection.split('.').collect();
                self.check_connection(&segments, &list.item)?;
                let (maximum, default) = self.limits()?;
                quote! {
                    impl ListOperation for #type_name {
                        type Item = types::#item;
                        const LIST: ListInfo = ListInfo {
                            max_limit: #maximum,
                            default_limit: #default,
                            connection: &[#(#segments),*],
                        };
                        async fn fetch(&self, client: Client, page: PageRequest) -> Reply<Found<Self>> {
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
                }
            }
            Shape::Entity(entity) => {
                let item = format_ident!("{}", entity.item);
                let segments: Vec<&str> = entity.path.split('.').collect();
                let found = self.follow(&segments)?;
                ensure!(
                    found.1 == entity.item,
                    "{} is a {}, not a {}",
                    entity.path,
                    found.1,
                    entity.item
                );
                let unwrap = found.0;
                quote! {
                    impl EntityOperation for #type_name {
                        type Output = types::#item;
                        const ENTITY: &'static [&'static str] = &[#(#segments),*];
                        async fn fetch(&self, client: Client) -> Reply<Self::Answer> {
                            let mut request = client.#call();
                            #(#set)*
                            request.send().await
                        }
                        fn into_output(answer: Self::Answer) -> ::std::option::Option<Self::Output> {
                            #unwrap
                        }
                    }
                }
            }
        };
        Ok(quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            pub struct #type_name { #(#fields),* }

            impl Sealed for #type_name {}

            impl Operation for #type_name {
                type Answer = types::#answer;
                const INFO: OperationInfo = OperationInfo {
                    id: #id,
                    name: #call_text,
                    path: #path,
                    documentation: #url,
                };
                fn check(&self) -> ::std::result::Result<(), crate::Error> {
                    #(#checks)*
                    ::std::result::Result::Ok(())
                }
                fn parameters(&self) -> ::std::vec::Vec<(&'static str, ::std::string::String)> {
                    #collect
                }
            }

            #shape
        })
    }

    /// Ids are checked before anything is sent.
    fn checks(&self) -> Vec<TokenStream> {
        self.own
            .iter()
            .filter(|parameter| parameter.place == Place::Path)
            .filter_map(|parameter| {
                let component = format_ident!("{}", parameter.component.as_ref()?);
                let (wire, name) = (&parameter.name, field_name(parameter));
                Some(quote! {
                    check_id::<types::#component>(&Self::INFO, #wire, &self.#name)?;
                })
            })
            .collect()
    }

    fn limits(&self) -> Result<(u32, u32)> {
        self.operation
            .parameters
            .iter()
            .find_map(|parameter| match parameter.kind {
                Kind::Bounded {
                    maximum, default, ..
                } if parameter.name == "limit" => Some((maximum, default)),
                _ => None,
            })
            .context("a list has a bounded `limit`")
    }

    /// Code for the optional field at the end of a dotted path, and the component it holds.
    fn follow(&self, segments: &[&str]) -> Result<(TokenStream, String)> {
        let mut component = self.operation.answer.clone();
        let mut code = quote!(::std::option::Option::Some(answer));
        for (depth, segment) in segments.iter().enumerate() {
            let Some(Property::Component(next)) = self.spec.property(&component, segment) else {
                bail!("{component} has no property `{segment}` that is a named object");
            };
            let field = format_ident!("{}", snake_case(segment));
            code = match depth {
                0 => quote!(answer.#field),
                _ => quote!(#code?.#field),
            };
            component = next;
        }
        Ok((code, component))
    }

    /// Refuses what the companion could not read as one page of a list.
    fn check_connection(&self, segments: &[&str], item: &str) -> Result<()> {
        let (_, connection) = self.follow(segments)?;
        let Some(Property::ArrayOf(edge)) = self.spec.property(&connection, "edges") else {
            bail!("{connection} has no array `edges`");
        };
        let node = self.spec.property(&edge, "node");
        ensure!(
            node == Some(Property::Component(item.to_owned())),
            "the `node` of {edge} is not a {item}"
        );
        for (component, property) in [
            (&connection, "pageInfo"),
            (&connection, "edgeCount"),
            (&edge, "cursor"),
        ] {
            ensure!(
                self.spec.property(component, property).is_some(),
                "{component} has no `{property}`"
            );
        }
        Ok(())
    }
}

fn field_name(parameter: &Parameter) -> Ident {
    format_ident!("{}", snake_case(&parameter.name))
}

fn field_type(parameter: &Parameter) -> TokenStream {
    match parameter.kind {
        Kind::Text => quote!(::std::string::String),
        Kind::Boolean => quote!(bool),
        Kind::Integer => quote!(i64),
        Kind::Bounded { .. } => quote!(u32),
    }
}

/// The type of an argument, and the value it is stored as.
fn argument(parameter: &Parameter) -> (TokenStream, TokenStream) {
    let name = field_name(parameter);
    match parameter.kind {
        Kind::Text => (
            quote!(impl ::std::convert::Into<::std::string::String>),
            quote!(#name.into()),
        ),
        _ => (field_type(parameter), quote!(#name)),
    }
}
