//! The signature of a message, as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What a secret begins with where it is shown.
const PREFIX: &str = "whsec_";

/// The secret as its owner gets it.
pub(crate) fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The header `webhook-signature`.
pub(crate) fn sign(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag))
}

/// Whether a header that came is the signature of a message under a secret as it was shown: what a receiver asks.
#[must_use]
pub fn verifies(secret: &str, id: &str, timestamp: i64, body: &str, header: &str) -> bool {
    let Some(secret) = secret
        .strip_prefix(PREFIX)
        .and_then(|text| STANDARD.decode(text).ok())
    else {
        return false;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let message = format!("{id}.{timestamp}.{body}");
    let mut signatures = header.split(' ').filter_map(|one| one.strip_prefix("v1,"));
    signatures.any(|one| {
        let tag = STANDARD.decode(one).unwrap_or_default();
        hmac::verify(&key, message.as_bytes(), &tag).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330);
        let body = r#"{"test": 2432232314}"#;
        let header = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let raw = STANDARD.decode(&secret[PREFIX.len()..]).unwrap();
        assert_eq!(sign(&raw, id, at, body), header);
        assert_eq!(shown(&raw), secret);
        assert!(verifies(secret, id, at, body, &format!("v1,AAAA {header}")));
        for (id, at, body, header) in [
            ("msg_other", at, body, header),
            (id, at + 1, body, header),
            (id, at, "{}", header),
            (id, at, body, "v1,AAAA"),
            (id, at, body, ""),
        ] {
            assert!(!verifies(secret, id, at, body, header));
        }
    }
}
