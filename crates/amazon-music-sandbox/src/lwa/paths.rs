//! The paths of Login with Amazon.

/// The login page.
pub(crate) const AUTHORIZE: &str = "/ap/oa";

/// The token endpoint.
pub(crate) const TOKEN: &str = "/auth/o2/token";

/// The endpoint that issues the codes of a device.
pub(crate) const CODE_PAIR: &str = "/auth/o2/create/codepair";

/// The page where a user enters the code of a device.
pub(crate) const CODE: &str = "/code";

/// The profile of the user of an access token.
pub(crate) const PROFILE: &str = "/user/profile";
