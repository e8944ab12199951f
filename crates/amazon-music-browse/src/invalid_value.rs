//! Values that are rejected before a request is sent.

use std::{borrow::Cow, fmt};

/// A parameter or credential that cannot be sent. The message states the rule, never the value.
///
/// ```
/// use amazon_music_browse::types::{CategoryId, LimitUpTo20};
///
/// let error = LimitUpTo20::try_from(21_u32).unwrap_err();
/// assert_eq!(error.to_string(), "must be 1 to 20");
/// let error = CategoryId::try_from("../tracks").unwrap_err();
/// assert_eq!(error.to_string(), "must be 1 to 128 letters, digits, `-` or `_`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    pub(crate) const fn fixed(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }

    /// Accepts an id that cannot change the path of the request it becomes part of.
    pub(crate) fn check_path_id(value: &str, longest: usize) -> Result<(), Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (1..=longest).contains(&value.len()) && value.bytes().all(plain) {
            return Ok(());
        }
        Err(Self(
            format!("must be 1 to {longest} letters, digits, `-` or `_`").into(),
        ))
    }

    pub(crate) fn check_bounds(
        value: impl TryInto<u32>,
        minimum: u32,
        maximum: u32,
    ) -> Result<u32, Self> {
        match value.try_into() {
            Ok(value) if (minimum..=maximum).contains(&value) => Ok(value),
            _ => Err(Self(format!("must be {minimum} to {maximum}").into())),
        }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}
