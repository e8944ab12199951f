//! TLS to Redis, with none, one and both of the providers. A provider is chosen once in a process, so each test
//! runs in one of its own.

use std::process::Command;

use amazon_music_redis::{FailureKind, Redis};
use rustls::crypto::CryptoProvider;

use crate::server;

const PROVIDERS: &str = "REDIS_TLS_TEST_PROVIDERS";
const PORT: &str = "REDIS_TLS_TEST_PORT";
const AUTHORITY: &str = "REDIS_TLS_TEST_AUTHORITY";

/// Run by the test below, in child processes; passes when run by itself.
#[tokio::test]
async fn connects_with_the_providers_of_its_environment() {
    let variable = |name| std::env::var(name).ok();
    let (Some(providers), Some(port), Some(authority)) =
        (variable(PROVIDERS), variable(PORT), variable(AUTHORITY))
    else {
        return;
    };
    for provider in providers.split_whitespace() {
        let provider = match provider {
            "ring" => rustls::crypto::ring::default_provider(),
            _ => rustls::crypto::aws_lc_rs::default_provider(),
        };
        // The second one stays out.
        let _ = provider.install_default();
    }
    let chosen =
        CryptoProvider::get_default().map(|provider| format!("{:?}", provider.key_provider));
    let url = format!("rediss://localhost:{port}");
    let pem = std::fs::read(authority).unwrap();
    let trusted = Redis::builder(&url).root_certificates(pem).build().unwrap();
    assert_eq!(trusted.check().await.unwrap(), []);
    let now = CryptoProvider::get_default().map(|provider| format!("{:?}", provider.key_provider));
    match chosen {
        Some(chosen) => assert_eq!(now, Some(chosen), "the process's own stays"),
        None => assert!(
            now.unwrap().contains("AwsLc"),
            "that of the feature `rustls`"
        ),
    }
    // An authority that is not trusted is an error.
    let failure = Redis::builder(&url)
        .build()
        .unwrap()
        .check()
        .await
        .unwrap_err();
    assert!(
        matches!(failure.kind(), FailureKind::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn any_provider_of_the_process_will_do() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = file("cert.pem", made.cert.pem());
    let key = file("key.pem", made.signing_key.serialize_pem());
    let port = server::free_port().to_string();
    let settings = [
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-auth-clients",
        "no",
        "--tls-ca-cert-file",
        &certificate,
    ];
    let Some(_server) = server::start_with(&settings) else {
        return;
    };
    for providers in [" ", "ring", "aws-lc", "ring aws-lc"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "tls::connects_with_the_providers_of_its_environment",
            ])
            .env(PROVIDERS, providers)
            .env(PORT, &port)
            .env(AUTHORITY, &certificate)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{providers}: {text}"
        );
    }
}
