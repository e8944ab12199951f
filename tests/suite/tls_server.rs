//! A server behind TLS with a certificate of its own authority.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer,
        server::WebPkiClientVerifier,
    },
};

const PAGE: &str = r#"{"data":{"topTracks":{"edges":[{"node":{"id":"a"}}]}}}"#;
const TOKEN: &str = r#"{"access_token":"Atza|new","expires_in":3600}"#;

/// A running server. A GET is answered with a page of tracks, a POST with a token.
pub(crate) struct TlsServer {
    /// `https://127.0.0.1:PORT`
    pub(crate) url: String,
    /// The certificate of the authority, in PEM.
    pub(crate) authority: String,
    /// A key and a certificate of that authority for a client, in PEM.
    pub(crate) client: String,
    connections: Arc<AtomicUsize>,
}

/// A key and a certificate that the authority signed.
fn issue(authority: &CertifiedIssuer<'_, KeyPair>) -> (KeyPair, Certificate) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    (key, certificate)
}

impl TlsServer {
    /// Starts a server for anybody.
    pub(crate) async fn start() -> Self {
        Self::run(false).await
    }

    /// Starts a server for clients with a certificate of its authority.
    pub(crate) async fn start_for_known_clients() -> Self {
        Self::run(true).await
    }

    async fn run(known_clients: bool) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if known_clients {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der().clone()).unwrap();
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let (key, certificate) = issue(&authority);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let connections = Arc::<AtomicUsize>::default();
        tokio::spawn(serve(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            Arc::clone(&connections),
        ));
        let client = issue(&authority);
        Self {
            url,
            authority: authority.pem(),
            client: client.0.serialize_pem() + &client.1.pem(),
            connections,
        }
    }

    /// The connections that were opened, whether or not the certificate pleased.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, connections: Arc<AtomicUsize>) {
    while let Ok((stream, _)) = listener.accept().await {
        connections.fetch_add(1, Ordering::SeqCst);
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let mut stream = acceptor.accept(stream).await?;
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await?;
            let body = match request[..length].starts_with(b"POST") {
                true => TOKEN,
                false => PAGE,
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all((head + body).as_bytes()).await?;
            stream.shutdown().await
        });
    }
}
