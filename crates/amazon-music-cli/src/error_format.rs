//! The format of errors.

use std::ffi::OsString;

use clap::ValueEnum;
use serde_json::json;

/// Format of errors on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    /// One line for people
    #[default]
    Text,
    /// One JSON object on one line: kind, message, exitCode, and operation, status, code, retryAt if known
    Json,
}

impl ErrorFormat {
    /// Looks for the flag among arguments that could not be parsed.
    pub(crate) fn of_unparsed(arguments: impl Iterator<Item = OsString>) -> Self {
        let mut is_value = false;
        let flags = arguments.take_while(|argument| argument != "--");
        let is_json = flags.into_iter().any(|argument| {
            let is_json = argument == "--error-format=json" || (is_value && argument == "json");
            is_value = argument == "--error-format";
            is_json
        });
        if is_json { Self::Json } else { Self::Text }
    }
}

/// Wrong arguments as one line of JSON.
pub(crate) fn usage(message: &str) -> String {
    json!({"kind": "Usage", "message": message, "exitCode": 2}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_among_arguments_that_are_wrong() {
        let found = |text: &str| ErrorFormat::of_unparsed(text.split(' ').map(OsString::from));
        for text in [
            "--error-format json nonsense",
            "top --no-such --error-format=json",
        ] {
            assert_eq!(found(text), ErrorFormat::Json, "{text}");
        }
        for text in ["json", "--error-format text json", "-- --error-format=json"] {
            assert_eq!(found(text), ErrorFormat::Text, "{text}");
        }
    }
}
