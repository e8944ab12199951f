//! Self-contained tokens, signed with a published key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Key that signs the tokens of every sandbox, so that each accepts those of the others. Published: such a
/// token proves nothing anywhere else.
pub const DEVELOPMENT_KEY: &str =
    "amazon-music-sandbox development key, published and worth nothing";

/// Kind of a token.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Access,
    Refresh,
}

impl Kind {
    /// The prefix of real tokens, whose `|` a client must encode in forms.
    fn prefix(self) -> &'static str {
        match self {
            Self::Access => "Atza|sandbox.",
            Self::Refresh => "Atzr|sandbox.",
        }
    }
}

/// Claims of a token.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Claims {
    pub(crate) kind: Kind,
    pub(crate) client: String,
    pub(crate) user: String,
    pub(crate) scope: String,
    /// Milliseconds since 1970.
    pub(crate) issued_at: u64,
    /// Milliseconds since 1970. Refresh tokens do not expire.
    pub(crate) expires_at: Option<u64>,
    /// The sandbox that issued it.
    pub(crate) origin: u64,
    /// Serial number at that sandbox.
    pub(crate) number: u64,
}

impl Claims {
    pub(super) fn signed(&self) -> String {
        // A struct of strings and numbers always serializes.
        let text = serde_json::to_vec(self).unwrap_or_default();
        let body = URL_SAFE_NO_PAD.encode(text);
        let signature = signer(&body).map(|mac| mac.finalize().into_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap_or_default());
        format!("{}{body}.{signature}", self.kind.prefix())
    }

    /// The claims of a token of this kind, if its signature is valid.
    pub(crate) fn of(kind: Kind, token: &str) -> Option<Self> {
        let (body, signature) = token.strip_prefix(kind.prefix())?.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        signer(body)?.verify_slice(&signature).ok()?;
        let text = URL_SAFE_NO_PAD.decode(body).ok()?;
        let claims: Self = serde_json::from_slice(&text).ok()?;
        (claims.kind == kind).then_some(claims)
    }
}

fn signer(body: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(DEVELOPMENT_KEY.as_bytes()).ok()?;
    mac.update(body.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(kind: Kind) -> Claims {
        Claims {
            kind,
            client: "client".to_owned(),
            user: "anna".to_owned(),
            scope: "music::catalog".to_owned(),
            issued_at: 1,
            expires_at: Some(2),
            origin: 3,
            number: 4,
        }
    }

    #[test]
    fn a_token_carries_its_claims() {
        for kind in [Kind::Access, Kind::Refresh] {
            let claims = claims(kind);
            assert_eq!(Claims::of(kind, &claims.signed()), Some(claims));
        }
    }

    #[test]
    fn a_changed_token_or_one_of_the_other_kind_is_invalid() {
        let token = claims(Kind::Access).signed();
        assert_eq!(Claims::of(Kind::Refresh, &token), None);
        assert_eq!(
            Claims::of(Kind::Refresh, &token.replace("Atza", "Atzr")),
            None
        );
        let (head, signature) = token.rsplit_once('.').unwrap();
        let longer = format!("{head}A.{signature}");
        for changed in [
            &longer,
            head,
            "Atza|sandbox.",
            "",
            "Atza|sandbox..",
            "Atza|é.é",
        ] {
            assert_eq!(Claims::of(Kind::Access, changed), None, "{changed}");
        }
    }
}
