//! One token, shared by all calls, renewed by one of them.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use amazon_music_browse::RequestSettings;
use tokio::{runtime::Handle, sync::watch};

use crate::{
    auth::{
        error::TokenError,
        provider::{AccessToken, TokenContext, TokenProvider},
        secret::Secret,
        window::{Age, Life, pause},
    },
    clock::{Clock, within},
    sync::lock,
};

/// How long one renewal may take, with all that the provider does for it.
const RENEWAL_TIMEOUT: Duration = Duration::from_secs(60);

/// A token as it is sent, with the number of the renewal that brought it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) settings: RequestSettings,
    /// Nothing for a token that cannot be renewed.
    pub(crate) generation: Option<u64>,
}

/// Where a client's tokens come from.
#[derive(Clone)]
pub(crate) enum Tokens {
    /// One that is sent as it is.
    Fixed(Token),
    /// Renewed when it must be.
    Renewed(Arc<Cache>),
}

impl Tokens {
    pub(crate) async fn get(&self) -> Result<Token, TokenError> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Renewed(cache) => cache.get().await,
        }
    }

    /// Waits for a renewal that is under way.
    pub(crate) async fn settle(&self) {
        if let Self::Renewed(cache) = self {
            let under_way = cache.lock().under_way.clone();
            if let Some(mut over) = under_way {
                let _ = over.changed().await;
            }
        }
    }

    /// The service refused the token of this renewal. `true` where another one can be had.
    pub(crate) fn refused(&self, generation: Option<u64>) -> bool {
        match (self, generation) {
            (Self::Renewed(cache), Some(generation)) => {
                cache.refused(generation);
                true
            }
            _ => false,
        }
    }
}

/// Keeps a token and renews it.
pub(crate) struct Cache {
    provider: Box<dyn TokenProvider>,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// The settings of requests, without a token.
    settings: RequestSettings,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// How many renewals have succeeded.
    generation: u64,
    /// Told when the renewal that is under way is over.
    under_way: Option<watch::Receiver<()>>,
    failure: Option<TokenError>,
    failures: u32,
    /// No renewal before this time.
    pause_until: Duration,
}

struct Held {
    token: Token,
    life: Option<Life>,
    refused: bool,
}

/// What a look at the state says.
enum Look {
    Renew(watch::Sender<()>),
    Use(Token),
    Wait(watch::Receiver<()>),
    Fail(TokenError),
}

impl Cache {
    pub(crate) fn new(
        provider: Box<dyn TokenProvider>,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        settings: RequestSettings,
    ) -> Arc<Self> {
        Arc::new(Self {
            provider,
            http,
            clock,
            settings,
            state: Mutex::default(),
        })
    }

    async fn get(self: &Arc<Self>) -> Result<Token, TokenError> {
        loop {
            match self.look() {
                Look::Renew(over) => self.renew(over),
                Look::Use(token) => return Ok(token),
                Look::Fail(error) => return Err(error),
                // An error means that the sender is gone, which says the same: look again.
                Look::Wait(mut over) => {
                    let _ = over.changed().await;
                }
            }
        }
    }

    /// Decides. A renewal that is due is noted as under way, and started once the lock is released.
    fn look(&self) -> Look {
        let now = self.clock.elapsed();
        let mut state = self.lock();
        let age = state.held.as_ref().map_or(Age::Over, |held| held.age(now));
        let pausing = now < state.pause_until;
        if age != Age::Fresh && !pausing && state.under_way.is_none() {
            let (over, watched) = watch::channel(());
            state.under_way = Some(watched);
            return Look::Renew(over);
        }
        let held = state.held.as_ref().map(|held| held.token.clone());
        let failure = state.failure.clone();
        match (age, held, &state.under_way) {
            (Age::Fresh | Age::Early, Some(token), _) => Look::Use(token),
            (_, _, Some(under_way)) => Look::Wait(under_way.clone()),
            // The renewal failed a moment ago, and the token is still good.
            (Age::Late, Some(token), None) => Look::Use(token),
            (_, _, None) => Look::Fail(
                failure
                    .unwrap_or_else(|| TokenError::passing("no token, and no renewal under way")),
            ),
        }
    }

    /// Starts a renewal in a task of its own, so that no caller can cancel it.
    fn renew(self: &Arc<Self>, over: watch::Sender<()>) {
        let guard = Renewal {
            cache: self.clone(),
            finished: false,
            _over: over,
        };
        let Ok(runtime) = Handle::try_current() else {
            let text = "tokens are renewed in a task: call from within a Tokio runtime";
            return guard.finish(Duration::ZERO, Err(TokenError::terminal(text)));
        };
        runtime.spawn(async move {
            let cache = guard.cache.clone();
            let asked = cache.clock.elapsed();
            let context = TokenContext {
                http: &cache.http,
                clock: &*cache.clock,
            };
            let renewal = cache.provider.token(context);
            let outcome = within(renewal, || cache.clock.timeout(RENEWAL_TIMEOUT)).await;
            let outcome = outcome.unwrap_or_else(|| {
                Err(TokenError::passing(
                    "the renewal of the token took too long",
                ))
            });
            guard.finish(asked, outcome);
        });
    }

    fn settle(&self, asked: Duration, outcome: Result<AccessToken, TokenError>) {
        let outcome = outcome.and_then(|token| {
            let settings = self.settings.clone().bearer(token.secret.expose());
            let settings = settings
                .map_err(|reason| TokenError::terminal(format!("the access token {reason}")))?;
            let now = self.clock.elapsed();
            let life = token
                .expires_in
                .map(|lifetime| Life::new(asked, lifetime, fastrand::f64()));
            if life.is_some_and(|life| life.age(now) == Age::Over) {
                return Err(TokenError::passing(
                    "the access token was over when it came",
                ));
            }
            Ok((token, settings, life))
        });
        let mut state = self.lock();
        state.under_way = None;
        match outcome {
            Ok((token, settings, life)) => {
                state.generation += 1;
                state.failure = None;
                state.failures = 0;
                state.pause_until = Duration::ZERO;
                state.held = Some(Held {
                    life,
                    token: Token {
                        secret: token.secret,
                        settings,
                        generation: Some(state.generation),
                    },
                    refused: false,
                });
            }
            Err(error) => {
                state.failures += 1;
                state.pause_until = self.clock.elapsed() + pause(state.failures);
                state.failure = Some(error);
            }
        }
    }

    fn refused(&self, generation: u64) {
        let mut state = self.lock();
        // A refusal of an older token says nothing of the one that is held now.
        if state.generation == generation
            && let Some(held) = &mut state.held
        {
            held.refused = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// A renewal that is under way. However its task ends, by a panic of the provider or with its runtime,
/// those who wait are told.
struct Renewal {
    cache: Arc<Cache>,
    finished: bool,
    /// Dropped last, which is what tells them.
    _over: watch::Sender<()>,
}

impl Renewal {
    fn finish(mut self, asked: Duration, outcome: Result<AccessToken, TokenError>) {
        self.finished = true;
        self.cache.settle(asked, outcome);
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        if !self.finished {
            let error = TokenError::passing("the renewal of the token was broken off");
            self.cache.settle(Duration::ZERO, Err(error));
        }
    }
}

impl Held {
    fn age(&self, now: Duration) -> Age {
        match &self.life {
            _ if self.refused => Age::Over,
            Some(life) => life.age(now),
            None => Age::Fresh,
        }
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
