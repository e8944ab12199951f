//! The TLS provider of the process.

/// Whether this build can speak TLS at all.
pub(crate) const IS_ENABLED: bool = cfg!(any(
    feature = "rustls",
    feature = "rustls-no-provider",
    feature = "native-tls"
));

/// Whether reqwest brings no provider to rustls and has no other TLS: it panics then if the process has none,
/// be it for a loopback address.
#[cfg(feature = "rustls-no-provider")]
const NEEDS_PROVIDER: bool = cfg!(not(any(feature = "rustls", feature = "native-tls")));

/// Makes [ring](https://docs.rs/ring) the TLS provider of this process, unless it has one already.
///
/// Call it at the beginning of `main`, in a program that has the feature `ring`. A library should leave the
/// choice to the program. All settings of [`configure_http`](crate::Builder::configure_http) work as with
/// any other provider.
///
/// Returns whether ring was installed; `false` if the process had a provider, which stays. If other TLS
/// features are enabled as well, ring takes precedence over the provider of `rustls` once it is installed.
///
/// ```
/// amazon_music::use_ring();
/// let music = amazon_music::AmazonMusic::builder()
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .token("Atza|...")
///     .build()?;
/// # drop(music);
/// # Ok::<_, amazon_music::Error>(())
/// ```
#[cfg(feature = "ring")]
pub fn use_ring() -> bool {
    rustls::crypto::ring::default_provider()
        .install_default()
        .is_ok()
}

/// Checks that the process has a TLS provider, if this build needs one.
///
/// # Errors
///
/// Returns what to do if it has none.
pub(crate) fn check_provider() -> Result<(), &'static str> {
    #[cfg(feature = "rustls-no-provider")]
    if NEEDS_PROVIDER && rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(if cfg!(feature = "ring") {
            "no TLS provider is installed: call `amazon_music::use_ring` at the beginning of the program"
        } else {
            "no TLS provider is installed: enable the feature `ring` of amazon-music and call \
             `amazon_music::use_ring` at the beginning of the program, call `install_default` of another \
             provider, or enable the feature `rustls`"
        });
    }
    Ok(())
}
