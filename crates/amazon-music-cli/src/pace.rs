//! The pace of requests, as far as a user sees it: one line when a wait begins, and a learned rate that the
//! next run goes on with.

mod announced;
mod kept;

use std::{path::PathBuf, sync::Arc};

use amazon_music::{
    Builder,
    auth::{FileTokenStore, TokenKey},
    clock::SystemClock,
    pace::Pacer,
};

use self::{announced::Announced, kept::Kept};
use crate::arguments::Requests;

/// The pace of one run.
pub(crate) struct RunPace {
    pacer: Arc<Pacer>,
    clock: SystemClock,
    kept: Option<Kept>,
    is_set: bool,
}

impl RunPace {
    /// The rate of the flag, or else one that is learned; from `file` on, if that holds one.
    pub(crate) fn new(requests: &Requests, file: Option<PathBuf>) -> Self {
        let (pacer, clock) = (Pacer::new(), SystemClock::new());
        if let Some(rate) = requests.rate {
            return Self {
                pacer: Arc::new(pacer.requests_per_second(rate)),
                clock,
                kept: None,
                is_set: true,
            };
        }
        let kept = file.map(Kept::new);
        if let Some(learned) = kept.as_ref().and_then(|kept| kept.load(&clock)) {
            pacer.resume(&clock, learned);
        }
        Self {
            pacer: Arc::new(pacer),
            clock,
            kept,
            is_set: false,
        }
    }

    /// Applies the pace to a client.
    pub(crate) fn apply(&self, music: Builder) -> Builder {
        let pace = Announced::new(self.pacer.clone(), self.is_set);
        music.clock(self.clock).pace(Arc::new(pace))
    }

    /// Keeps what was learned. A rate is a hint: that it cannot be written is no failure.
    pub(crate) fn keep(&self) {
        if let (Some(kept), Some(learned)) = (&self.kept, self.pacer.learned(&self.clock)) {
            let _ = kept.save(&self.clock, learned);
        }
    }
}

/// The file of a learned rate, beside the saved logins: one per base URL and security profile, as limits
/// are per application. Its name tells the base URL, and of the profile nothing.
pub(crate) fn file(store: &FileTokenStore, base_url: &str, profile: &str) -> PathBuf {
    let url = match base_url.trim_end_matches('/') {
        "" => "service",
        url => url,
    };
    let key = TokenKey::new(profile, format!("pace-{url}"));
    store.path(&key).with_extension("pace")
}
