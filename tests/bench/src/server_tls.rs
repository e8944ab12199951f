//! A server over TLS, with a certificate of an authority of its own.

use std::{
    env, fs,
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivateKeyDer};

use crate::bodies::Response;

/// Root certificates of the usual systems.
const ROOTS: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// Serves a page of two tracks until standard input is closed. Prints its URL, and a file with the root
/// certificates of the system and its own.
pub(crate) fn serve() {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_single_cert(vec![certificate.der().clone()], key);
    let config = Arc::new(config.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("https://{}", listener.local_addr().unwrap());
    println!("{}", roots(&authority.pem()));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, config) = (stream.unwrap(), config.clone());
            thread::spawn(move || connection(stream, config));
        }
    });
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}

fn roots(own: &str) -> String {
    let of_system = ROOTS.iter().find_map(|path| fs::read_to_string(path).ok());
    let file = env::temp_dir().join(format!("roots-{}.pem", std::process::id()));
    fs::write(&file, of_system.unwrap_or_default() + own).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Serves one page to each connection's requests. Clients that end without a farewell are no failure.
fn connection(stream: TcpStream, config: Arc<ServerConfig>) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let (mut received, mut filled, mut response) = (vec![0; 8192], 0, String::new());
    Response::render("/browse/tracks/top", 2).write(&mut response, 1, 1);
    loop {
        match stream.read(&mut received[filled..]) {
            Ok(0) | Err(_) => return,
            Ok(length) => filled += length,
        }
        if received[..filled].ends_with(b"\r\n\r\n") {
            filled = 0;
            if stream.write_all(response.as_bytes()).is_err() {
                return;
            }
        }
    }
}
