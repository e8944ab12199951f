//! Reports of answers that are not as documented, so that a change of the service is seen before it
//! hurts. Never a failure.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
};

use amazon_music_browse::{OPEN_VALUES, documented_only};
use serde_json::Value;

use crate::{
    decode::secrets::Secrets,
    error::redact::message,
    observe::names,
    operation::{Operation, OperationInfo},
    sync::lock,
};

/// Remembers what was reported: each kind once per operation, over all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    reported: Mutex<HashSet<(&'static str, &'static str)>>,
    /// How many answers of each operation came by.
    responses: Mutex<HashMap<&'static str, u64>>,
}

impl Drift {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn report(&self, info: &'static OperationInfo, what: &'static str, path: &str) {
        let mut reported = lock(&self.reported);
        if reported.insert((info.name, what)) {
            drop(reported);
            tracing::event!(
                target: names::DRIFT,
                tracing::Level::WARN,
                amazon_music.operation = info.name,
                amazon_music.unexpected = what,
                amazon_music.json_path = path,
                "the answer is not as documented"
            );
        }
    }

    /// Looks for fields and values that nobody told of. Costs as much as decoding again, so it is done
    /// only where somebody listens, and less and less often: on answers 1, 2, 4, 8 and so on.
    pub(crate) fn look<O: Operation>(&self, body: &[u8], secrets: &Secrets<'_>) {
        if !tracing::enabled!(target: names::DRIFT, tracing::Level::WARN) {
            return;
        }
        let turn = {
            let mut responses = lock(&self.responses);
            let count = responses.entry(O::INFO.name).or_default();
            *count += 1;
            count.is_power_of_two()
        };
        if !turn {
            return;
        }
        let (Ok(sent), Ok(understood)) = (
            serde_json::from_slice::<Value>(body),
            serde_json::from_slice::<O::Response>(body)
                .and_then(|response| documented_only(|| serde_json::to_value(&response))),
        ) else {
            return;
        };
        let mut path = Vec::new();
        compare(&sent, &understood, &mut path, &mut |what, path| {
            // The names of fields come from the server as well.
            self.report(&O::INFO, what, &message(path, &secrets.list()));
        });
    }
}

/// Walks both trees side by side, and tells of what only the first one has.
fn compare<'a>(
    sent: &'a Value,
    understood: &Value,
    path: &mut Vec<&'a str>,
    tell: &mut impl FnMut(&'static str, &str),
) {
    match (sent, understood) {
        (Value::Object(sent), Value::Object(understood)) => {
            for (name, value) in sent {
                path.push(name);
                match understood.get(name) {
                    // An absent value and an empty list are not written back.
                    None if is_nothing(value) => {}
                    None => tell("unknown field", &path.join(".")),
                    Some(known) => {
                        if is_unknown(name, value) {
                            tell("unknown value", &path.join("."));
                        }
                        compare(value, known, path, tell);
                    }
                }
                path.pop();
            }
        }
        (Value::Array(sent), Value::Array(understood)) => {
            for (sent, understood) in sent.iter().zip(understood) {
                compare(sent, understood, path, tell);
            }
        }
        _ => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn is_unknown(name: &str, value: &Value) -> bool {
    let known = OPEN_VALUES.iter().find(|(property, _)| *property == name);
    match (known, value.as_str()) {
        (Some((_, known)), Some(value)) => !known.contains(&value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sent: &str, understood: &str) -> Vec<String> {
        let read = |text| serde_json::from_str(text).unwrap();
        let (sent, understood): (Value, Value) = (read(sent), read(understood));
        let mut told = Vec::new();
        compare(&sent, &understood, &mut Vec::new(), &mut |what, path| {
            told.push(format!("{what} {path}"));
        });
        told
    }

    #[test]
    fn unknown_fields_and_values_are_told_and_nothing_else() {
        let sent = r#"{"a":[{"id":"1","new":5,"empty":[],"null":null,"categoryType":"MOOD"}]}"#;
        let understood = r#"{"a":[{"id":"1","categoryType":"MOOD"}]}"#;
        assert_eq!(
            told(sent, understood),
            ["unknown value a.categoryType", "unknown field a.new"]
        );
        assert!(told(understood.replace("MOOD", "GENRE").as_str(), understood).is_empty());
    }
}
