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
/// assert_eq!(
///     error.to_string(),
///     "must not be empty, `.` or `..`, or hold a slash, a backslash or a control character"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    pub(crate) const fn fixed(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }

    /// Accepts an id that cannot change the path of the request it becomes part of.
    ///
    /// A URL resolves `.` and `..` even if they are percent-encoded. Slashes, backslashes and control
    /// characters could be encoded, but gateways are known to decode them before they route a request or
    /// forward its path, in a header too. All else is encoded and stays part of the id.
    pub(crate) fn check_path_id(value: &str) -> Result<(), Self> {
        let changes_path = |character: char| "/\\".contains(character) || character.is_control();
        if ["", ".", ".."].contains(&value) || value.contains(changes_path) {
            let text = "must not be empty, `.` or `..`, or hold a slash, a backslash or a control character";
            return Err(Self::fixed(text));
        }
        Ok(())
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
