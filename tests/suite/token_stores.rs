//! Tokens that outlive the process, in files that several processes share.

mod locks;
mod processes;
mod records;
mod stored;

use std::time::{Duration, SystemTime};

use amazon_music::auth::{TokenKey, TokenSet};
use amazon_music_sandbox::Running;

use crate::common::login_at;

fn key() -> TokenKey {
    TokenKey::new("amzn1.application.canary", "Anna B.")
}

/// The tokens of a login at the sandbox.
fn tokens(sandbox: &Running, now: SystemTime) -> TokenSet {
    let issued = sandbox.issue_tokens("anna");
    let mut tokens = TokenSet::new(issued.access_token, now);
    tokens.expires_at = Some(now + Duration::from_secs(3600));
    tokens.refresh_token = Some(issued.refresh_token.into());
    tokens.scope = "music::catalog".to_owned();
    tokens.client = Some(login_at(sandbox));
    tokens
}
