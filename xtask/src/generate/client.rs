//! `crates/amazon-music-browse/src/generated.rs`: progenitor's output with the changes of the passes.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl, TypePatch};
use quote::quote;

use super::{passes, pretty, tables, values};
use crate::spec::{Spec, snake_case};

/// Components with a hand-written Rust type in `amazon-music-browse`.
///
/// `ErrorStatus` is a string in the sample of Amazon's documentation and a number in its description. The
/// spec says string; the Rust type accepts both.
const HAND_WRITTEN: [(&str, &str); 1] = [("ErrorStatus", "crate::ErrorStatus")];

/// Renders the client, without its banner.
pub(super) fn render(spec: &Spec) -> Result<String> {
    let values = values::values(spec)?;
    let tokens = Generator::new(&settings(spec, &values)?)
        .generate_tokens(&spec.document)
        .context("progenitor rejects the spec")?;
    let mut file: syn::File = syn::parse2(tokens).context("progenitor's output does not parse")?;

    let operations = spec.operations()?;
    let count = operations.len();
    let by_method: BTreeMap<String, _> = operations
        .iter()
        .map(|operation| (snake_case(&operation.id), operation))
        .collect();
    passes::drop_struct_builders(&mut file)?;
    passes::drop_default_constructor(&mut file)?;
    passes::drop_prelude(&mut file)?;
    passes::drop_hooks(&mut file)?;
    passes::drop_api_version(&mut file, count)?;
    passes::read_bodies_bounded(&mut file, count)?;
    passes::report_rejected_values(&mut file, &operations)?;
    passes::box_parts(&mut file)?;
    passes::keep_unknown_fields(&mut file)?;
    passes::add_constructors(&mut file)?;
    passes::add_values(&mut file, &values)?;
    passes::document_structs(&mut file)?;
    passes::document_fields(&mut file)?;
    passes::document_methods(&mut file, &by_method)?;
    passes::document_builders(&mut file, &by_method)?;
    passes::make_requests(&mut file, &operations)?;
    passes::decode_generically(&mut file, count)?;
    passes::mark_must_use(&mut file, count)?;
    passes::append(&mut file, tables::open_values(spec))?;
    passes::append(&mut file, tables::operations(spec, &operations)?)?;
    Ok(pretty::print(file))
}

fn settings(spec: &Spec, values: &[values::Value]) -> Result<GenerationSettings> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_inner_type(quote!(crate::RequestSettings))
        .with_derive("PartialEq");
    for (name, path) in HAND_WRITTEN {
        if spec.component(name).is_none() {
            bail!("{name}: replaced by {path}, but the spec has no such component");
        }
        settings.with_replacement(name, path, no_impls());
    }
    for value in values {
        let path = format!("crate::types::{}", value.name);
        settings.with_replacement(&value.name, path, no_impls());
    }
    for (name, _) in spec.components() {
        let mut patch = TypePatch::default();
        patch.with_attr("#[non_exhaustive]");
        patch.with_attr("#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema))]");
        settings.with_patch(name, &patch);
    }
    Ok(settings)
}

fn no_impls() -> std::iter::Empty<TypeImpl> {
    std::iter::empty()
}
