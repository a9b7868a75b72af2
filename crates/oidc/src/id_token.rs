//! ID tokens: read, held against their signature, then against what was asked for (OpenID Connect Core 3.1.3.7).
//!
//! The order matters: nothing that a token says is believed before its signature is checked, but for the name of the key
//! and the kind of signature, and those are held against the keys and kinds of the provider.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use crate::jwk::{Algorithm, PublicKey};

/// So many seconds the clocks of two machines may differ.
const LEEWAY_S: i64 = 60;
/// A token that was made longer ago answers nothing that was asked just now.
const AGE_MAX_S: i64 = 600;
/// The longest subject that the standard allows, in bytes.
const SUBJECT_BYTES_MAX: usize = 255;

/// The name of a rule that a token breaks.
pub(crate) type Rule = &'static str;

/// A token in three parts, not yet believed.
pub(crate) struct Signed<'a> {
    /// The kind of signature it claims to have.
    pub algorithm: Algorithm,
    /// The name of the key it claims to be signed with.
    pub kid: Option<String>,
    message: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

impl<'a> Signed<'a> {
    /// Reads the outside of a token; its kind of signature must be one of those the provider uses.
    pub(crate) fn read(token: &'a str, allowed: &[Algorithm]) -> Result<Self, Rule> {
        let (message, signature) = token.rsplit_once('.').ok_or("parts")?;
        let (header, payload) = message.split_once('.').ok_or("parts")?;
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| "base64");
        let header: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| "header")?;
        // A token of another kind, such as one for an API, is none; an extension that must be understood is not.
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err("typ");
        }
        if header.crit.is_some() {
            return Err("crit");
        }
        let algorithm = Algorithm::of(&header.alg).filter(|algorithm| allowed.contains(algorithm));
        Ok(Self {
            algorithm: algorithm.ok_or("alg")?,
            kid: header.kid,
            message,
            payload,
            signature: bytes(signature)?,
        })
    }

    /// The claims, where the key signed them.
    pub(crate) fn claims(&self, key: &PublicKey) -> Result<Claims, Rule> {
        if !key.signed(self.algorithm, self.message.as_bytes(), &self.signature) {
            return Err("signature");
        }
        let payload = URL_SAFE_NO_PAD.decode(self.payload).map_err(|_| "base64")?;
        serde_json::from_slice(&payload).map_err(|_| "claims")
    }
}

/// For whom a token is.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What a token says, signed.
#[derive(Deserialize)]
pub(crate) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    azp: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What a token must say.
pub(crate) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// Who a provider says someone is.
pub(crate) struct Vouched {
    /// What the provider knows them by, for ever.
    pub subject: String,
    /// What it says of them, the subject among it.
    pub claims: Map<String, Value>,
}

impl Claims {
    /// Holds the claims against what was asked for.
    pub(crate) fn check(self, expected: &Expected<'_>) -> Result<Vouched, Rule> {
        let now = expected.now.as_second();
        if self.iss != expected.issuer {
            return Err("iss");
        }
        let is_for_us = match &self.aud {
            Audience::One(one) => one == expected.client_id,
            // Another audience could be handed our token or hand us theirs, and we trust none.
            Audience::Many(many) => many.len() == 1 && many.iter().all(|one| one == expected.client_id),
        };
        if !is_for_us {
            return Err("aud");
        }
        if self.azp.is_some_and(|azp| azp != expected.client_id) {
            return Err("azp");
        }
        if self.exp.saturating_add(LEEWAY_S) <= now {
            return Err("exp");
        }
        if self.iat.saturating_sub(LEEWAY_S) > now || self.iat.saturating_add(AGE_MAX_S + LEEWAY_S) < now {
            return Err("iat");
        }
        if self.nbf.is_some_and(|nbf| nbf.saturating_sub(LEEWAY_S) > now) {
            return Err("nbf");
        }
        let nonce = self.nonce.unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err("nonce");
        }
        if self.sub.is_empty() || self.sub.len() > SUBJECT_BYTES_MAX {
            return Err("sub");
        }
        let mut claims = self.rest;
        claims.insert("sub".to_owned(), Value::from(self.sub.as_str()));
        Ok(Vouched {
            subject: self.sub,
            claims,
        })
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;
    use crate::jwk::KeySet;

    const NOW: i64 = 1_530_504_000;

    fn key() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn public() -> KeySet {
        let x = URL_SAFE_NO_PAD.encode(key().public_key().as_ref());
        let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x }] });
        KeySet::read(set.to_string().as_bytes()).unwrap()
    }

    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(key().sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn good() -> Value {
        json!({ "iss": "https://a.example", "sub": "7", "aud": "pond", "exp": NOW + 300, "iat": NOW, "nonce": "n" })
    }

    fn checked(token: &str) -> Result<Vouched, Rule> {
        let signed = Signed::read(token, &[Algorithm::EdDsa])?;
        let keys = public();
        let key = keys.find(signed.kid.as_deref(), signed.algorithm).ok_or("kid")?;
        signed.claims(key)?.check(&Expected {
            issuer: "https://a.example",
            client_id: "pond",
            nonce: "n",
            now: Timestamp::from_second(NOW).unwrap(),
        })
    }

    #[test]
    fn a_good_token_gives_subject_and_claims() {
        let mut claims = good();
        claims["email"] = json!("lan@a.example");
        claims["aud"] = json!(["pond"]);
        claims["azp"] = json!("pond");
        let vouched = checked(&token(&json!({ "alg": "EdDSA", "typ": "JWT" }), &claims)).unwrap();
        assert_eq!(vouched.subject, "7");
        assert_eq!(vouched.claims["email"], "lan@a.example");
    }

    #[test]
    fn each_claim_that_is_not_as_asked_for_is_named() {
        for (claim, value, rule) in [
            ("iss", json!("https://a.example/"), "iss"),
            ("iss", json!(7), "claims"),
            ("aud", json!("other"), "aud"),
            ("aud", json!(["pond", "other"]), "aud"),
            ("aud", json!([]), "aud"),
            ("aud", Value::Null, "claims"),
            ("azp", json!("other"), "azp"),
            ("exp", json!(NOW - 60), "exp"),
            ("exp", json!("soon"), "claims"),
            ("exp", json!(i64::MIN), "exp"),
            ("iat", json!(NOW + 61), "iat"),
            ("iat", json!(NOW - 661), "iat"),
            ("iat", json!(i64::MAX), "iat"),
            ("nbf", json!(NOW + 61), "nbf"),
            ("nonce", json!("m"), "nonce"),
            ("nonce", Value::Null, "nonce"),
            ("sub", json!(""), "sub"),
            ("sub", json!("x".repeat(256)), "sub"),
            ("sub", Value::Null, "claims"),
        ] {
            let mut claims = good();
            claims[claim] = value.clone();
            let found = checked(&token(&json!({ "alg": "EdDSA" }), &claims)).err();
            assert_eq!(found, Some(rule), "{claim} {value}");
        }
        for (claim, value) in [
            ("exp", NOW - 59),
            ("iat", NOW + 60),
            ("iat", NOW - 660),
            ("nbf", NOW + 60),
        ] {
            let mut claims = good();
            claims[claim] = json!(value);
            assert!(
                checked(&token(&json!({ "alg": "EdDSA" }), &claims)).is_ok(),
                "{claim}"
            );
        }
    }

    #[test]
    fn the_outside_of_a_token_decides_nothing_by_itself() {
        for (header, rule) in [
            (json!({ "alg": "none" }), "alg"),
            (json!({ "alg": "HS256" }), "alg"),
            (json!({ "alg": "RS256" }), "alg"),
            (json!({ "alg": "eddsa" }), "alg"),
            (json!({}), "header"),
            (json!({ "alg": "EdDSA", "typ": "at+jwt" }), "typ"),
            (json!({ "alg": "EdDSA", "crit": ["b64"] }), "crit"),
            (json!({ "alg": "EdDSA", "kid": "another" }), "kid"),
        ] {
            assert_eq!(checked(&token(&header, &good())).err(), Some(rule), "{header}");
        }
        let whole = token(&json!({ "alg": "EdDSA" }), &good());
        let (message, _) = whole.rsplit_once('.').unwrap();
        for odd in [
            "",
            ".",
            "..",
            "a.b",
            "!.!.!",
            &format!("{message}."),
            &whole[..whole.len() - 2],
        ] {
            assert!(checked(odd).is_err(), "{odd}");
        }
        let other = token(&json!({ "alg": "EdDSA" }), &json!({ "iss": "https://a.example" }));
        let (_, signature) = other.rsplit_once('.').unwrap();
        assert_eq!(
            checked(&format!("{message}.{signature}")).err(),
            Some("signature")
        );
    }

    #[test]
    fn a_claim_written_twice_is_refused() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = good().to_string().replacen('{', "{\"nonce\":\"m\",", 1);
        let message = format!("{}.{}", part("{\"alg\":\"EdDSA\"}"), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(key().sign(message.as_bytes()));
        assert_eq!(checked(&format!("{message}.{signature}")).err(), Some("claims"));
    }
}
