//! Differences between the service and the spec, and the setting that settles each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{allowed::Allowed, provenance};

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Clock,
    NotCalled,
    NoResponse,
    TokenRefused,
    OtherPath,
    Refused,
    NotFound,
    Failed,
    Status,
    RateLimited,
    NotJson,
    ErrorBody,
    MediaType,
    Envelope,
    NoPayload,
    Type,
    Null,
    UnknownField,
    MissingField,
    UnknownValue,
    PageSize,
    EdgeCount,
    NoCursor,
    CursorRefused,
    CursorIgnored,
    OtherId,
    ErrorStatus,
    Accepted,
    RefusedOtherwise,
}

impl Kind {
    /// The name in reports. It stays the same over releases.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::NotCalled => "not-called",
            Self::NoResponse => "no-response",
            Self::TokenRefused => "token-refused",
            Self::OtherPath => "other-path",
            Self::Refused => "refused",
            Self::NotFound => "not-found",
            Self::Failed => "failed",
            Self::Status => "status",
            Self::RateLimited => "rate-limited",
            Self::NotJson => "not-json",
            Self::ErrorBody => "error-body",
            Self::MediaType => "media-type",
            Self::Envelope => "envelope",
            Self::NoPayload => "no-payload",
            Self::Type => "type",
            Self::Null => "null",
            Self::UnknownField => "unknown-field",
            Self::MissingField => "missing-field",
            Self::UnknownValue => "unknown-value",
            Self::PageSize => "page-size",
            Self::EdgeCount => "edge-count",
            Self::NoCursor => "no-cursor",
            Self::CursorRefused => "cursor-refused",
            Self::CursorIgnored => "cursor-ignored",
            Self::OtherId => "other-id",
            Self::ErrorStatus => "error-status",
            Self::Accepted => "accepted",
            Self::RefusedOtherwise => "refused-otherwise",
        }
    }

    /// The setting that settles it, or what the clients do about it.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Self::Clock => "set the clock of this machine",
            Self::NotCalled => "none: run it again once its ids are there",
            Self::TokenRefused => "none: the clients refresh the token, and send the request again",
            Self::NoResponse => "check --timeout, the network and the proxy; the clients retry it",
            Self::OtherPath => {
                "AMAZON_MUSIC_REWRITE_PATH=/browse/categories=/browse/browse/categories; in Rust, `rewrite_path`"
            }
            Self::Refused => {
                "none here: Amazon enables a security profile for Amazon Music; the login needs scope music::catalog"
            }
            Self::NotFound => "AMAZON_MUSIC_REWRITE_PATH, once the right path is known; --base-url",
            Self::Failed => "none: the clients retry what may pass, and fail with the error",
            Self::Status => "none: the clients fail with the status",
            Self::RateLimited => "--rate; without it the clients learn the rate",
            Self::NotJson => "--base-url or --proxy, if a gateway responds in place of the service",
            Self::ErrorBody => {
                "none: the clients fail with the status; a gateway may have responded"
            }
            Self::MediaType => "none: the clients read the body whatever its media type",
            Self::Envelope => "none: the clients read it there too",
            Self::NoPayload => "none: the clients fail, and never take it for an empty list",
            Self::Type => {
                "none: the clients read other types leniently, or skip the item with a warning"
            }
            Self::Null => "none: the clients read null as absent",
            Self::UnknownField => {
                "none: kept as `extra`, and printed with --fields, json and ndjson"
            }
            Self::MissingField => "none: the clients skip the item with a warning",
            Self::UnknownValue => "none: the clients keep values that they do not know",
            Self::PageSize => "--page-size; the clients never count on a size",
            Self::EdgeCount => "none: the clients count the edges",
            Self::NoCursor => "none: the clients use the cursor of the last edge, or fail",
            Self::CursorRefused => "none: a list must be read anew; --resume cannot go on",
            Self::CursorIgnored => "none: the clients stop if a cursor comes twice",
            Self::OtherId => "none",
            Self::ErrorStatus => "none: the clients use the status of HTTP",
            Self::Accepted => "none: the clients refuse it themselves if they can",
            Self::RefusedOtherwise => "none: the clients tell errors by status and code",
        }
    }
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    pub(super) kind: Kind,
    /// The place in the spec.
    pub(super) pointer: Allowed,
    pub(super) found: Allowed,
}

/// Differences, and how often each was seen, of how many times that it could have been.
#[derive(Clone, Debug, Default)]
pub(super) struct Differences(BTreeMap<Difference, (u64, u64)>);

/// A difference as it stands in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) pointer: Allowed,
    pub(super) found: Allowed,
    pub(super) times: u64,
    pub(super) of: u64,
    pub(super) setting: &'static str,
    /// The row of openapi/provenance.md: the page, and the pointer.
    pub(super) provenance: Allowed,
}

impl Differences {
    /// Adds one that was seen once.
    pub(super) fn add(&mut self, kind: Kind, pointer: Allowed, found: Allowed) {
        let (times, of) = self.seen(kind, pointer, found);
        *times = times.saturating_add(1);
        *of = of.saturating_add(1);
    }

    /// Adds a part of what was seen `of` times at one place.
    pub(super) fn add_part(
        &mut self,
        kind: Kind,
        pointer: Allowed,
        found: Allowed,
        part: (u64, u64),
    ) {
        let (times, of) = self.seen(kind, pointer, found);
        *times = times.saturating_add(part.0);
        *of = part.1;
    }

    fn seen(&mut self, kind: Kind, pointer: Allowed, found: Allowed) -> &mut (u64, u64) {
        let difference = Difference {
            kind,
            pointer,
            found,
        };
        self.0.entry(difference).or_default()
    }

    /// All of them, by kind and place.
    pub(super) fn told(&self) -> Vec<Told> {
        let told = |(difference, (times, of)): (&Difference, &(u64, u64))| Told {
            kind: difference.kind.name(),
            pointer: difference.pointer.clone(),
            found: difference.found.clone(),
            times: *times,
            of: *of,
            setting: difference.kind.setting(),
            provenance: provenance::row(&difference.pointer),
        };
        self.0.iter().map(told).collect()
    }
}
