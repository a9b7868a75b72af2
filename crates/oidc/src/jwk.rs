//! Public keys of a provider (JWK, RFC 7517, RFC 7518 and RFC 8037) and the signatures they check.
//!
//! A set may hold keys for other purposes and of other kinds: they are passed over. What is left is bound to the kind of
//! signature that its key can check, so a token never chooses how its own signature is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// More keys are not looked at.
const KEYS_MAX: usize = 64;

/// Kinds of signature that an ID token may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// RSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The kind of a name as JOSE writes it; none for every other, `none` and `HS256` among them.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A point on P-256, uncompressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    kid: Option<String>,
    /// Where the provider binds the key to one kind of signature.
    bound_to: Option<Algorithm>,
    material: Material,
}

impl PublicKey {
    /// Whether the key checks signatures of this kind.
    fn fits(&self, algorithm: Algorithm) -> bool {
        let is_of_kind = matches!(
            (&self.material, algorithm),
            (Material::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
                | (Material::P256(_), Algorithm::Es256)
                | (Material::Ed25519(_), Algorithm::EdDsa)
        );
        is_of_kind && self.bound_to.is_none_or(|bound| bound == algorithm)
    }

    /// Whether the owner of this key signed the message, in this way.
    pub(crate) fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let checked = match (&self.material, algorithm) {
            (Material::Rsa { n, e }, Algorithm::Rs256) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (Material::Rsa { n, e }, Algorithm::Ps256) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, message, signature)
            }
            (Material::P256(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Material::Ed25519(point), Algorithm::EdDsa) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
            _ => return false,
        };
        checked.is_ok()
    }
}

/// The keys of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeySet(Vec<PublicKey>);

impl KeySet {
    /// Reads a JWK Set; none where it is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Written {
            keys: Vec<Value>,
        }
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let keys = written.keys.into_iter().take(KEYS_MAX);
        Some(Self(keys.filter_map(key_of).collect()))
    }

    /// The one key that a token names. A token that names none is only understood where one key fits.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<&PublicKey> {
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.fits(algorithm) && (kid.is_none() || key.kid.as_deref() == kid));
        let found = fitting.next()?;
        fitting.next().is_none().then_some(found)
    }
}

#[derive(Deserialize)]
struct Written {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    used_for: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A key that checks signatures of one of our kinds, or none.
fn key_of(value: Value) -> Option<PublicKey> {
    let written: Written = serde_json::from_value(value).ok()?;
    if written.used_for.as_deref().is_some_and(|used| used != "sig") {
        return None;
    }
    let bound_to = match written.alg.as_deref() {
        None => None,
        Some(name) => Some(Algorithm::of(name)?),
    };
    let bytes = |text: Option<&String>| URL_SAFE_NO_PAD.decode(text?).ok();
    let of_length = |text: Option<&String>, length: usize| bytes(text).filter(|bytes| bytes.len() == length);
    let material = match (written.kty.as_str(), written.crv.as_deref()) {
        ("RSA", _) => Material::Rsa {
            n: bytes(written.n.as_ref()).filter(|n| (256..=1024).contains(&n.len()))?,
            e: bytes(written.e.as_ref()).filter(|e| (1..=8).contains(&e.len()))?,
        },
        ("EC", Some("P-256")) => {
            let (x, y) = (
                of_length(written.x.as_ref(), 32)?,
                of_length(written.y.as_ref(), 32)?,
            );
            Material::P256([&[4], x.as_slice(), y.as_slice()].concat())
        }
        ("OKP", Some("Ed25519")) => Material::Ed25519(of_length(written.x.as_ref(), 32)?),
        _ => return None,
    };
    Some(PublicKey {
        kid: written.kid,
        bound_to,
        material,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the signed text of RFC 8037, appendix A.4.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const SIGNED: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    const SIGNATURE: &str =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    /// The key, the signed text and the signature of RFC 7515, appendix A.3.
    const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    const EC_SIGNED: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const EC_SIGNATURE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn set(keys: &str) -> KeySet {
        KeySet::read(format!("{{\"keys\":[{keys}]}}").as_bytes()).unwrap()
    }

    fn okp(more: &str) -> String {
        format!("{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"{X}\"{more}}}")
    }

    #[test]
    fn signatures_of_the_standards_are_checked() {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let keys = set(&format!(
            "{},{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{EC_X}\",\"y\":\"{EC_Y}\"}}",
            okp("")
        ));
        for (algorithm, signed, signature) in [
            (Algorithm::EdDsa, SIGNED, SIGNATURE),
            (Algorithm::Es256, EC_SIGNED, EC_SIGNATURE),
        ] {
            let key = keys.find(None, algorithm).unwrap();
            assert!(key.signed(algorithm, signed.as_bytes(), &bytes(signature)));
            assert!(!key.signed(algorithm, b"another", &bytes(signature)));
            assert!(!key.signed(Algorithm::Rs256, signed.as_bytes(), &bytes(signature)));
        }
    }

    #[test]
    fn a_key_is_found_by_its_name_and_only_for_what_it_is_meant_for() {
        let two = set(&format!("{},{}", okp(",\"kid\":\"a\""), okp(",\"kid\":\"b\"")));
        assert!(two.find(Some("a"), Algorithm::EdDsa).is_some());
        assert!(two.find(Some("c"), Algorithm::EdDsa).is_none());
        assert!(two.find(None, Algorithm::EdDsa).is_none(), "which of the two?");
        assert!(two.find(Some("a"), Algorithm::Rs256).is_none());
        for passed_over in [
            ",\"use\":\"enc\"",
            ",\"alg\":\"HS256\"",
            ",\"alg\":\"none\"",
            ",\"alg\":\"RS256\"",
        ] {
            let found = set(&okp(passed_over));
            assert!(found.find(None, Algorithm::EdDsa).is_none(), "{passed_over}");
        }
        assert!(
            set(&okp(",\"use\":\"sig\",\"alg\":\"EdDSA\""))
                .find(None, Algorithm::EdDsa)
                .is_some()
        );
        let same_name = set(&format!("{},{}", okp(",\"kid\":\"a\""), okp(",\"kid\":\"a\"")));
        assert!(same_name.find(Some("a"), Algorithm::EdDsa).is_none());
    }

    #[test]
    fn what_is_no_key_is_passed_over_and_what_is_no_set_is_none() {
        for odd in [
            "{}",
            "1",
            "null",
            "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
            "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA==\"}",
        ] {
            assert_eq!(set(odd), KeySet::default(), "{odd}");
        }
        for odd in ["", "[]", "{\"keys\":{}}", "{"] {
            assert_eq!(KeySet::read(odd.as_bytes()), None, "{odd}");
        }
    }
}
