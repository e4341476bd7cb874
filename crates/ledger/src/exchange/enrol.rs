//! Joining an office: the text behind the QR or typed by a person, and the one call that turns it into
//! an address with a pinned authority.
//!
//! Nothing is sent to a hub whose authority was not compared: by the QR, by digits that a person typed, or by
//! [`look_at`] and two people's eyes.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::SigningKey;
use motcua_core::ids::{DeviceId, Hash, ScopeId};

use super::client::{ClientError, HubClient};
use super::tls::{FINGERPRINT_DIGITS_MIN, TlsError, Trust, fingerprint_of_pem};
use super::trouble::Trouble;
use super::wire::{EnrollRequest, codes};

/// The port a hub listens on unless told otherwise.
pub const HUB_PORT: u16 = 7443;
/// Digits of an enrolment code.
pub const ENROL_CODE_DIGITS: usize = 6;
/// What the text of an enrolment begins with.
const TICKET_MARK: &str = "MOTCUA1";

/// Everything a machine needs to join an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolTicket {
    /// `https://host:port`.
    pub url: String,
    /// Six digits.
    pub code: String,
    /// The beginning of the authority's fingerprint, lower-case hexadecimal, 16 to 64 digits.
    pub fingerprint: String,
}

/// What is wrong with the text of an enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Not the text of an enrolment at all.
    #[error("not the text of an enrolment")]
    NotATicket,
    /// The address is none.
    #[error("the address is not of the form host or host:port")]
    Address,
    /// The code is not six digits.
    #[error("the code is not six digits")]
    Code,
    /// The fingerprint is too short or no hexadecimal text.
    #[error("the fingerprint is not at least 16 hexadecimal digits")]
    Fingerprint,
}

impl EnrolTicket {
    /// From what a person typed: blanks and hyphens do not matter, the port may be left out.
    ///
    /// # Errors
    /// [`TicketError`] with the part that is wrong.
    pub fn from_typed(address: &str, code: &str, fingerprint: &str) -> Result<Self, TicketError> {
        let squeeze = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_whitespace() && *c != '-' && *c != ':')
                .collect()
        };
        let (code, fingerprint) = (squeeze(code), squeeze(fingerprint).to_ascii_lowercase());
        if code.len() != ENROL_CODE_DIGITS || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TicketError::Code);
        }
        let is_long_enough = (FINGERPRINT_DIGITS_MIN..=64).contains(&fingerprint.len());
        if !is_long_enough || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(TicketError::Fingerprint);
        }
        Ok(Self {
            url: hub_url(address)?,
            code,
            fingerprint,
        })
    }
}

/// The text that goes into the QR on the hub's screen.
impl fmt::Display for EnrolTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{TICKET_MARK} {} {} {}",
            self.url, self.code, self.fingerprint
        )
    }
}

impl FromStr for EnrolTicket {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        let mut parts = text.split_whitespace();
        let whole = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        );
        match whole {
            (Some(TICKET_MARK), Some(url), Some(code), Some(fingerprint), None) => {
                Self::from_typed(url, code, fingerprint)
            }
            _ => Err(TicketError::NotATicket),
        }
    }
}

/// A hub's address from `host`, `host:port`, `[v6]:port` or `https://…`.
///
/// # Errors
/// [`TicketError::Address`].
pub fn hub_url(typed: &str) -> Result<String, TicketError> {
    let typed = typed.trim().trim_end_matches('/');
    let authority = typed.strip_prefix("https://").unwrap_or(typed);
    let is_bare_v6 = authority.parse::<std::net::Ipv6Addr>().is_ok();
    let with_port = match authority.rsplit_once(':') {
        _ if is_bare_v6 => format!("[{authority}]:{HUB_PORT}"),
        Some((host, port)) if port.parse::<u16>().is_ok() && !host.is_empty() => {
            authority.to_owned()
        }
        None if !authority.is_empty() => format!("{authority}:{HUB_PORT}"),
        _ => return Err(TicketError::Address),
    };
    let url = format!("https://{with_port}");
    let parsed = reqwest::Url::parse(&url).map_err(|_| TicketError::Address)?;
    let is_plain = parsed.path() == "/" && parsed.query().is_none() && parsed.username().is_empty();
    if is_plain && parsed.has_host() {
        Ok(url)
    } else {
        Err(TicketError::Address)
    }
}

/// Why a machine could not join.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The code is not the one on the hub's screen.
    #[error("wrong code")]
    WrongCode,
    /// Too many wrong codes: a new one must be opened at the hub.
    #[error("too many wrong codes")]
    Locked,
    /// No code is open at the hub, or it has run out.
    #[error("no code is open")]
    Closed,
    /// Every place of the office is taken.
    #[error("no slot is free")]
    NoSlot,
    /// The hub sent another authority than the one that was compared.
    #[error("the hub's authority has another fingerprint")]
    OtherAuthority,
    /// The call failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The client could not be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The hub's authority is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A machine that has joined: to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// `https://host:port`.
    pub url: String,
    /// The office's authority, pinned from now on.
    pub ca_pem: String,
    /// The device as the hub recorded it.
    pub device: DeviceId,
    /// The epoch to write in.
    pub epoch: u32,
    /// The own number slice.
    pub slot: u16,
    /// The office's log.
    pub scope: ScopeId,
    /// The hub's name for people.
    pub hub: String,
}

/// A hub as it presents itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name for people.
    pub hub: String,
    /// The office's log.
    pub scope: ScopeId,
    /// To be compared with the one on the hub's screen.
    pub fingerprint: Hash,
}

/// Asks a hub for its authority, believing nothing, so that a person can compare.
///
/// # Errors
/// [`EnrolError`].
pub async fn look_at(url: &str) -> Result<Seen, EnrolError> {
    let identity = HubClient::new(url, &Trust::Look)?.identity().await?;
    let fingerprint = fingerprint_of_pem(&identity.ca_pem)?;
    Ok(Seen {
        hub: identity.hub,
        scope: identity.scope,
        fingerprint,
    })
}

/// Joins the office.
///
/// # Errors
/// [`EnrolError`].
pub async fn enrol(
    ticket: &EnrolTicket,
    device: DeviceId,
    key: &SigningKey,
    name: &str,
) -> Result<Joined, EnrolError> {
    let client = HubClient::new(&ticket.url, &Trust::Fingerprint(ticket.fingerprint.clone()))?;
    let request = EnrollRequest {
        code: ticket.code.clone(),
        device,
        public_key: hex::encode(key.verifying_key().to_bytes()),
        name: name.to_owned(),
    };
    let answer = client.enroll(&request).await.map_err(of_trouble)?;
    let is_compared = fingerprint_of_pem(&answer.ca_pem)?
        .to_string()
        .starts_with(&ticket.fingerprint);
    if !is_compared {
        return Err(EnrolError::OtherAuthority);
    }
    Ok(Joined {
        url: ticket.url.clone(),
        ca_pem: answer.ca_pem,
        device: answer.device,
        epoch: answer.epoch,
        slot: answer.slot,
        scope: answer.scope,
        hub: answer.hub,
    })
}

fn of_trouble(trouble: Trouble) -> EnrolError {
    match trouble {
        Trouble::Refused { code } if code == codes::ENROL_WRONG_CODE => EnrolError::WrongCode,
        Trouble::Refused { code } if code == codes::ENROL_LOCKED => EnrolError::Locked,
        Trouble::Refused { code } if code == codes::ENROL_CLOSED => EnrolError::Closed,
        Trouble::Refused { code } if code == codes::NO_SLOT => EnrolError::NoSlot,
        other => EnrolError::Trouble(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINGERPRINT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn the_text_on_the_screen_is_read_back() {
        let ticket = EnrolTicket::from_typed("192.168.1.5", "123 456", FINGERPRINT).unwrap();
        assert_eq!(ticket.url, "https://192.168.1.5:7443");
        assert_eq!(ticket.to_string().parse(), Ok(ticket));
    }

    #[test]
    fn a_person_may_type_it_their_way() {
        let ticket =
            EnrolTicket::from_typed(" may-quay-1 ", "123-456", "0011 2233 4455 6677 ").unwrap();
        assert_eq!(ticket.url, "https://may-quay-1:7443");
        assert_eq!(
            (ticket.code.as_str(), ticket.fingerprint.as_str()),
            ("123456", "0011223344556677")
        );
    }

    #[test]
    fn each_wrong_part_is_named() {
        let cases = [
            ("", "123456", FINGERPRINT, TicketError::Address),
            ("http://a", "123456", FINGERPRINT, TicketError::Address),
            ("a:port", "123456", FINGERPRINT, TicketError::Address),
            ("a/b", "123456", FINGERPRINT, TicketError::Address),
            ("kẻ@gian", "123456", FINGERPRINT, TicketError::Address),
            ("a", "12345", FINGERPRINT, TicketError::Code),
            ("a", "12345x", FINGERPRINT, TicketError::Code),
            ("a", "１２３４５６", FINGERPRINT, TicketError::Code),
            ("a", "123456", "0011", TicketError::Fingerprint),
            ("a", "123456", "xyz1223344556677", TicketError::Fingerprint),
        ];
        for (address, code, fingerprint, expected) in cases {
            let error = EnrolTicket::from_typed(address, code, fingerprint).unwrap_err();
            assert_eq!(error, expected, "{address} {code} {fingerprint}");
        }
        assert_eq!(
            "https://example.vn".parse::<EnrolTicket>(),
            Err(TicketError::NotATicket)
        );
    }

    #[test]
    fn addresses_of_both_families_are_understood() {
        assert_eq!(hub_url("[fe80::1]:9000").unwrap(), "https://[fe80::1]:9000");
        assert_eq!(hub_url("fe80::1").unwrap(), "https://[fe80::1]:7443");
        assert_eq!(
            hub_url("https://hub.local:9000/").unwrap(),
            "https://hub.local:9000"
        );
    }
}
