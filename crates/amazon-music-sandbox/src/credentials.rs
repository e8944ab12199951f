//! Credentials that every sandbox accepts.

/// An access token that every sandbox accepts and that never expires. Published, and valid nowhere else.
pub const TOKEN: &str = "sandbox-access-token";

/// A security profile ID in the documented shape. Published, and valid only at a sandbox.
pub const SECURITY_PROFILE_ID: &str = "amzn1.application.sandbox";
