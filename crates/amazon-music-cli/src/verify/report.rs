//! The report of a run: all that may leave this machine, and nothing else.

use std::time::SystemTime;

use serde::Serialize;

use super::{
    allowed::{Allowed, say},
    difference::Told,
    facts::{Done, Facts},
    fields::{self, Object},
    questions::{Answered, answered},
    schema::version,
    setup::Setup,
};

/// A report. Its parts can hold nothing that a server sent, but for what [`Allowed`] lets through.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) tool: &'static str,
    pub(super) tool_version: &'static str,
    pub(super) spec_version: &'static str,
    pub(super) day: Allowed,
    /// Why the run ended early; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_early: Option<&'static str>,
    pub(super) setup: Setup,
    pub(super) requests: Requests,
    pub(super) agreements: u64,
    pub(super) differences: Vec<Told>,
    pub(super) questions: Vec<Answered>,
    pub(super) calls: Vec<ToldCall>,
    pub(super) statuses: Vec<Status>,
    pub(super) headers: Vec<Header>,
    pub(super) objects: Vec<Object>,
}

/// Numbers of requests.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Requests {
    /// Calls of the plan.
    pub(super) planned_calls: u64,
    /// Most requests that the plan allows.
    pub(super) at_most: u64,
    pub(super) calls: u64,
    pub(super) sent: u64,
}

/// A call that was sent. Sizes and times are rounded up to a power of two.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToldCall {
    pub(super) operation: &'static str,
    pub(super) aim: Allowed,
    pub(super) is_other_path: bool,
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<Allowed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<u64>,
    pub(super) throttled: u64,
    pub(super) bytes: u64,
    pub(super) millis: u64,
}

/// A status that is no success, and how often it came.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    pub(super) status: u64,
    pub(super) code: Allowed,
    pub(super) times: u64,
}

/// A header of interest.
#[derive(Debug, Serialize)]
pub(super) struct Header {
    pub(super) name: &'static str,
    pub(super) times: u64,
    pub(super) values: Allowed,
}

/// The plan that a run followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) calls: u64,
    pub(super) requests: u64,
}

impl Report {
    /// Makes the report of what was learned.
    pub(super) fn new(
        facts: Facts,
        setup: Setup,
        bounds: Bounds,
        ended_early: Option<&'static str>,
    ) -> Self {
        let differences = facts.all_differences();
        let header = |(name, times, values)| Header {
            name,
            times,
            values,
        };
        let statuses = facts.statuses().into_iter();
        let statuses = statuses.map(|((status, code), times)| Status {
            status,
            code,
            times,
        });
        Self {
            tool: "amazon-music verify",
            tool_version: env!("CARGO_PKG_VERSION"),
            spec_version: version(),
            day: Allowed::day(SystemTime::now()),
            ended_early,
            requests: Requests {
                planned_calls: bounds.calls,
                at_most: bounds.requests,
                calls: u64::try_from(facts.calls.len()).unwrap_or(u64::MAX),
                sent: facts.sent,
            },
            agreements: facts.agreements,
            differences: differences.told(),
            questions: answered(&facts, &setup),
            calls: facts.calls.iter().map(told).collect(),
            statuses: statuses.collect(),
            headers: facts.headers.told().map(header).collect(),
            objects: fields::objects(&facts.observed),
            setup,
        }
    }

    /// The report as JSON.
    pub(super) fn json(&self) -> String {
        // All of it can be written: names are strings, and no number is infinite.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The differences without their counts, which change from run to run.
    pub(super) fn keys(&self) -> Vec<String> {
        let differences = self.differences.iter();
        let keys = differences.map(|it| format!("{}  {}  {}", it.kind, it.pointer, it.found));
        keys.collect()
    }
}

fn told(done: &Done) -> ToldCall {
    ToldCall {
        operation: done.operation.id,
        aim: done.aim.words(),
        is_other_path: done.is_other_path,
        status: done.status,
        code: done.code.clone(),
        items: done.page.as_ref().and_then(|page| page.edges),
        throttled: done.throttled,
        bytes: done.bytes,
        millis: done.millis,
    }
}

impl Told {
    /// `mood, string (24 of 24)`.
    pub(super) fn counted(&self) -> Allowed {
        match self.of {
            0 | 1 => self.found.clone(),
            of => say!(self.found, " (", self.times, " of ", of, ")"),
        }
    }
}
