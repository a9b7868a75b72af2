//! Public keys as authenticators write them (COSE, RFC 9053), and the signatures they check.

use ciborium::Value;
use kernel::Refusal;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::refused;

/// The algorithms that are asked for, in the order of preference: EdDSA, ES256, RS256.
pub(super) const ALGORITHMS: [i64; 3] = [-8, -7, -257];

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE_OR_MODULUS: i64 = -1;
const X_OR_EXPONENT: i64 = -2;
const Y: i64 = -3;

/// A public key of one of the three kinds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// A point on P-256, uncompressed.
    Es256(Vec<u8>),
    /// A point on Curve25519.
    EdDsa(Vec<u8>),
    /// Modulus and exponent.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    /// Reads a key; one of another kind, or of the wrong length, is refused.
    pub(super) fn from_cose(bytes: &[u8]) -> Result<Self, Refusal> {
        let wrong = || refused("public_key");
        let value: Value = ciborium::from_reader(bytes).map_err(|_| wrong())?;
        let entries = value.into_map().map_err(|_| wrong())?;
        let find = |label: i64| {
            let found = entries.iter().find(|(key, _)| number(key) == Some(label));
            found.map(|(_, value)| value)
        };
        let int = |label| find(label).and_then(number);
        let text = |label| find(label).and_then(Value::as_bytes).ok_or_else(wrong);
        match (int(KEY_TYPE), int(ALGORITHM), int(CURVE_OR_MODULUS)) {
            (Some(2), Some(-7), Some(1)) => {
                let (x, y) = (text(X_OR_EXPONENT)?, text(Y)?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(wrong());
                }
                Ok(Self::Es256([&[4], x.as_slice(), y.as_slice()].concat()))
            }
            (Some(1), Some(-8), Some(6)) => {
                let x = text(X_OR_EXPONENT)?;
                if x.len() != 32 {
                    return Err(wrong());
                }
                Ok(Self::EdDsa(x.clone()))
            }
            (Some(3), Some(-257), None) => {
                let (n, e) = (text(CURVE_OR_MODULUS)?, text(X_OR_EXPONENT)?);
                if n.len() < 256 || n.len() > 1024 || e.is_empty() || e.len() > 8 {
                    return Err(wrong());
                }
                Ok(Self::Rs256 {
                    n: n.clone(),
                    e: e.clone(),
                })
            }
            _ => Err(wrong()),
        }
    }

    /// Whether the owner of this key signed the message.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
                .verify(message, signature)
                .is_ok(),
            Self::EdDsa(point) => UnparsedPublicKey::new(&ED25519, point)
                .verify(message, signature)
                .is_ok(),
            Self::Rs256 { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_integer().and_then(|number| i64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::super::super::secret::from_base64;
    use super::*;

    /// Made with `openssl genrsa 2048` and `openssl dgst -sha256 -sign` over `a message`; the key is gone.
    const MODULUS: &str = "trbYmZZKhLvBw8nQs66OPnySacmrgXnnhH4N1_amhJ0Ui5A7dsbn3vRDKjaAeg0VvE8sqxLyIQ4gzM6ezfmVwlo4RMjcICFf\
        -fP3TQL_Q1C7vzQ9-p6-Q6BUL0-Jyvx93B6QB_T3RBmq7fSRsd3VZCBj_D0oE-euVJSuXra4jpvsHMfMaYblHWux3T5Ki0N8\
        Ig3Z5_ewf-zUhfNRVfjN4WzS3rwwoggo20AB9He04Yq7K1DufbYgGlMqmqssXSmt_c_PWVoC9iZEfZPxnvlOyNDNTRn3b8da\
        DckTvHjjPq1B4gmCka-2GQygDzf6jkmgp8sPi4nX6jgVszQjgluF1Q";
    const SIGNATURE: &str = "QYKnwn3RAp9DFacJnJAubEBsOPx8JHaIWfcPXcWc6HFSE2FieXmrzrDAJQ5oyIpk5jJXkTMc3BbT3PI8ierAG8zf-DZkRszb\
        m0GOlO7b1oQHjVmFzAqCNPtJ96seb1PXmccWZrVHuMJoLinZ8aq7nAUvYBh3_EqGweF1-eDQcQWQ2P6YkDFQmhbMyLCI8_zm\
        n0QryfM835L4_IZ5H3jwTK4SwU_hJMBMP0LLyRqUf-m-jbTgvKA4DgJRw9rgF-La3Xn1pIt4BJ-8i_MNVID0gwR07R6-UoFW\
        fVD_4z3_OQ1kKt8kDczka0BoIK13r2roPqocvMJrMRtewAsk0bKtsQ";

    fn cose(entries: Vec<(i64, Value)>) -> Vec<u8> {
        let entries = entries
            .into_iter()
            .map(|(label, value)| (Value::from(label), value));
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Map(entries.collect()), &mut bytes).unwrap();
        bytes
    }

    fn rsa(n: Vec<u8>) -> Vec<(i64, Value)> {
        let (n, e) = (Value::Bytes(n), Value::Bytes(vec![1, 0, 1]));
        vec![(1, Value::from(3)), (3, Value::from(-257)), (-1, n), (-2, e)]
    }

    #[test]
    fn an_rsa_signature_of_another_program_is_checked() {
        let key = PublicKey::from_cose(&cose(rsa(from_base64(MODULUS).unwrap()))).unwrap();
        let signature = from_base64(SIGNATURE).unwrap();
        assert!(key.signed(b"a message", &signature));
        assert!(!key.signed(b"a massage", &signature));
    }

    #[test]
    fn a_key_of_another_kind_or_length_is_refused() {
        let point = |length| Value::Bytes(vec![1; length]);
        for entries in [
            vec![],
            rsa(vec![1; 128]),
            vec![
                (1, Value::from(2)),
                (3, Value::from(-7)),
                (-1, Value::from(1)),
                (-2, point(31)),
                (-3, point(32)),
            ],
            vec![
                (1, Value::from(2)),
                (3, Value::from(-7)),
                (-1, Value::from(2)),
                (-2, point(32)),
                (-3, point(32)),
            ],
            vec![
                (1, Value::from(2)),
                (3, Value::from(-35)),
                (-1, Value::from(1)),
                (-2, point(32)),
                (-3, point(32)),
            ],
            vec![
                (1, Value::from(1)),
                (3, Value::from(-8)),
                (-1, Value::from(6)),
                (-2, point(57)),
            ],
        ] {
            assert!(PublicKey::from_cose(&cose(entries)).is_err());
        }
        for bytes in [&b""[..], b"\xff", b"\x01", &[0x9f; 400]] {
            assert!(PublicKey::from_cose(bytes).is_err());
        }
    }
}
