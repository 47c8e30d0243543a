//! TLS for targets that trust the system's certificate authorities and show no certificate of their own.
//! It is set up once for all of them: the authorities of most systems are some hundreds of files, and
//! reading those takes as long as rendering ten notes.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;

/// What reqwest sets up by itself for such a client: the platform's verifier, HTTP/2 where it is offered.
///
/// # Errors
/// When the system's authorities cannot be read.
pub(super) fn shared() -> Result<ClientConfig, rustls::Error> {
    static SHARED: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(known) = SHARED.get() {
        return Ok(known.clone());
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let mut config = builder.with_platform_verifier()?.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(SHARED.get_or_init(|| config).clone())
}

#[cfg(test)]
mod tests {
    use rustls::{ClientConnection, server::Acceptor};

    use super::*;

    #[test]
    fn a_server_is_offered_http_2_first() {
        let name = "blog.example".try_into().unwrap();
        let mut client = ClientConnection::new(Arc::new(shared().unwrap()), name).unwrap();
        let mut sent = Vec::new();
        client.write_tls(&mut sent).unwrap();
        let mut server = Acceptor::default();
        server.read_tls(&mut &sent[..]).unwrap();
        let accepted = server.accept().ok().flatten().unwrap();
        let hello = accepted.client_hello();
        assert_eq!(hello.alpn().unwrap().collect::<Vec<_>>(), [&b"h2"[..], b"http/1.1"]);
        assert_eq!(hello.server_name(), Some("blog.example"));
    }
}
