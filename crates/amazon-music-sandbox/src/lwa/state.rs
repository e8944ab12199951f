//! What this sandbox has granted, and to whom it has taken it away again.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use super::token::{Claims, Kind};
use crate::{IssuedTokens, catalog::mix, clock::Clock};

/// How long an authorization code is good.
const CODE_LIFETIME: Duration = Duration::from_secs(300);

/// How long a device's code is good, as in the documentation's sample.
pub(super) const PAIR_LIFETIME: Duration = Duration::from_secs(600);

/// How logins go here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// How long access tokens are good.
    pub(crate) token_lifetime: Duration,
    /// Whether each renewal brings a new refresh token and ends the old one.
    pub(crate) rotates: bool,
    /// How long a device must wait between two questions.
    pub(crate) device_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_secs(3600),
            rotates: false,
            device_interval: Duration::from_secs(5),
        }
    }
}

/// Who was granted what.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) user: String,
    pub(super) scope: String,
}

/// An authorization code that was not used yet.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    /// The challenge and its method.
    pub(super) challenge: Option<(String, String)>,
    end: SystemTime,
}

/// The codes of a device.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) device_code: String,
    pub(super) client: String,
    pub(super) scope: String,
    pub(super) decision: Decision,
    pub(super) asked_at: Option<SystemTime>,
    pub(super) end: SystemTime,
}

/// What the user said.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    Pending,
    Allowed(String),
    Denied,
}

/// A moment in what was issued: everything before it is over.
#[derive(Clone, Copy, Debug)]
struct Mark {
    time: u64,
    number: u64,
}

/// Login with Amazon, as far as this sandbox remembers.
#[derive(Debug)]
pub(crate) struct Login {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    origin: u64,
    issued: AtomicU64,
    renewals: AtomicU64,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    codes: HashMap<String, Code>,
    pub(super) pairs: HashMap<String, Pair>,
    /// Refresh tokens that were used up, by origin and number.
    used: HashSet<(u64, u64)>,
    expired: Option<Mark>,
    revoked: HashMap<String, Mark>,
}

impl Login {
    pub(crate) fn new(settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let started = started.unwrap_or_default().as_nanos() as u64;
        Self {
            settings,
            clock,
            origin: mix(started ^ u64::from(std::process::id()).rotate_left(32)),
            issued: AtomicU64::new(0),
            renewals: AtomicU64::new(0),
            memory: Mutex::default(),
        }
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self) -> u64 {
        self.issued.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Text that was not given out before.
    pub(super) fn fresh_code(&self) -> String {
        format!("{:016x}", self.fresh_number())
    }

    /// Six letters and digits that nobody mistakes for others.
    pub(super) fn fresh_user_code(&self) -> String {
        const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";
        let mut number = self.fresh_number() as usize;
        let pick = |_| {
            let letter = LETTERS[number % LETTERS.len()];
            number /= LETTERS.len();
            char::from(letter)
        };
        (0..6).map(pick).collect()
    }

    fn fresh_number(&self) -> u64 {
        mix(self.origin ^ mix(self.number()))
    }

    fn sign(&self, kind: Kind, grant: &Grant) -> String {
        let now = self.clock.now();
        let end = (kind == Kind::Access).then(|| millis(now + self.settings.token_lifetime));
        let claims = Claims {
            kind,
            client: grant.client.clone(),
            user: grant.user.clone(),
            scope: grant.scope.clone(),
            issued_at: millis(now),
            expires_at: end,
            origin: self.origin,
            number: self.number(),
        };
        claims.signed()
    }

    pub(crate) fn issue(&self, client: &str, user: &str, scope: &str) -> IssuedTokens {
        let grant = Grant {
            client: client.to_owned(),
            user: user.to_owned(),
            scope: scope.to_owned(),
        };
        IssuedTokens {
            access_token: self.sign(Kind::Access, &grant),
            refresh_token: self.sign(Kind::Refresh, &grant),
        }
    }

    /// The documented answer of the token endpoint.
    pub(super) fn granted(&self, grant: &Grant, with_refresh_token: bool) -> Value {
        let mut answer = json!({
            "access_token": self.sign(Kind::Access, grant),
            "token_type": "bearer",
            "expires_in": self.settings.token_lifetime.as_secs(),
        });
        if with_refresh_token {
            answer["refresh_token"] = self.sign(Kind::Refresh, grant).into();
        }
        answer
    }

    pub(super) fn keep_code(
        &self,
        grant: Grant,
        redirect_uri: &str,
        challenge: Option<(String, String)>,
    ) -> String {
        let code = self.fresh_code();
        let kept = Code {
            grant,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            end: self.clock.now() + CODE_LIFETIME,
        };
        self.memory().codes.insert(code.clone(), kept);
        code
    }

    /// What a code stands for, which then is over.
    pub(super) fn take_code(&self, code: &str) -> Option<Code> {
        let kept = self.memory().codes.remove(code)?;
        (self.clock.now() < kept.end).then_some(kept)
    }

    /// What a refresh token stands for, and a new one where they rotate. Counted as a renewal.
    pub(super) fn renew(&self, refresh_token: &str, client: &str) -> Option<Value> {
        let claims = Claims::of(Kind::Refresh, refresh_token)?;
        let mut memory = self.memory();
        let id = (claims.origin, claims.number);
        let is_good = claims.client == client
            && !memory.used.contains(&id)
            && !memory.has_revoked(&claims, self.origin);
        if !is_good {
            return None;
        }
        if self.settings.rotates {
            memory.used.insert(id);
        }
        drop(memory);
        self.renewals.fetch_add(1, Ordering::Relaxed);
        let grant = Grant {
            client: claims.client,
            user: claims.user,
            scope: claims.scope,
        };
        Some(self.granted(&grant, self.settings.rotates))
    }

    /// The scope of an access token that is good now.
    pub(crate) fn scope_of(&self, access_token: &str) -> Option<String> {
        let claims = Claims::of(Kind::Access, access_token)?;
        let memory = self.memory();
        let expired = memory.expired;
        let is_over = claims
            .expires_at
            .is_some_and(|end| end <= millis(self.clock.now()))
            || expired.is_some_and(|mark| mark.is_after(&claims, self.origin))
            || memory.has_revoked(&claims, self.origin);
        (!is_over).then_some(claims.scope)
    }

    fn mark(&self) -> Mark {
        Mark {
            time: millis(self.clock.now()),
            number: self.issued.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.memory().expired = Some(self.mark());
    }

    pub(crate) fn revoke(&self, user: &str) {
        let mark = self.mark();
        self.memory().revoked.insert(user.to_owned(), mark);
    }

    pub(crate) fn renewals(&self) -> u64 {
        self.renewals.load(Ordering::Relaxed)
    }
}

impl Memory {
    fn has_revoked(&self, claims: &Claims, origin: u64) -> bool {
        let mark = self.revoked.get(&claims.user);
        mark.is_some_and(|mark| mark.is_after(claims, origin))
    }
}

impl Mark {
    /// Whether the token was issued before this moment: by count where it was issued here, by time
    /// where another sandbox did.
    fn is_after(&self, claims: &Claims, origin: u64) -> bool {
        match claims.origin == origin {
            true => claims.number <= self.number,
            false => claims.issued_at <= self.time,
        }
    }
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_millis() as u64
}
