//! The rules that several commands of payments share, and the names under which things are sealed.

use std::fmt::Display;

use kernel::{Fault, Refusal};
use sha2::{Digest as _, Sha256};
use store::Keyring;

use super::model::LineId;

/// The longest key of a batch or a line, in characters.
const KEY_CHARS_MAX: usize = 80;
/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;
/// What a bank's messages take of a name or a text, in characters.
const TEXT_CHARS_MAX: usize = 140;

/// A refusal about something by its key.
pub(super) fn refused(code: &'static str, key: &str) -> Refusal {
    Refusal::new(code, Fault::Refused).at(key)
}

/// A key is 1 to 80 visible ASCII characters.
pub(super) fn require_key(key: &str) -> Result<(), Refusal> {
    let is_key =
        (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|letter| letter.is_ascii_graphic());
    if is_key {
        return Ok(());
    }
    let refusal = refused("payments.bad_key", "key").value(key);
    Err(refusal.fact("max", KEY_CHARS_MAX))
}

/// A text that a bank's messages take: not empty, no blank at its ends, no control characters, not too long.
pub(super) fn require_text(at: &str, text: &str) -> Result<(), Refusal> {
    let is_plain = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    if is_plain && text.chars().count() <= TEXT_CHARS_MAX {
        return Ok(());
    }
    let refusal = refused("payments.bad_text", at);
    Err(refusal.fact("max", TEXT_CHARS_MAX))
}

/// The reason without blanks around it.
pub(super) fn require_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let refusal = refused("payments.reason_missing", "reason");
        return Err(refusal.fact("max", REASON_CHARS_MAX));
    }
    Ok(reason.to_owned())
}

/// The hash of what something consists of: each part with its length, so that none runs into the next.
pub(super) fn content(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_string().as_bytes());
        hash.update(b" ");
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// What a bank names a batch or a payment by: `FP` and its id without hyphens, 34 of the 35 characters there are.
pub(super) fn reference(id: uuid::Uuid) -> String {
    format!("FP{}", id.simple())
}

/// For whom the payer's account number of a batch is sealed.
pub(super) fn payer_owner(id: impl Display) -> String {
    format!("payments.payer:{id}")
}

/// Opens what was sealed for an owner.
pub(super) fn unseal(keyring: &Keyring, sealed: &str, owner: &str) -> Result<String, Refusal> {
    let bytes = keyring.open(sealed, owner)?;
    String::from_utf8(bytes).map_err(|error| Refusal::broken("store.secret_unreadable", &error))
}

/// For whom a payee's name is sealed.
pub(super) fn payee_owner(id: impl Display) -> String {
    format!("payments.payee:{id}")
}

/// For whom a payee's account number is sealed.
pub(super) fn account_owner(id: impl Display) -> String {
    format!("payments.account:{id}")
}

/// What the keys of a payment's acts in the books begin with.
pub(super) fn book_key(id: LineId) -> String {
    format!("payments:{id}")
}
