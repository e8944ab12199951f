//! Codes, grants and revocations that a sandbox remembers while it runs.

use std::{
    collections::{HashMap, HashSet},
    time::SystemTime,
};

use crate::lwa::token::Claims;

/// A grant of a user to a client.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) user: String,
    pub(super) scope: String,
}

/// An authorization code that was not redeemed yet.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    /// PKCE challenge and its method.
    pub(super) challenge: Option<(String, String)>,
    pub(super) end: SystemTime,
}

/// A code pair of a device.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) device_code: String,
    pub(super) client: String,
    pub(super) scope: String,
    pub(super) decision: Decision,
    pub(super) polled_at: Option<SystemTime>,
    pub(super) end: SystemTime,
}

/// The decision of the user.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    Pending,
    Allowed(String),
    Denied,
}

/// A moment of invalidation: every token issued before it is invalid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) time: u64,
    pub(super) number: u64,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) codes: HashMap<String, Code>,
    pub(super) pairs: HashMap<String, Pair>,
    /// Refresh tokens that were rotated out, by origin and number.
    pub(super) used: HashSet<(u64, u64)>,
    pub(super) expired: Option<Mark>,
    pub(super) revoked: HashMap<String, Mark>,
}

impl Memory {
    pub(super) fn has_revoked(&self, claims: &Claims, origin: u64) -> bool {
        let mark = self.revoked.get(&claims.user);
        mark.is_some_and(|mark| mark.is_after(claims, origin))
    }
}

impl Mark {
    /// Whether the token was issued before this moment: compared by number if this sandbox issued it, by time if
    /// another did.
    pub(super) fn is_after(&self, claims: &Claims, origin: u64) -> bool {
        if claims.origin == origin {
            claims.number <= self.number
        } else {
            claims.issued_at <= self.time
        }
    }
}
