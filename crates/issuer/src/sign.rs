//! The provider's keys, and what it signs with them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{self, HMAC_SHA256};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

/// Made with `openssl genrsa 2048` for these tests, and used for nothing else.
const RSA: &[u8] = include_bytes!("rsa.pk8");

/// Kinds of signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// RSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa_key() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(RSA).expect("the key of these tests")
}

/// The elliptic keys come from the number of the change of keys, so that an issuer needs to keep none.
fn ed25519_key(keys: u32) -> Ed25519KeyPair {
    let mut seed = [9; 32];
    seed[..4].copy_from_slice(&keys.to_be_bytes());
    Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed of 32 bytes")
}

/// Made with `openssl ecparam -genkey -name prime256v1`; the two take turns.
fn p256_key(keys: u32) -> EcdsaKeyPair {
    let document = match keys % 2 {
        1 => include_bytes!("p256-a.pk8").as_slice(),
        _ => include_bytes!("p256-b.pk8").as_slice(),
    };
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document, &SystemRandom::new())
        .expect("a key of these tests")
}

/// The public key as JWK, with its name.
pub(crate) fn jwk(algorithm: Algorithm, keys: u32, kid: &str) -> Value {
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => {
            let public: rsa::PublicKeyComponents<Vec<u8>> = rsa_key().public().into();
            json!({
                "kty": "RSA", "use": "sig", "alg": algorithm.name(), "kid": kid,
                "n": encode(public.n), "e": encode(public.e),
            })
        }
        Algorithm::Es256 => {
            let pair = p256_key(keys);
            let (_, point) = pair.public_key().as_ref().split_at(1);
            let (x, y) = point.split_at(32);
            json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": encode(x), "y": encode(y) })
        }
        Algorithm::EdDsa => {
            let pair = ed25519_key(keys);
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": encode(pair.public_key().as_ref()) })
        }
    }
}

/// A signature over a message.
pub(crate) fn signature(algorithm: Algorithm, keys: u32, message: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => {
            let pair = rsa_key();
            let mut signed = vec![0; pair.public().modulus_len()];
            let done = if algorithm == Algorithm::Rs256 {
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signed)
            } else {
                pair.sign(&RSA_PSS_SHA256, &random, message, &mut signed)
            };
            done.expect("a key that signs");
            signed
        }
        Algorithm::Es256 => p256_key(keys)
            .sign(&random, message)
            .expect("a key that signs")
            .as_ref()
            .to_vec(),
        Algorithm::EdDsa => ed25519_key(keys).sign(message).as_ref().to_vec(),
    }
}

/// What someone signs who knows the public key only and hopes that it is taken for a shared secret.
pub(crate) fn shared_secret_signature(message: &[u8]) -> Vec<u8> {
    let public = rsa_key();
    let key = hmac::Key::new(HMAC_SHA256, public.public().as_ref());
    hmac::sign(&key, message).as_ref().to_vec()
}
