//! What a browser and an authenticator answer, read and held against what was asked.

use ring::digest::{SHA256, digest};
use serde::Deserialize;

use kernel::Refusal;

use super::super::secret::from_base64;
use super::{RelyingParty, refused};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const MAY_BE_BACKED_UP: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;
/// The longest credential id the standard allows.
const CREDENTIAL_ID_MAX: usize = 1023;

/// What `navigator.credentials.create` answers, as `toJSON` writes it.
#[derive(Deserialize)]
pub(super) struct Created {
    pub(super) response: CreatedResponse,
}

#[derive(Deserialize)]
pub(super) struct CreatedResponse {
    #[serde(rename = "clientDataJSON")]
    pub(super) client_data: String,
    #[serde(rename = "attestationObject")]
    pub(super) attestation_object: String,
}

/// What `navigator.credentials.get` answers, as `toJSON` writes it.
#[derive(Deserialize)]
pub(super) struct Asserted {
    #[serde(rename = "rawId")]
    pub(super) raw_id: String,
    pub(super) response: AssertedResponse,
}

#[derive(Deserialize)]
pub(super) struct AssertedResponse {
    #[serde(rename = "clientDataJSON")]
    pub(super) client_data: String,
    #[serde(rename = "authenticatorData")]
    pub(super) authenticator_data: String,
    pub(super) signature: String,
    #[serde(rename = "userHandle")]
    pub(super) user_handle: Option<String>,
}

/// Reads an answer.
pub(super) fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Refusal> {
    serde_json::from_str(json).map_err(|_| refused("json"))
}

/// The bytes behind base64 letters.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    from_base64(text).ok_or_else(|| refused("base64"))
}

/// What the browser says of the ceremony; the authenticator signs its hash.
#[derive(Deserialize)]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    /// The challenge it answers.
    pub(super) challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

impl ClientData {
    /// Reads it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(bytes).map_err(|_| refused("client_data"))
    }

    /// It speaks of this ceremony (`webauthn.create`, `webauthn.get`) on a page of this site.
    pub(super) fn require(&self, rp: &RelyingParty, kind: &str) -> Result<(), Refusal> {
        if self.kind != kind {
            return Err(refused("kind"));
        }
        if self.cross_origin || !rp.origins.contains(&self.origin) {
            return Err(refused("origin"));
        }
        Ok(())
    }
}

/// What the authenticator says.
pub(super) struct AuthenticatorData<'a> {
    /// How often it signed with this key, where it counts.
    pub(super) sign_count: u32,
    /// Whether it keeps a copy of the key elsewhere.
    pub(super) is_backed_up: bool,
    has_credential: bool,
    has_extensions: bool,
    rest: &'a [u8],
}

/// A key that an authenticator has just made.
pub(super) struct NewCredential<'a> {
    pub(super) id: &'a [u8],
    /// The public key as COSE writes it.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it, and holds it against the site: for this relying party, with the user present and verified.
    pub(super) fn read(rp: &RelyingParty, bytes: &'a [u8]) -> Result<Self, Refusal> {
        let short = || refused("authenticator_data");
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(short)?;
        let (flags, rest) = rest.split_first().ok_or_else(short)?;
        let (sign_count, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        if digest(&SHA256, rp.id.as_bytes()).as_ref() != rp_id_hash {
            return Err(refused("relying_party"));
        }
        let has = |flag: u8| flags & flag != 0;
        if !has(USER_PRESENT) || !has(USER_VERIFIED) {
            return Err(refused("user_verified"));
        }
        if has(BACKED_UP) && !has(MAY_BE_BACKED_UP) {
            return Err(refused("backup"));
        }
        Ok(Self {
            sign_count: u32::from_be_bytes(*sign_count),
            is_backed_up: has(BACKED_UP),
            has_credential: has(HAS_CREDENTIAL),
            has_extensions: has(HAS_EXTENSIONS),
            rest,
        })
    }

    /// The key that was made: it must be there, and nothing may follow but extensions that are announced.
    pub(super) fn credential(&self) -> Result<NewCredential<'a>, Refusal> {
        let short = || refused("credential");
        if !self.has_credential {
            return Err(short());
        }
        let (_aaguid, rest) = self.rest.split_first_chunk::<16>().ok_or_else(short)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(short)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > CREDENTIAL_ID_MAX {
            return Err(short());
        }
        let (id, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        let mut after_key = rest;
        let _key: ciborium::Value = ciborium::from_reader(&mut after_key).map_err(|_| short())?;
        let public_key = rest.get(..rest.len() - after_key.len()).ok_or_else(short)?;
        if !after_key.is_empty() && !self.has_extensions {
            return Err(short());
        }
        Ok(NewCredential { id, public_key })
    }
}

/// The authenticator data inside an attestation object. What attests to it is not looked at.
pub(super) fn authenticator_data_in(attestation_object: &[u8]) -> Result<Vec<u8>, Refusal> {
    let wrong = || refused("attestation_object");
    let object: ciborium::Value = ciborium::from_reader(attestation_object).map_err(|_| wrong())?;
    let entries = object.into_map().map_err(|_| wrong())?;
    let data = entries
        .into_iter()
        .find(|(key, _)| key.as_text() == Some("authData"));
    data.and_then(|(_, value)| value.into_bytes().ok())
        .ok_or_else(wrong)
}
