//! The errors of a build without TLS: run without any feature, and with `rustls-no-provider` alone.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use amazon_music::AmazonMusic;

#[cfg(not(any(
    feature = "rustls",
    feature = "rustls-no-provider",
    feature = "native-tls"
)))]
#[test]
fn without_tls_an_https_url_is_refused_with_what_to_add_and_loopback_is_not() {
    let builder = || {
        AmazonMusic::builder()
            .security_profile_id("profile")
            .token("token")
    };
    let error = builder().build().unwrap_err();
    insta::assert_snapshot!(error, @"the base URL is https, and this build has no TLS: enable the feature `rustls`, `ring`, `native-tls` or `rustls-no-provider` of amazon-music");
    builder().base_url("http://127.0.0.1:1/v1").build().unwrap();
}

#[cfg(all(
    feature = "rustls-no-provider",
    not(any(feature = "rustls", feature = "ring", feature = "native-tls"))
))]
#[test]
fn without_a_provider_a_client_is_refused_with_what_to_install() {
    let error = |url: &str| {
        let builder = AmazonMusic::builder()
            .security_profile_id("profile")
            .token("token");
        builder.base_url(url).build().unwrap_err().to_string()
    };
    let error_at_loopback = error("http://127.0.0.1:1/v1");
    assert_eq!(error("https://api.music.amazon.dev/v1"), error_at_loopback);
    insta::assert_snapshot!(error_at_loopback, @"no TLS provider is installed: enable the feature `ring` of amazon-music and call `amazon_music::use_ring` at the beginning of the program, call `install_default` of another provider, or enable the feature `rustls`");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn with_tls_a_client_is_made() {
    let builder = AmazonMusic::builder()
        .security_profile_id("profile")
        .token("token");
    builder.build().unwrap();
}

#[cfg(all(feature = "ring", not(any(feature = "rustls", feature = "native-tls"))))]
#[test]
fn ring_is_used_once_the_program_chooses_it() {
    let build = || {
        AmazonMusic::builder()
            .security_profile_id("profile")
            .token("token")
            .build()
    };
    let error = build().unwrap_err();
    insta::assert_snapshot!(error, @"no TLS provider is installed: call `amazon_music::use_ring` at the beginning of the program");
    assert!(amazon_music::use_ring());
    assert!(!amazon_music::use_ring(), "the process has a provider");
    build().unwrap();
}
