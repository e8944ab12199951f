//! The failure of a command as one object of JSON, for programs.

use std::time::SystemTime;

use amazon_music::{Error, types::ErrorPayload};
use serde::Serialize;

use crate::failure::Failure;

/// A failure, with what its error offers. What is not known is left out.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    kind: String,
    message: String,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a ErrorPayload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_transient: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// The failure as one line of JSON.
pub(crate) fn json(failure: &Failure) -> String {
    let mut report = of(failure);
    report.message = failure.to_string();
    report.exit_code = failure.exit_code();
    text(&report)
}

fn text(report: &Report<'_>) -> String {
    serde_json::to_string(report).unwrap_or_else(|error| error.to_string())
}

fn of(failure: &Failure) -> Report<'_> {
    match failure {
        Failure::Call(error) => of_call(error),
        Failure::Interrupted(reason) => of(reason),
        Failure::Command { hint, failure, .. } => {
            let report = of(failure);
            Report {
                hint: hint.as_deref().or(report.hint),
                ..report
            }
        }
        Failure::Login(error) | Failure::Unwritable(error) => Report {
            code: error.code(),
            reference: error.request_id(),
            is_transient: Some(error.is_transient()),
            retry_at: error.retry_at().map(moment),
            ..of_kind("Login")
        },
        Failure::Usage(_) | Failure::Id(_) => of_kind("Usage"),
        Failure::Credentials(_) => of_kind("Credentials"),
        Failure::ClosedPipe | Failure::Output(_) => of_kind("Output"),
        Failure::Io { .. } => of_kind("Io"),
        Failure::Filter(_) => of_kind("Filter"),
        Failure::Stopped(_) => of_kind("Stopped"),
        Failure::Differs { .. } => of_kind("Differs"),
        Failure::EndedEarly { .. } => of_kind("EndedEarly"),
        Failure::Incomplete { .. } | Failure::CutShort(_) => of_kind("Incomplete"),
    }
}

fn of_kind(kind: &str) -> Report<'_> {
    Report {
        kind: kind.to_owned(),
        ..Report::default()
    }
}

fn of_call(error: &Error) -> Report<'_> {
    Report {
        kind: format!("{:?}", error.kind()),
        operation: error.operation(),
        status: error.status(),
        code: error.api_code().map(|code| code.as_str()),
        reference: error.reference(),
        url: error.url(),
        payload: error.payload(),
        json_path: error.json_path(),
        attempts: Some(error.attempts()),
        is_transient: Some(error.is_transient()),
        retry_at: error.retry_at().map(moment),
        hint: error.hint(),
        ..Report::default()
    }
}

fn moment(at: SystemTime) -> String {
    humantime::format_rfc3339_seconds(at).to_string()
}
