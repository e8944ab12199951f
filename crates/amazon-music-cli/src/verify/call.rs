//! A planned call: the operation, its path, and its aim.

use amazon_music::{
    OperationInfo,
    browse::{Client, RawPath},
};

use super::allowed::{Allowed, say};

/// The page size that is asked for: small, and not a default.
pub(super) const PAGE: u64 = 2;

/// A call that is about to be sent.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: &'static OperationInfo,
    pub(super) path: RawPath,
    pub(super) aim: Aim,
    /// Whether the path is the other one that the documentation prints.
    pub(super) is_other_path: bool,
    /// The id in the path.
    pub(super) id: Option<String>,
}

impl Call {
    /// Makes a call at the documented path, or at the other one.
    pub(super) fn new(
        operation: &'static OperationInfo,
        aim: Aim,
        (path, is_other_path): (RawPath, bool),
        id: Option<&str>,
    ) -> Self {
        Self {
            operation,
            path,
            aim,
            is_other_path,
            id: id.map(str::to_owned),
        }
    }
}

/// The purpose of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// A first page of a known size.
    First,
    /// A first page of the service's own size.
    OwnSize,
    /// The page behind the cursor of the first.
    Next,
    /// An entity.
    Entity,
    /// A request that should be refused.
    Refusal(Refusal),
}

/// Why a request should be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    LimitOfZero,
    LimitAboveMaximum,
    MadeUpCursor,
    OldCursor,
    UnknownId,
    NoKey,
    NoToken,
}

impl Refusal {
    /// The request in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::LimitOfZero => "limit=0",
            Self::LimitAboveMaximum => "a limit above the maximum",
            Self::MadeUpCursor => "a made-up cursor",
            Self::OldCursor => "a cursor of an earlier recording",
            Self::UnknownId => "an unknown id",
            Self::NoKey => "no x-api-key",
            Self::NoToken => "no access token",
        }
    }

    /// The status that the documentation leads one to expect.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::LimitOfZero | Self::LimitAboveMaximum | Self::MadeUpCursor | Self::OldCursor => {
                400
            }
            Self::UnknownId => 404,
            Self::NoKey | Self::NoToken => 401,
        }
    }

    /// The client that sends it: some lack a credential.
    pub(super) fn client(self, client: &Client) -> Client {
        match self {
            Self::NoKey => client.without_security_profile(),
            Self::NoToken => client.without_token(),
            _ => client.clone(),
        }
    }
}

impl Aim {
    /// The request in words.
    pub(super) fn words(self) -> Allowed {
        match self {
            Self::First => say!("first page, limit=", PAGE),
            Self::OwnSize => say!("first page without a limit"),
            Self::Next => say!("the page behind its cursor, limit=", PAGE),
            Self::Entity => say!("the entity"),
            Self::Refusal(refusal) => say!("to be refused: ", refusal.words()),
        }
    }

    pub(super) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Refusal(refusal) => Some(refusal),
            _ => None,
        }
    }
}
