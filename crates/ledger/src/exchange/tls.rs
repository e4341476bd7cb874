//! Whom a desk trusts on the line: the office's own certificate authority and nobody else.
//!
//! Two things that a browser checks are deliberately not checked. The address: a hub has whatever
//! address the office's network gives it, so its certificate carries one constant name
//! ([`HUB_TLS_NAME`]) and the authority signs only hubs. The date: a PC whose clock says 2019 must still
//! reach its hub, because the hub is how it learns the time.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use motcua_core::ids::Hash;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};

/// The name that every hub's certificate carries.
pub const HUB_TLS_NAME: &str = "hub.motcua.internal";

/// The time at which certificates are checked, seconds since 1970: 2026-07-01. Every certificate that the
/// house makes is good then.
const CHECKED_AT_SECONDS: u64 = 1_782_864_000;

/// The fewest hexadecimal digits of a fingerprint that are accepted from a person: 64 bits.
pub const FINGERPRINT_DIGITS_MIN: usize = 16;

/// Text that is no certificate, or a set-up that rustls refuses.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Not a certificate in PEM.
    #[error("not a certificate: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// The certificate cannot be an authority.
    #[error("not an authority: {0}")]
    Verifier(#[from] rustls::client::VerifierBuilderError),
    /// rustls refuses.
    #[error(transparent)]
    Rustls(#[from] Error),
}

/// SHA-256 of a certificate: what two people compare on two screens.
#[must_use]
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Hash {
    Hash::of(certificate)
}

/// The fingerprint of the first certificate in PEM text.
///
/// # Errors
/// [`TlsError::Pem`].
pub fn fingerprint_of_pem(pem: &str) -> Result<Hash, TlsError> {
    Ok(fingerprint(&CertificateDer::from_pem_slice(
        pem.as_bytes(),
    )?))
}

/// Whom to believe.
#[derive(Clone, Debug)]
pub enum Trust {
    /// An enrolled desk: this authority, PEM.
    Office(String),
    /// A desk that joins: the authority whose fingerprint begins with these lower-case hexadecimal digits,
    /// at least [`FINGERPRINT_DIGITS_MIN`].
    Fingerprint(String),
    /// Nobody is believed and nothing may be sent but a question for the fingerprint itself.
    Look,
}

/// A client's TLS set-up for one kind of trust.
///
/// # Errors
/// [`TlsError`].
pub fn client_config(trust: &Trust) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Office(pem) => {
            let ca = CertificateDer::from_pem_slice(pem.as_bytes())?;
            Arc::new(HubVerifier {
                inner: office_verifier(ca, &provider)?,
            })
        }
        Trust::Fingerprint(prefix) => Arc::new(FingerprintVerifier {
            prefix: prefix.to_ascii_lowercase(),
            provider: Arc::clone(&provider),
        }),
        Trust::Look => Arc::new(FingerprintVerifier {
            prefix: String::new(),
            provider: Arc::clone(&provider),
        }),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// A certificate in PEM.
#[must_use]
pub fn to_pem(certificate: &CertificateDer<'_>) -> String {
    const LINE_CHARS: usize = 64;
    let body = BASE64.encode(certificate);
    let lines: Vec<&str> = (0..body.len())
        .step_by(LINE_CHARS)
        .map(|at| &body[at..body.len().min(at + LINE_CHARS)])
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

fn office_verifier(
    ca: CertificateDer<'_>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.into_owned())?;
    Ok(
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()?,
    )
}

/// Checks the chain to the office's authority, the hub's constant name, and nothing that moves.
#[derive(Debug)]
struct HubVerifier {
    inner: Arc<WebPkiServerVerifier>,
}

impl HubVerifier {
    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> Result<ServerCertVerified, Error> {
        let name = ServerName::try_from(HUB_TLS_NAME)
            .map_err(|_| Error::General("the hub's name is no DNS name".to_owned()))?;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(CHECKED_AT_SECONDS));
        self.inner
            .verify_server_cert(end_entity, intermediates, &name, &[], at)
    }
}

impl ServerCertVerifier for HubVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verify(end_entity, intermediates)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Finds the authority in what the hub presents, by its fingerprint, and then checks as usual. An empty
/// prefix believes any hub that is consistent with its own authority.
#[derive(Debug)]
struct FingerprintVerifier {
    prefix: String,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug, thiserror::Error)]
#[error("the authority has another fingerprint")]
struct OtherFingerprint;

impl ServerCertVerifier for FingerprintVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let other = || CertificateError::Other(OtherError(Arc::new(OtherFingerprint)));
        let ca = intermediates
            .iter()
            .find(|ca| fingerprint(ca).to_string().starts_with(&self.prefix))
            .ok_or_else(other)?;
        let inner = office_verifier(ca.clone(), &self.provider)
            .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        HubVerifier { inner }.verify(end_entity, intermediates)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_survives_its_pem() {
        let der = CertificateDer::from(vec![0x30_u8; 200]);
        let pem = to_pem(&der);
        assert_eq!(fingerprint_of_pem(&pem).unwrap(), fingerprint(&der));
        assert!(pem.lines().all(|line| line.len() <= 64), "{pem}");
    }

    #[test]
    fn text_that_is_no_certificate_is_refused() {
        assert!(matches!(
            client_config(&Trust::Office("<html>".into())),
            Err(TlsError::Pem(_))
        ));
        assert!(fingerprint_of_pem("").is_err());
    }
}
