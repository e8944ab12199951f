//! `crates/amazon-music-browse/src/generated.rs`: progenitor's output, made fit to depend on.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use progenitor::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl, TypePatch,
};
use quote::quote;

use crate::{passes, spec::Spec, values};

/// Components whose Rust type is written by hand in `amazon-music-browse`, with the reason.
///
/// `ErrorStatus` is a string in the documentation's sample and a number by its description; the
/// document says string, the Rust type takes both.
const HAND_WRITTEN: [(&str, &str); 1] = [("ErrorStatus", "crate::ErrorStatus")];

/// Makes the text of the generated client, without its banner.
pub fn render(spec: &Spec) -> Result<String> {
    let values = values::values(spec)?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::RequestSettings))
        .with_derive("PartialEq");
    for (name, path) in HAND_WRITTEN {
        if spec.component(name).is_none() {
            bail!("{name}: replaced by {path}, but the document has no such component");
        }
        settings.with_replacement(name, path, no_impls());
    }
    for value in &values {
        let path = format!("crate::types::{}", value.name);
        settings.with_replacement(&value.name, path, no_impls());
    }
    for (name, _) in spec.components() {
        let mut patch = TypePatch::default();
        patch.with_attr("#[non_exhaustive]");
        patch.with_attr("#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema))]");
        settings.with_patch(name, &patch);
    }
    let tokens = Generator::new(&settings)
        .generate_tokens(&spec.document)
        .context("progenitor refused the document")?;
    let mut file: syn::File = syn::parse2(tokens).context("progenitor's output does not parse")?;

    let operations = spec.operations()?;
    let by_method: BTreeMap<String, _> = operations
        .iter()
        .map(|operation| (crate::spec::snake_case(&operation.id), operation))
        .collect();
    passes::drop_struct_builders(&mut file)?;
    passes::drop_default_constructor(&mut file)?;
    passes::drop_prelude(&mut file)?;
    passes::drop_api_version(&mut file, operations.len())?;
    passes::read_bodies_ourselves(&mut file, operations.len())?;
    passes::say_why_a_value_is_refused(&mut file, &operations)?;
    passes::add_constructors(&mut file)?;
    passes::add_values(&mut file, &values)?;
    passes::document_structs(&mut file)?;
    passes::document_fields(&mut file)?;
    passes::document_methods(&mut file, &by_method)?;
    passes::document_builders(&mut file, &by_method)?;
    passes::parse_urls_once(&mut file, operations.len())?;
    passes::allocate_headers_late(&mut file, operations.len())?;
    passes::decode_as_asked(&mut file, operations.len())?;
    passes::insist_on_use(&mut file, operations.len())?;
    Ok(prettyplease::unparse(&file))
}

fn no_impls() -> std::iter::Empty<TypeImpl> {
    std::iter::empty()
}
