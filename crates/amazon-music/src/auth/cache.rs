//! One token, shared by all calls, refreshed by one of them.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use amazon_music_browse::RequestSettings;
use tokio::{runtime::Handle, sync::watch};

use crate::{
    auth::{
        error::TokenError,
        provider::{AccessToken, TokenContext, TokenProvider},
        secret::Secret,
        state::{Next, State},
        window::{Age, LONGEST_ADVICE, Life, pause},
    },
    clock::{Clock, in_time},
    observe,
    sync::lock,
};

/// How long one refresh may take, with all that the provider does for it.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(60);

/// When a refresh is given up by those who wait for it. A runtime that is driven has ended it before: this
/// one stands still, and so do its timers.
const ABANDONED: Duration = REFRESH_TIMEOUT.saturating_add(Duration::from_secs(5));

/// A token as it is sent, with the number of the refresh that brought it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) settings: RequestSettings,
    /// Nothing for a token that cannot be refreshed.
    pub(crate) generation: Option<u64>,
}

/// The source of a client's tokens.
#[derive(Clone)]
pub(crate) enum Tokens {
    /// A token that is sent as it is.
    Fixed(Token),
    /// A token that is refreshed when it must be.
    Refreshed(Arc<Cache>),
}

impl Tokens {
    pub(crate) async fn get(&self) -> Result<Token, TokenError> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Refreshed(cache) => cache.get().await,
        }
    }

    /// Waits for a refresh that is under way.
    pub(crate) async fn settle(&self) {
        if let Self::Refreshed(cache) = self {
            let under_way = cache.lock().under_way.clone();
            if let Some(mut under_way) = under_way {
                cache.heard(&mut under_way).await;
            }
        }
    }

    /// Whether a call whose token of this generation was refused can have another one.
    pub(crate) fn can_refresh(&self, generation: Option<u64>) -> bool {
        match (self, generation) {
            (Self::Refreshed(cache), Some(generation)) => {
                let now = cache.clock.elapsed();
                cache.lock().state.can_refresh(generation, now)
            }
            _ => false,
        }
    }

    /// Notes that the service refused the token of this generation.
    pub(crate) fn refused(&self, generation: Option<u64>) {
        if let (Self::Refreshed(cache), Some(generation)) = (self, generation) {
            cache.was_refused.store(true, Ordering::Relaxed);
            cache.lock().state.refused(generation);
        }
    }

    /// Notes that the service accepted the token of this generation. Costs next to nothing unless one
    /// was refused before.
    pub(crate) fn accepted(&self, generation: Option<u64>) {
        if let (Self::Refreshed(cache), Some(generation)) = (self, generation)
            && cache.was_refused.load(Ordering::Relaxed)
        {
            cache.was_refused.store(false, Ordering::Relaxed);
            cache.lock().state.accepted(generation);
        }
    }
}

/// Keeps a token and refreshes it.
pub(crate) struct Cache {
    provider: Box<dyn TokenProvider>,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// The settings of requests, without a token.
    settings: RequestSettings,
    shared: Mutex<Shared>,
    /// A token was refused, and none was accepted since.
    was_refused: AtomicBool,
}

#[derive(Default)]
struct Shared {
    state: State<Token>,
    under_way: Option<UnderWay>,
}

/// A refresh that is under way.
#[derive(Clone)]
struct UnderWay {
    /// Hears when it ends: of an error if it failed, of nothing if it succeeded or was interrupted.
    outcome: watch::Receiver<Option<TokenError>>,
    /// When it is given up.
    until: Duration,
}

impl Shared {
    /// Notes that the refresh with this outcome has ended, unless another one has taken its place.
    fn ended(&mut self, outcome: &watch::Receiver<Option<TokenError>>) {
        let is_own = |under_way: &UnderWay| under_way.outcome.same_channel(outcome);
        if self.under_way.as_ref().is_some_and(is_own) {
            self.under_way = None;
        }
    }
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
            shared: Mutex::default(),
            was_refused: AtomicBool::new(false),
        })
    }

    async fn get(self: &Arc<Self>) -> Result<Token, TokenError> {
        loop {
            let (mut under_way, is_own) = match self.step() {
                Step::Use(token) => return Ok(token),
                Step::Fail(error) => return Err(error),
                Step::Wait(under_way) => (under_way, false),
                Step::Refresh(refresh, under_way, meanwhile) => {
                    refresh.start()?;
                    match meanwhile {
                        Some(token) => return Ok(token),
                        None => (under_way, true),
                    }
                }
            };
            let Some(heard) = self.heard(&mut under_way).await else {
                self.lock().ended(&under_way.outcome);
                continue;
            };
            let failure = if heard || !is_own {
                under_way.outcome.borrow().clone()
            } else {
                Some(interrupted())
            };
            // One failure for all who waited: none of them asks again.
            if let Some(error) = failure {
                let now = self.clock.elapsed();
                return self.lock().state.still_good(now).ok_or(error);
            }
        }
    }

    /// Waits for a refresh, which another runtime may have to drive. `false` if it ended without a word,
    /// and nothing if it is given up.
    async fn heard(&self, under_way: &mut UnderWay) -> Option<bool> {
        let left = under_way.until.saturating_sub(self.clock.elapsed());
        let heard = in_time(under_way.outcome.changed(), &*self.clock, left).await;
        heard.map(|heard| heard.is_ok())
    }

    /// Decides. A refresh that is due is noted as under way, and started once the lock is released.
    fn step(self: &Arc<Self>) -> Step {
        let mut shared = self.lock();
        let now = self.clock.elapsed();
        let next = shared.state.next(now, shared.under_way.is_some());
        match (next, &shared.under_way) {
            (Next::Use(token), _) => Step::Use(token),
            (Next::Fail(error), _) => Step::Fail(error),
            (Next::Wait, Some(under_way)) => Step::Wait(under_way.clone()),
            (Next::Wait, None) => Step::Fail(interrupted()),
            (Next::Refresh(meanwhile), _) => {
                let (sender, outcome) = watch::channel(None);
                let under_way = UnderWay {
                    outcome,
                    until: now.saturating_add(ABANDONED),
                };
                shared.under_way = Some(under_way.clone());
                let refresh = Refresh {
                    cache: self.clone(),
                    ended: false,
                    outcome: sender,
                };
                Step::Refresh(refresh, under_way, meanwhile)
            }
        }
    }

    /// Takes what a refresh ended with, which was begun at `asked`.
    fn end(
        &self,
        refresh: &watch::Sender<Option<TokenError>>,
        asked: Duration,
        mut outcome: Result<AccessToken, TokenError>,
    ) -> Option<TokenError> {
        let failure = outcome.as_mut().ok().and_then(|token| token.failure.take());
        // A provider that gives tokens that are of no use is left alone as if it had asked for that.
        let own_advice = outcome.is_ok().then(|| pause(1, false));
        let outcome = outcome.and_then(|token| self.checked(asked, token));
        let now = self.clock.elapsed();
        let mut shared = self.lock();
        shared.ended(&refresh.subscribe());
        match outcome {
            Ok((secret, settings, life)) => {
                shared.state.granted(now, life, |generation| Token {
                    secret,
                    settings,
                    generation: Some(generation),
                });
                if let Some(error) = failure {
                    let advice = self.advice(&error);
                    shared.state.failed(now, error, advice);
                }
                None
            }
            Err(error) => {
                let advice = self.advice(&error).max(own_advice.unwrap_or_default());
                shared.state.failed(now, error.clone(), advice);
                Some(error)
            }
        }
    }

    /// The delay that the token service asked for.
    fn advice(&self, error: &TokenError) -> Duration {
        let left = error
            .retry_at()
            .and_then(|at| at.duration_since(self.clock.now()).ok());
        left.unwrap_or_default().min(LONGEST_ADVICE)
    }

    /// A token that can be sent, and for some time yet.
    fn checked(
        &self,
        asked: Duration,
        token: AccessToken,
    ) -> Result<(Secret, RequestSettings, Option<Life>), TokenError> {
        let settings = self.settings.clone().bearer(token.secret.expose());
        let settings = settings
            .map_err(|reason| TokenError::terminal(format!("the access token {reason}")))?;
        let life = token.expires_in.map(|left| {
            let lifetime = token.lifetime.unwrap_or(left).max(left);
            Life::new(asked, left, lifetime, fastrand::f64())
        });
        if life.is_some_and(|life| life.age(self.clock.elapsed()) == Age::Over) {
            return Err(TokenError::passing(
                "the access token had expired when it came: check the provider and its clock",
            ));
        }
        Ok((token.secret, settings, life))
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }
}

/// The next step of a call, with what it needs for it.
enum Step {
    Refresh(Refresh, UnderWay, Option<Token>),
    Use(Token),
    Wait(UnderWay),
    Fail(TokenError),
}

/// A refresh that is under way. However it ends, by a panic of the provider or with its runtime, those
/// who wait are told.
struct Refresh {
    cache: Arc<Cache>,
    ended: bool,
    /// Dropped last, which tells those who wait.
    outcome: watch::Sender<Option<TokenError>>,
}

impl Refresh {
    /// Starts the refresh in a task of its own, so that no caller can cancel it.
    fn start(self) -> Result<(), TokenError> {
        let Ok(runtime) = Handle::try_current() else {
            let text = "tokens are refreshed in a task: call from within a Tokio runtime";
            return Err(TokenError::terminal(text));
        };
        runtime.spawn(async move {
            let cache = self.cache.clone();
            let asked = cache.clock.elapsed();
            let context = TokenContext {
                http: &cache.http,
                clock: &*cache.clock,
            };
            observe::refreshing();
            let refresh = cache.provider.token(context);
            let outcome = in_time(refresh, &*cache.clock, REFRESH_TIMEOUT).await;
            let outcome = outcome.unwrap_or_else(|| {
                let limit = REFRESH_TIMEOUT.as_secs();
                Err(TokenError::passing(format!(
                    "the token provider did not respond within {limit} seconds"
                )))
            });
            self.end(asked, outcome);
        });
        Ok(())
    }

    fn end(mut self, asked: Duration, outcome: Result<AccessToken, TokenError>) {
        self.ended = true;
        let error = self.cache.end(&self.outcome, asked, outcome);
        observe::refreshed(error.as_ref().map(|error| error as _));
        self.outcome.send_replace(error);
    }
}

impl Drop for Refresh {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if std::thread::panicking() {
            let error = TokenError::passing("the token provider panicked");
            let error = self.cache.end(&self.outcome, Duration::ZERO, Err(error));
            self.outcome.send_replace(error);
        } else {
            // Its runtime has ended, which says nothing of the provider: the next call may ask it.
            self.cache.lock().ended(&self.outcome.subscribe());
        }
    }
}

fn interrupted() -> TokenError {
    TokenError::passing("the token refresh was interrupted: its runtime has ended")
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
