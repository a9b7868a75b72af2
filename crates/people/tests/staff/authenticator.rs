//! An authenticator made of software: it makes keys and signs as a security key does, and lies when told to.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

/// The key inside.
enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

/// One security key with one credential.
pub struct Authenticator {
    key: Key,
    credential_id: Vec<u8>,
    user_handle: Option<String>,
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub count: u32,
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// One that signs with ES256.
    pub fn es256() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
        Self::with(Key::Es256(key), b"credential-es256")
    }

    /// One that signs with EdDSA.
    pub fn eddsa() -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        Self::with(Key::EdDsa(key), b"credential-eddsa")
    }

    fn with(key: Key, credential_id: &[u8]) -> Self {
        Self {
            key,
            credential_id: credential_id.to_vec(),
            user_handle: None,
            origin: "https://fishpond.example".to_owned(),
            rp_id: "fishpond.example".to_owned(),
            flags: 0b101,
            count: 1,
        }
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> String {
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(0b0100_0000);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        ciborium::into_writer(&self.cose(), &mut data).unwrap();
        let object = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(vec![])),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        let mut attestation_object = Vec::new();
        ciborium::into_writer(&object, &mut attestation_object).unwrap();
        self.user_handle = Some(options["user"]["id"].as_str().unwrap().to_owned());
        let answer = json!({
            "id": base64(&self.credential_id),
            "rawId": base64(&self.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64(&client_data),
                "attestationObject": base64(&attestation_object),
                "transports": ["usb"],
            },
            "clientExtensionResults": {},
        });
        answer.to_string()
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&self, options: &Value) -> String {
        self.get_flipping(options, None)
    }

    /// The same with one bit of the signed data flipped after signing.
    pub fn get_flipping(&self, options: &Value, bit_of_byte: Option<usize>) -> String {
        let client_data = self.client_data("webauthn.get", options);
        let mut data = self.data(0);
        let signed = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.sign(&signed);
        if let Some(byte) = bit_of_byte {
            data[byte] ^= 1;
        }
        let answer = json!({
            "id": base64(&self.credential_id),
            "rawId": base64(&self.credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64(&client_data),
                "authenticatorData": base64(&data),
                "signature": base64(&signature),
                "userHandle": self.user_handle,
            },
        });
        answer.to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, more_flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags | more_flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Es256(key) => key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Key::EdDsa(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    fn cose(&self) -> Cbor {
        let entries: Vec<(i64, Cbor)> = match &self.key {
            Key::Es256(key) => {
                let point = key.public_key().as_ref();
                vec![
                    (1, Cbor::from(2)),
                    (3, Cbor::from(-7)),
                    (-1, Cbor::from(1)),
                    (-2, Cbor::Bytes(point[1..33].to_vec())),
                    (-3, Cbor::Bytes(point[33..].to_vec())),
                ]
            }
            Key::EdDsa(key) => vec![
                (1, Cbor::from(1)),
                (3, Cbor::from(-8)),
                (-1, Cbor::from(6)),
                (-2, Cbor::Bytes(key.public_key().as_ref().to_vec())),
            ],
        };
        let entries = entries
            .into_iter()
            .map(|(label, value)| (Cbor::from(label), value));
        Cbor::Map(entries.collect())
    }
}
