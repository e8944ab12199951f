//! The names of keys in Redis.

use std::fmt::Write as _;

use amazon_music::{Secret, auth::TokenKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// How many characters of a user's name a key shows.
const SHOWN: usize = 40;

/// The keys of one login. They share a hash tag, so that a cluster keeps them at one node.
pub(crate) struct Keys {
    pub(crate) tokens: String,
    pub(crate) lock: String,
}

/// How users are named in keys.
#[derive(Clone)]
pub(crate) enum Naming {
    /// By the beginning of their name, and a hash.
    Shown,
    /// By a hash that nobody can compare with guesses without this secret.
    Hashed(Secret),
}

impl Keys {
    pub(crate) fn new(prefix: &str, naming: &Naming, key: &TokenKey) -> Self {
        let profile = key.security_profile_id().expose().as_bytes();
        let parts = [profile, b"\0", key.user().as_bytes()];
        let tag = match naming {
            Naming::Shown => {
                let shown = key
                    .user()
                    .chars()
                    .take(SHOWN)
                    .map(plain)
                    .collect::<String>();
                let mut hash = Sha256::new();
                parts.iter().for_each(|part| hash.update(part));
                format!("{shown}-{}", hex(&hash.finalize()[..16]))
            }
            Naming::Hashed(secret) => {
                let mut hash = hmac_of(secret.expose().as_bytes());
                parts.iter().for_each(|part| hash.update(part));
                hex(&hash.finalize().into_bytes()[..16])
            }
        };
        Self {
            tokens: format!("{prefix}:{{{tag}}}:tokens"),
            lock: format!("{prefix}:{{{tag}}}:lock"),
        }
    }
}

/// The pattern of all keys that hold tokens.
pub(crate) fn pattern(prefix: &str) -> String {
    let mut pattern = String::new();
    for character in prefix.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '^' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern + ":{*}:tokens"
}

/// The key of the pace of an application.
pub(crate) fn pace(prefix: &str, application: &str) -> String {
    let hash = Sha256::digest(application.as_bytes());
    format!("{prefix}:{{pace-{}}}", hex(&hash[..16]))
}

/// The fingerprint of a refresh token: tells two apart, and nothing else of them.
pub(crate) fn fingerprint(token: Option<&Secret>) -> String {
    token.map_or_else(String::new, |token| {
        hex(&Sha256::digest(token.expose().as_bytes())[..16])
    })
}

fn hmac_of(secret: &[u8]) -> Hmac<Sha256> {
    // A digest of a secret of any length is one of the length that this takes.
    let digest = Sha256::digest(secret);
    let mut block = [0; 64];
    block[..32].copy_from_slice(&digest);
    Hmac::new(&block.into())
}

fn plain(character: char) -> char {
    match character.to_ascii_lowercase() {
        plain @ ('a'..='z' | '0'..='9' | '-') => plain,
        _ => '_',
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_login_share_a_tag_and_show_no_profile() {
        let key = TokenKey::new("amzn1.application.canary", "Anna {B}*");
        let keys = Keys::new("amazon-music", &Naming::Shown, &key);
        assert!(
            keys.tokens.starts_with("amazon-music:{anna__b__-"),
            "{}",
            keys.tokens
        );
        let tag = |key: &str| key[key.find('{').unwrap()..=key.find('}').unwrap()].to_owned();
        assert_eq!(tag(&keys.tokens), tag(&keys.lock));
        assert_eq!(tag(&keys.tokens).len(), "{anna__b__-}".len() + 32);
        assert!(!keys.tokens.contains("canary"));
        let other = Keys::new(
            "amazon-music",
            &Naming::Shown,
            &TokenKey::new("other", "Anna {B}*"),
        );
        assert_ne!(keys.tokens, other.tokens);
    }

    #[test]
    fn hashed_names_show_no_user_and_need_the_secret() {
        let key = TokenKey::new("profile", "anna");
        let of = |secret: &str| Keys::new("p", &Naming::Hashed(Secret::from(secret)), &key).tokens;
        assert!(!of("one").contains("anna"));
        assert_eq!(of("one"), of("one"));
        assert_ne!(of("one"), of("two"));
    }

    #[test]
    fn a_prefix_is_no_pattern() {
        assert_eq!(pattern("a*b[c]"), r"a\*b\[c\]:{*}:tokens");
    }
}
