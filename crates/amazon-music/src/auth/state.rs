//! The state of one user's token and the next step of a call: decisions, without I/O.

use std::time::Duration;

use crate::auth::{
    error::TokenError,
    window::{Age, Life, pause},
};

/// The token of one user, and how its last refreshes went. Times are those of the client's clock.
pub(super) struct State<T> {
    held: Option<Held<T>>,
    /// Refreshes that have succeeded.
    generation: u64,
    failure: Option<Failure>,
    /// Refreshes in a row that followed a refusal, without a token that was accepted in between.
    refusals: u32,
}

struct Held<T> {
    token: T,
    life: Option<Life>,
    since: Duration,
    is_refused: bool,
}

struct Failure {
    error: TokenError,
    at: Duration,
    /// Failures in a row.
    count: u32,
    /// The time from which the token service wants to be asked again.
    advice: Duration,
}

/// The next step of a call that needs a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// Start a refresh, and meanwhile use this token or wait.
    Refresh(Option<T>),
    /// Use this token.
    Use(T),
    /// Wait for the refresh that is under way.
    Wait,
    /// Fail as the last refresh did.
    Fail(TokenError),
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            held: None,
            generation: 0,
            failure: None,
            refusals: 0,
        }
    }
}

impl<T: Clone> State<T> {
    /// Decides what a call does that needs a token now.
    pub(super) fn next(&self, now: Duration, is_refreshing: bool) -> Next<T> {
        let age = self.held.as_ref().map_or(Age::Over, |held| held.age(now));
        let token = self.held.as_ref().map(|held| held.token.clone());
        let may_use = matches!(age, Age::Fresh | Age::Early);
        if age == Age::Fresh || is_refreshing {
            return token.filter(|_| may_use).map_or(Next::Wait, Next::Use);
        }
        match &self.failure {
            Some(failure) if now < failure.pause_until(age) => token
                .filter(|_| age != Age::Over)
                .map_or_else(|| Next::Fail(failure.error.clone()), Next::Use),
            _ => Next::Refresh(token.filter(|_| may_use)),
        }
    }

    /// The token to use after a refresh has failed, if one is still good.
    pub(super) fn still_good(&self, now: Duration) -> Option<T> {
        let held = self.held.as_ref()?;
        (held.age(now) != Age::Over).then(|| held.token.clone())
    }

    /// Takes what a refresh brought. `token` makes it of the number of the refresh.
    pub(super) fn granted(
        &mut self,
        now: Duration,
        life: Option<Life>,
        token: impl FnOnce(u64) -> T,
    ) {
        self.generation += 1;
        self.failure = None;
        self.held = Some(Held {
            token: token(self.generation),
            life,
            since: now,
            is_refused: false,
        });
    }

    /// Notes that a refresh has failed. `advice` is the delay that the token service asked for.
    pub(super) fn failed(&mut self, now: Duration, error: TokenError, advice: Duration) {
        let before = self.failure.as_ref().map_or(0, |failure| failure.count);
        self.failure = Some(Failure {
            error,
            at: now,
            count: before + 1,
            advice: now.saturating_add(advice),
        });
    }

    /// Whether a call whose token of this generation was refused can have another one. A token that is
    /// refused however new it is is refreshed ever less often.
    pub(super) fn can_refresh(&self, generation: u64, now: Duration) -> bool {
        let Some(held) = self.held.as_ref().filter(|_| self.generation == generation) else {
            return true;
        };
        let next = held.since.saturating_add(pause(self.refusals, false));
        held.is_refused || self.refusals == 0 || now >= next
    }

    /// Notes that the service refused the token of this generation. A refusal of an older token says
    /// nothing of the one that is held now.
    pub(super) fn refused(&mut self, generation: u64) {
        if self.generation == generation
            && let Some(held) = self.held.as_mut().filter(|held| !held.is_refused)
        {
            held.is_refused = true;
            self.refusals += 1;
        }
    }

    /// Notes that the service accepted the token of this generation.
    pub(super) fn accepted(&mut self, generation: u64) {
        if self.generation == generation {
            self.refusals = 0;
        }
    }
}

impl<T> Held<T> {
    fn age(&self, now: Duration) -> Age {
        match &self.life {
            _ if self.is_refused => Age::Over,
            Some(life) => life.age(now),
            None => Age::Fresh,
        }
    }
}

impl Failure {
    fn pause_until(&self, age: Age) -> Duration {
        let urgent = age == Age::Over && self.error.is_transient();
        let pause = pause(self.count, urgent);
        self.at.saturating_add(pause).max(self.advice)
    }
}

#[cfg(test)]
mod tests;
