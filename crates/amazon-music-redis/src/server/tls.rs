//! The TLS provider of the process.

/// Makes sure that the process has a TLS provider: the client would panic without.
///
/// # Errors
///
/// Returns what to do if it has none.
pub(super) fn check_provider() -> Result<(), &'static str> {
    #[cfg(not(feature = "rustls-no-provider"))]
    return Err(
        "this build has no TLS: enable the feature `rustls` or `ring` of amazon-music-redis",
    );
    #[cfg(feature = "rustls-no-provider")]
    {
        if rustls::crypto::CryptoProvider::get_default().is_some() {
            return Ok(());
        }
        // The client takes that of the process only. One that was installed meanwhile stays.
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        if cfg!(feature = "rustls") {
            Ok(())
        } else if cfg!(feature = "ring") {
            Err(
                "no TLS provider is installed: call `amazon_music::use_ring` at the beginning of the program",
            )
        } else {
            Err(
                "no TLS provider is installed: call `install_default` of one at the beginning of the \
                 program, or enable the feature `rustls` of amazon-music-redis",
            )
        }
    }
}
