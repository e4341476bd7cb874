//! The office's certificate authority and the hub's own certificate.
//!
//! Made at first start and kept beside the store, readable by the owner only. The authority signs hubs of
//! this office and nothing else; counters pin it. Dates in the certificates say nothing: a counter whose
//! clock is years off must still reach its hub.

use std::fs;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use motcua_core::ids::Hash;
use motcua_ledger::exchange::tls::{HUB_TLS_NAME, TlsError, fingerprint_of_pem};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The authority's certificate.
const CA_FILE: &str = "office-ca.pem";
/// The authority's key.
const CA_KEY_FILE: &str = "office-ca.key.pem";
/// The first year in which the certificates call themselves good.
const YEAR_FIRST: i32 = 2020;
/// The last one.
const YEAR_LAST: i32 = 2099;

/// The authority could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file could not be read or written.
    #[error("certificate files: {0}")]
    Io(#[from] io::Error),
    /// Only one of the two files is there: put the other back from a backup.
    #[error("of {CA_FILE} and {CA_KEY_FILE} only one is there: put the other back from a backup")]
    Half,
    /// A certificate could not be made or a key could not be read.
    #[error("certificate: {0}")]
    Rcgen(#[from] rcgen::Error),
    /// A file is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// rustls does not take the certificate.
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}

/// The office's authority.
#[derive(Debug)]
pub struct Authority {
    pem: String,
    fingerprint: Hash,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Reads the authority in `dir`, or makes one for `office`.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn open(dir: &Path, office: &str) -> Result<Self, AuthorityError> {
        let (certificate, key) = (dir.join(CA_FILE), dir.join(CA_KEY_FILE));
        match (certificate.exists(), key.exists()) {
            (true, true) => {
                let key = KeyPair::from_pem(&fs::read_to_string(key)?)?;
                Self::new(fs::read_to_string(certificate)?, key, office)
            }
            (false, false) => {
                let pair = KeyPair::generate()?;
                let pem = authority_params(office)?.self_signed(&pair)?.pem();
                write_private(&key, pair.serialize_pem().as_bytes())?;
                write_private(&certificate, pem.as_bytes())?;
                Self::new(pem, pair, office)
            }
            _ => Err(AuthorityError::Half),
        }
    }

    fn new(pem: String, key: KeyPair, office: &str) -> Result<Self, AuthorityError> {
        let fingerprint = fingerprint_of_pem(&pem)?;
        Ok(Self {
            pem,
            fingerprint,
            issuer: Issuer::new(authority_params(office)?, key),
        })
    }

    /// The certificate that counters pin, PEM.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Its SHA-256: what two people compare.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        self.fingerprint
    }

    /// A server set-up with a certificate made now for this machine's addresses. It lives in memory only.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn server_config(&self, addresses: &[IpAddr]) -> Result<ServerConfig, AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params =
            CertificateParams::new(vec![HUB_TLS_NAME.to_owned(), "localhost".to_owned()])?;
        params
            .subject_alt_names
            .extend(addresses.iter().map(|ip| SanType::IpAddress(*ip)));
        params
            .distinguished_name
            .push(DnType::CommonName, HUB_TLS_NAME);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        params.not_before = date_time_ymd(YEAR_FIRST, 1, 1);
        params.not_after = date_time_ymd(YEAR_LAST, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer)?;
        let authority =
            CertificateDer::from_pem_slice(self.pem.as_bytes()).map_err(TlsError::from)?;
        let chain = vec![certificate.der().clone(), authority];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn authority_params(office: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Một Cửa {office}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(YEAR_FIRST, 1, 1);
    params.not_after = date_time_ymd(YEAR_LAST, 1, 1);
    Ok(params)
}

/// Writes a file that only its owner can read, all of it or nothing.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_stays_the_same_over_restarts() {
        let dir = tempfile::tempdir().unwrap();
        let first = Authority::open(dir.path(), "H56.6.17").unwrap();
        let second = Authority::open(dir.path(), "H56.6.17").unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        second
            .server_config(&["127.0.0.1".parse().unwrap()])
            .unwrap();
    }

    #[test]
    fn two_offices_have_two_authorities() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Authority::open(a.path(), "H56.6.17").unwrap();
        let second = Authority::open(b.path(), "H56.6.17").unwrap();
        assert_ne!(first.fingerprint(), second.fingerprint());
    }

    #[test]
    fn a_lost_key_file_is_not_replaced_in_silence() {
        let dir = tempfile::tempdir().unwrap();
        Authority::open(dir.path(), "H56.6.17").unwrap();
        fs::remove_file(dir.path().join(CA_KEY_FILE)).unwrap();
        let error = Authority::open(dir.path(), "H56.6.17").unwrap_err();
        assert!(matches!(error, AuthorityError::Half));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_reads_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        Authority::open(dir.path(), "H56.6.17").unwrap();
        for file in [CA_FILE, CA_KEY_FILE] {
            let mode = fs::metadata(dir.path().join(file))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
}
