//! The signature of a message: Ed25519, in the form of HTTP Signatures.
//!
//! ```text
//! Signature: namespace="dci", kidId="SENDER|KEY|ed25519", algorithm="ed25519", created="…", expires="…",
//!            headers="(created) (expires) digest", signature="BASE64"
//! signed:    (created): SECONDS \n (expires): SECONDS \n digest: SHA-256=BASE64
//! digest:    SHA-256 of the canonical JSON of the header, followed by that of the message
//! ```
//! The standard leaves the digest open; `docs/decisions/0018` says why it is this one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde_json::Value;

use crate::canonical;

const ALGORITHM: &str = "ed25519";
const SIGNED: &str = "(created) (expires) digest";
/// A signature stands for so long at most, in seconds; what was answered is kept longer, so that nothing is heard twice.
const LIFE_MAX: i64 = 24 * 60 * 60;
/// Clocks may differ by so much, in seconds.
const SKEW: i64 = 5 * 60;

/// A signature as it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// Who signed.
    pub sender_id: String,
    /// With which of their keys.
    pub key_id: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// Until when it stands.
    pub expires: i64,
    bytes: Vec<u8>,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignatureFault {
    /// It is not written as one.
    Form,
    /// It is by another algorithm, or over something else.
    Algorithm,
    /// It is from the future, past its end, or stands for too long.
    Time,
    /// It is not of this key over this message.
    Wrong,
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "the signature is not written as one",
            Self::Algorithm => "the signature is not ed25519 over (created) (expires) digest",
            Self::Time => "the signature is not in force now, or for more than 24 hours",
            Self::Wrong => "the signature is not of the sender's key over this header and message",
        })
    }
}

impl Signature {
    /// Reads a signature.
    ///
    /// # Errors
    /// [`SignatureFault::Form`], [`SignatureFault::Algorithm`].
    pub fn read(text: &str) -> Result<Self, SignatureFault> {
        let text = text.trim();
        let text = text.strip_prefix("Signature:").unwrap_or(text);
        let field = |name: &str| {
            let mut parts = text.split(", ");
            let value = parts.find_map(|part| part.trim().strip_prefix(name)?.strip_prefix("=\""));
            value
                .and_then(|value| value.strip_suffix('"'))
                .ok_or(SignatureFault::Form)
        };
        let mut key = field("kidId")?.split('|');
        let (sender_id, key_id, algorithm) = (key.next(), key.next(), key.next());
        let (Some(sender_id), Some(key_id), Some(algorithm), None) =
            (sender_id, key_id, algorithm, key.next())
        else {
            return Err(SignatureFault::Form);
        };
        if algorithm != ALGORITHM || field("algorithm")? != ALGORITHM || field("headers")? != SIGNED {
            return Err(SignatureFault::Algorithm);
        }
        let seconds = |name| field(name)?.parse().map_err(|_| SignatureFault::Form);
        Ok(Self {
            sender_id: sender_id.to_owned(),
            key_id: key_id.to_owned(),
            created: seconds("created")?,
            expires: seconds("expires")?,
            bytes: STANDARD
                .decode(field("signature")?)
                .map_err(|_| SignatureFault::Form)?,
        })
    }

    /// Holds it against a key (32 bytes), a message and the time.
    ///
    /// # Errors
    /// [`SignatureFault::Time`], [`SignatureFault::Wrong`].
    pub fn require(
        &self,
        key: &[u8],
        header: &Value,
        message: &Value,
        now: i64,
    ) -> Result<(), SignatureFault> {
        let life = self.expires.saturating_sub(self.created);
        let is_now = self.created <= now.saturating_add(SKEW) && now < self.expires;
        if !is_now || !(1..=LIFE_MAX).contains(&life) {
            return Err(SignatureFault::Time);
        }
        let signed = signed(self.created, self.expires, header, message);
        UnparsedPublicKey::new(&ED25519, key)
            .verify(signed.as_bytes(), &self.bytes)
            .map_err(|_| SignatureFault::Wrong)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sender_id,
            key_id,
            created,
            expires,
            bytes,
        } = self;
        write!(
            f,
            "Signature: namespace=\"dci\", kidId=\"{sender_id}|{key_id}|{ALGORITHM}\", algorithm=\"{ALGORITHM}\", \
             created=\"{created}\", expires=\"{expires}\", headers=\"{SIGNED}\", signature=\"{}\"",
            STANDARD.encode(bytes)
        )
    }
}

/// A key that signs.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The key of a seed, the same each time; none where it is not of 32 bytes.
    #[must_use]
    pub fn of(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// The public key in base64, as partners are given it.
    #[must_use]
    pub fn public(&self) -> String {
        STANDARD.encode(self.0.public_key().as_ref())
    }

    /// By what the key is told from others: the beginning of the hash of the public key.
    #[must_use]
    pub fn id(&self) -> String {
        let hash = hex::encode(digest(&SHA256, self.0.public_key().as_ref()).as_ref());
        hash.chars().take(16).collect()
    }

    /// Signs a message in the name of a sender, from now for so many seconds.
    #[must_use]
    pub fn sign(
        &self,
        sender_id: &str,
        header: &Value,
        message: &Value,
        (created, life): (i64, i64),
    ) -> Signature {
        let expires = created.saturating_add(life);
        let signed = signed(created, expires, header, message);
        Signature {
            sender_id: sender_id.to_owned(),
            key_id: self.id(),
            created,
            expires,
            bytes: self.0.sign(signed.as_bytes()).as_ref().to_vec(),
        }
    }
}

/// The bytes of a public key as an administrator gives it: base64, or hexadecimal.
#[must_use]
pub fn public_key(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    let bytes = hex::decode(text).ok().or_else(|| STANDARD.decode(text).ok())?;
    bytes.try_into().ok()
}

fn signed(created: i64, expires: i64, header: &Value, message: &Value) -> String {
    let both = canonical(header) + &canonical(message);
    let digest = STANDARD.encode(digest(&SHA256, both.as_bytes()).as_ref());
    format!("(created): {created}\n(expires): {expires}\ndigest: SHA-256={digest}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signature_holds_for_its_key_message_and_time_only() {
        let key = SigningKey::of(&[1; 32]).unwrap();
        let (header, message) = (
            json!({ "message_id": "1", "action": "search" }),
            json!({ "b": 1, "a": 2 }),
        );
        let sent = key.sign("SP", &header, &message, (1_000, 600)).to_string();
        let read = Signature::read(&sent).unwrap();
        assert_eq!(read.to_string(), sent);
        assert_eq!((read.sender_id.as_str(), read.key_id), ("SP", key.id()));
        let read = Signature::read(&sent).unwrap();
        let public = public_key(&key.public()).unwrap();
        let other = public_key(&SigningKey::of(&[2; 32]).unwrap().public()).unwrap();
        let reordered = json!({ "a": 2, "b": 1 });
        for (key, header, message, now, held) in [
            (&public, &header, &reordered, 1_000, Ok(())),
            (&public, &header, &message, 1_599, Ok(())),
            (&public, &header, &message, 1_600, Err(SignatureFault::Time)),
            (&public, &header, &message, 600, Err(SignatureFault::Time)),
            (
                &public,
                &header,
                &json!({ "a": 2, "b": 3 }),
                1_000,
                Err(SignatureFault::Wrong),
            ),
            (&public, &json!({}), &message, 1_000, Err(SignatureFault::Wrong)),
            (&other, &header, &message, 1_000, Err(SignatureFault::Wrong)),
        ] {
            assert_eq!(read.require(key, header, message, now), held);
        }
        let long = key.sign("SP", &header, &message, (1_000, LIFE_MAX + 1));
        assert_eq!(
            long.require(&public, &header, &message, 1_000),
            Err(SignatureFault::Time)
        );
    }

    #[test]
    fn what_is_not_written_as_a_signature_is_refused() {
        let good = SigningKey::of(&[1; 32])
            .unwrap()
            .sign("SP", &json!(1), &json!(2), (1, 2))
            .to_string();
        for (from, to, fault) in [
            ("Signature: ", "Signature: ", None),
            ("Signature: ", "", None),
            ("kidId", "keyId", Some(SignatureFault::Form)),
            ("SP|", "SP||", Some(SignatureFault::Form)),
            ("created=\"1\"", "created=\"soon\"", Some(SignatureFault::Form)),
            (
                "algorithm=\"ed25519\"",
                "algorithm=\"none\"",
                Some(SignatureFault::Algorithm),
            ),
            ("(created) ", "", Some(SignatureFault::Algorithm)),
            ("signature=\"", "signature=\"!", Some(SignatureFault::Form)),
        ] {
            let read = Signature::read(&good.replacen(from, to, 1));
            assert_eq!(read.err(), fault, "{from}");
        }
        assert_eq!(Signature::read("").err(), Some(SignatureFault::Form));
    }
}
