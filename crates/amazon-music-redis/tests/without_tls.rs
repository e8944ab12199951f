//! `rediss://` in builds that have no TLS, or no provider of it: an error before anything is sent. `.ci/run` runs
//! this alone, without features and with `ring`.
#![cfg(not(feature = "rustls"))]
#![allow(clippy::unwrap_used)]

use amazon_music_redis::{FailureKind, Redis};

#[tokio::test]
async fn a_process_without_a_provider_is_told_what_to_do() {
    let redis = Redis::builder("rediss://127.0.0.1:1").build();
    let failure = match redis {
        Ok(redis) => redis.check().await.unwrap_err(),
        Err(failure) => failure,
    };
    let FailureKind::NoTlsProvider(remedy) = failure.kind() else {
        panic!("{failure}");
    };
    let wanted = if cfg!(feature = "ring") {
        "no TLS provider is installed: call `amazon_music::use_ring` at the beginning of the program"
    } else if cfg!(feature = "rustls-no-provider") {
        "no TLS provider is installed: call `install_default` of one at the beginning of the program, or enable \
         the feature `rustls` of amazon-music-redis"
    } else {
        "this build has no TLS: enable the feature `rustls` or `ring` of amazon-music-redis"
    };
    assert_eq!(*remedy, wanted);
    #[cfg(feature = "ring")]
    {
        assert!(amazon_music::use_ring());
        let redis = Redis::builder("rediss://127.0.0.1:1").build().unwrap();
        let failure = redis.check().await.unwrap_err();
        assert!(
            matches!(failure.kind(), FailureKind::Unreachable(_)),
            "{failure}"
        );
    }
}
