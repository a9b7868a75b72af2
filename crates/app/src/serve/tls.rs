//! HTTPS by certificate and key files, with rustls and ring; the files are read again on SIGHUP.

use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use kernel::{Fault, Refusal};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificate in use; connections that are open keep the one they began with.
pub struct Tls {
    cert: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// `app.tls_unusable`, naming the file.
    pub fn open(cert: &Path, key: &Path) -> Result<Self, Refusal> {
        Ok(Self {
            cert: cert.to_path_buf(),
            key: key.to_path_buf(),
            config: RwLock::new(read(cert, key)?),
        })
    }

    /// What a new connection is accepted with.
    pub fn acceptor(&self) -> TlsAcceptor {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&config))
    }

    /// Reads both files again; where they cannot be used, the ones before stay.
    ///
    /// # Errors
    /// `app.tls_unusable`, naming the file.
    pub fn reload(&self) -> Result<(), Refusal> {
        let config = read(&self.cert, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }
}

/// The certificates of a chain, the server's own first.
///
/// # Errors
/// `app.tls_unusable`, naming the file.
pub fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, Refusal> {
    let chain: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(file, error))?;
    if chain.is_empty() {
        return Err(unusable(file, Error::other("no CERTIFICATE")));
    }
    Ok(chain)
}

fn read(cert: &Path, key_file: &Path) -> Result<Arc<ServerConfig>, Refusal> {
    let chain = chain(cert)?;
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|error| unusable(key_file, error))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(cert, error))?;
    // Refuses a key that does not belong to the certificate.
    let mut config = builder
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| unusable(cert, error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn unusable(file: &Path, cause: impl std::fmt::Display) -> Refusal {
    Refusal::new("app.tls_unusable", Fault::Refused)
        .at(file.display())
        .fact("cause", cause)
}
