//! Records that only the holder of a key can read.

use std::fmt;

use amazon_music::auth::TokenError;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

/// How an encrypted record begins. A plain one is JSON, and begins with a brace.
const MAGIC: &[u8] = b"amx1";

const NONCE: usize = 24;

/// A key of 32 random bytes that encrypts what is kept in Redis. Wiped when it is dropped, and not shown.
///
/// Make one with `openssl rand -base64 32` and keep it where the service keeps its secrets: not in Redis.
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl EncryptionKey {
    /// Takes 32 bytes, which must be random.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(…)")
    }
}

/// The keys of a store: the first encrypts, all decrypt. Without any, records are plain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crypt {
    keys: Vec<EncryptionKey>,
}

/// A record as it was found.
pub(crate) struct Opened {
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// Whether it would be written in the same way today: with the first key.
    pub(crate) is_current: bool,
}

impl Crypt {
    pub(crate) fn new(keys: impl IntoIterator<Item = EncryptionKey>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
        }
    }

    /// Encrypts a record for the key of this name, at which alone it can be read.
    pub(crate) fn seal(&self, name: &str, text: &[u8]) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let Some(key) = self.keys.first() else {
            return Ok(Zeroizing::new(text.to_vec()));
        };
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| {
            TokenError::passing("the system has no random numbers").with_source(error)
        })?;
        let payload = Payload {
            msg: text,
            aad: name.as_bytes(),
        };
        let sealed = key.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| TokenError::terminal("the record cannot be encrypted"))?;
        Ok(Zeroizing::new([MAGIC, &nonce[..], &sealed[..]].concat()))
    }

    /// Reads the record at the key of this name.
    pub(crate) fn open(&self, name: &str, record: &[u8]) -> Result<Opened, TokenError> {
        let Some(sealed) = record.strip_prefix(MAGIC) else {
            return Ok(Opened {
                text: Zeroizing::new(record.to_vec()),
                is_current: self.keys.is_empty(),
            });
        };
        if self.keys.is_empty() {
            return Err(TokenError::lasting(format!(
                "the record {name} in redis is encrypted: give its key to `encryption_keys`"
            )));
        }
        let (nonce, sealed) = sealed
            .split_at_checked(NONCE)
            .ok_or_else(|| unreadable(name))?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| unreadable(name))?;
        for (number, key) in self.keys.iter().enumerate() {
            let payload = Payload {
                msg: sealed,
                aad: name.as_bytes(),
            };
            if let Ok(text) = key.cipher().decrypt(&XNonce::from(nonce), payload) {
                return Ok(Opened {
                    text: Zeroizing::new(text),
                    is_current: number == 0,
                });
            }
        }
        Err(unreadable(name))
    }
}

fn unreadable(name: &str) -> TokenError {
    TokenError::lasting(format!(
        "the record {name} in redis cannot be decrypted: it is damaged, was moved from another key, or its \
         encryption key is missing"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> EncryptionKey {
        EncryptionKey::new([byte; 32])
    }

    #[test]
    fn the_first_key_encrypts_and_all_decrypt() {
        let (old, both) = (Crypt::new([key(1)]), Crypt::new([key(2), key(1)]));
        let sealed = old.seal("name", b"{text}").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"text"));
        assert_ne!(
            sealed,
            old.seal("name", b"{text}").unwrap(),
            "nonces are random"
        );
        let opened = both.open("name", &sealed).unwrap();
        assert_eq!(
            (&opened.text[..], opened.is_current),
            (&b"{text}"[..], false)
        );
        let sealed = both.seal("name", b"{text}").unwrap();
        assert!(both.open("name", &sealed).unwrap().is_current);
        assert!(old.open("name", &sealed).is_err());
    }

    #[test]
    fn a_record_is_bound_to_its_key_and_a_change_is_noticed() {
        let crypt = Crypt::new([key(1)]);
        let sealed = crypt.seal("anna", b"{text}").unwrap();
        assert!(crypt.open("ben", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.to_vec();
            changed[at] ^= 1;
            let opened = crypt.open("anna", &changed);
            // Without its mark it is read as a plain record, which it is none.
            assert!(at < MAGIC.len() || opened.is_err());
            assert!(crypt.open("anna", &sealed[..at]).is_err() || at < MAGIC.len());
        }
    }

    #[test]
    fn plain_records_are_read_and_encrypted_with_the_next_write() {
        let crypt = Crypt::new([key(1)]);
        let opened = crypt.open("anna", b"{text}").unwrap();
        assert_eq!(
            (&opened.text[..], opened.is_current),
            (&b"{text}"[..], false)
        );
        let plain = Crypt::default();
        assert!(plain.open("anna", b"{text}").unwrap().is_current);
        let error = plain.open("anna", &crypt.seal("anna", b"{text}").unwrap());
        let error = error.err().unwrap().to_string();
        assert!(error.contains("encryption_keys"), "{error}");
        assert_eq!(format!("{:?}", key(7)), "EncryptionKey(…)");
    }
}
