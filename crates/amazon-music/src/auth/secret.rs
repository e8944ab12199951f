//! Strings that must not be shown.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

/// A credential: not shown by `Debug`, not compared, wiped from memory when its last clone is dropped.
///
/// Only this copy is wiped. Copies that the HTTP and TLS stack was given to send stay in its buffers
/// until they are used again.
///
/// ```
/// let secret = amazon_music::Secret::from("Atza|token");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.expose(), "Atza|token");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// The string itself. The caller takes care of where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(Arc::new(Zeroizing::new(value)))
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
