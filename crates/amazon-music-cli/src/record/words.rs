//! The words of the spec: all that a recording may show as it is.

use std::{collections::HashSet, sync::LazyLock};

use amazon_music::operations;
use serde_json::Value;

/// Names and values of the spec.
#[derive(Debug, Default)]
pub(super) struct Words {
    names: HashSet<String>,
    values: HashSet<String>,
    segments: HashSet<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let spec = serde_json::from_str(amazon_music_sandbox::openapi_json());
    let mut words = Words::default();
    words.collect(&spec.unwrap_or_default());
    let parameters = operations::ALL.iter().flat_map(|info| info.parameters);
    words
        .names
        .extend(parameters.map(|info| info.name.to_owned()));
    let paths = operations::ALL.iter().flat_map(|info| info.path.split('/'));
    words.segments = paths.filter(|segment| !segment.starts_with('{')).collect();
    words
});

impl Words {
    pub(super) fn get() -> &'static Self {
        &WORDS
    }

    /// Whether this is the name of a property or parameter.
    pub(super) fn is_name(&self, text: &str) -> bool {
        self.names.contains(text)
    }

    /// Whether this is a documented value.
    pub(super) fn is_value(&self, text: &str) -> bool {
        self.values.contains(text)
    }

    /// Whether this is a part of a path that is the same for everybody.
    pub(super) fn is_segment(&self, text: &str) -> bool {
        self.segments.contains(text)
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), value) {
                        ("properties", Value::Object(properties)) => {
                            self.names.extend(properties.keys().cloned());
                        }
                        ("enum" | "x-extensible-enum", Value::Array(values)) => {
                            let values = values.iter().filter_map(Value::as_str);
                            self.values.extend(values.map(str::to_owned));
                        }
                        _ => {}
                    }
                    self.collect(value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.collect(value)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_spec_are_known() {
        let words = Words::get();
        for name in [
            "data",
            "topTracks",
            "edges",
            "pageInfo",
            "token",
            "node",
            "id",
            "limit",
        ] {
            assert!(words.is_name(name), "{name}");
        }
        assert!(words.is_value("GENRE") && words.is_segment("browse"));
        assert!(!words.is_name("canary") && !words.is_value("canary"));
    }
}
