//! Issuing, refreshing and revoking tokens.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use crate::{
    clock::Clock,
    lock::lock,
    lwa::{
        issued::IssuedTokens,
        memory::{Code, Grant, Mark, Memory},
        token::{Claims, Kind},
    },
    random::mix,
};

/// Lifetime of an authorization code.
const CODE_LIFETIME: Duration = Duration::from_secs(300);

/// Lifetime of a code pair, as in the sample of the documentation.
pub(super) const PAIR_LIFETIME: Duration = Duration::from_secs(600);

/// Settings of Login with Amazon.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Lifetime of access tokens.
    pub(crate) token_lifetime: Duration,
    /// Whether each refresh issues a new refresh token and invalidates the old one.
    pub(crate) rotates: bool,
    /// Minimum interval between two polls of a device.
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

/// State of Login with Amazon at one sandbox.
#[derive(Debug)]
pub(crate) struct Login {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    origin: u64,
    issued: AtomicU64,
    refreshes: AtomicU64,
    memory: Mutex<Memory>,
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
            refreshes: AtomicU64::new(0),
            memory: Mutex::default(),
        }
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.memory)
    }

    fn number(&self) -> u64 {
        self.issued.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A code that was not issued before.
    pub(super) fn fresh_code(&self) -> String {
        format!("{:016x}", self.fresh_number())
    }

    /// Six letters and digits that are not mistaken for each other.
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
        let access_token = self.sign(Kind::Access, &grant);
        IssuedTokens::new(access_token, self.sign(Kind::Refresh, &grant))
    }

    /// The documented response of the token endpoint.
    pub(super) fn granted(&self, grant: &Grant, with_refresh_token: bool) -> Value {
        let mut response = json!({
            "access_token": self.sign(Kind::Access, grant),
            "token_type": "bearer",
            "expires_in": self.settings.token_lifetime.as_secs(),
        });
        if with_refresh_token {
            response["refresh_token"] = self.sign(Kind::Refresh, grant).into();
        }
        response
    }

    pub(super) fn issue_code(
        &self,
        grant: Grant,
        redirect_uri: &str,
        challenge: Option<(String, String)>,
    ) -> String {
        let code = self.fresh_code();
        let issued = Code {
            grant,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            end: self.clock.now() + CODE_LIFETIME,
        };
        self.memory().codes.insert(code.clone(), issued);
        code
    }

    /// Redeems a code, which is valid once.
    pub(super) fn redeem_code(&self, code: &str) -> Option<Code> {
        let issued = self.memory().codes.remove(code)?;
        (self.clock.now() < issued.end).then_some(issued)
    }

    /// Refreshes: a new access token, and a new refresh token if they rotate.
    pub(super) fn refresh(&self, refresh_token: &str, client: &str) -> Option<Value> {
        let claims = Claims::of(Kind::Refresh, refresh_token)?;
        let mut memory = self.memory();
        let id = (claims.origin, claims.number);
        let is_valid = claims.client == client
            && !memory.used.contains(&id)
            && !memory.has_revoked(&claims, self.origin);
        if !is_valid {
            return None;
        }
        if self.settings.rotates {
            memory.used.insert(id);
        }
        drop(memory);
        self.refreshes.fetch_add(1, Ordering::Relaxed);
        let grant = Grant {
            client: claims.client,
            user: claims.user,
            scope: claims.scope,
        };
        Some(self.granted(&grant, self.settings.rotates))
    }

    /// The scope of an access token, if the token is valid now.
    pub(crate) fn scope_of(&self, access_token: &str) -> Option<String> {
        self.claims_of(access_token).map(|claims| claims.scope)
    }

    /// The claims of an access token, if the token is valid now.
    pub(crate) fn claims_of(&self, access_token: &str) -> Option<Claims> {
        let claims = Claims::of(Kind::Access, access_token)?;
        let memory = self.memory();
        let expired = memory.expired;
        let is_over = claims
            .expires_at
            .is_some_and(|end| end <= millis(self.clock.now()))
            || expired.is_some_and(|mark| mark.is_after(&claims, self.origin))
            || memory.has_revoked(&claims, self.origin);
        (!is_over).then_some(claims)
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

    pub(crate) fn refreshes(&self) -> u64 {
        self.refreshes.load(Ordering::Relaxed)
    }
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_millis() as u64
}
