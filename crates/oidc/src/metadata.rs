//! What a provider says of itself (OpenID Connect Discovery 1.0): where it is asked, and how.

use outbound::{Reach, Url, require_url};
use serde::Deserialize;

use crate::id_token::Rule;
use crate::jwk::Algorithm;

/// Where a provider keeps its metadata, after its issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// How we say to a provider who we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientAuth {
    /// In a header.
    Basic,
    /// Among the fields of the form.
    Post,
}

/// What we need of a provider's metadata.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    /// Where people are sent to sign in.
    pub authorization: Url,
    /// Where a code is exchanged.
    pub token: String,
    /// Where its keys are.
    pub jwks: String,
    /// Where it tells more of a person.
    pub userinfo: Option<String>,
    /// How we say who we are.
    pub client_auth: ClientAuth,
    /// Kinds of signature of its ID tokens, as far as we take them.
    pub algorithms: Vec<Algorithm>,
    /// Whether what it sends back names it (RFC 9207).
    pub names_itself: bool,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

/// The address of an issuer's metadata.
pub(crate) fn address(issuer: &str) -> String {
    format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'))
}

impl Metadata {
    /// Reads the metadata of an issuer. It must be that issuer's, letter by letter: otherwise one provider could speak
    /// for another.
    pub(crate) fn read(bytes: &[u8], issuer: &str, reach: Reach) -> Result<Self, Rule> {
        let written: Written = serde_json::from_slice(bytes).map_err(|_| "metadata")?;
        if written.issuer != issuer {
            return Err("metadata_issuer");
        }
        let url = |text: &str| require_url(text, reach).map_err(|_| "endpoint");
        let lists = |list: &Option<Vec<String>>, wanted: &str| {
            list.as_ref()
                .is_none_or(|list| list.iter().any(|name| name == wanted))
        };
        if !lists(&written.response_types_supported, "code") {
            return Err("response_type");
        }
        // Where the list is missing the provider may know PKCE all the same; one that does not ignores it.
        if !lists(&written.code_challenge_methods_supported, "S256") {
            return Err("pkce");
        }
        let auth_methods = &written.token_endpoint_auth_methods_supported;
        let client_auth = if lists(auth_methods, "client_secret_basic") {
            ClientAuth::Basic
        } else if lists(auth_methods, "client_secret_post") {
            ClientAuth::Post
        } else {
            return Err("client_auth");
        };
        let named = written.id_token_signing_alg_values_supported;
        let named = named.unwrap_or_else(|| vec!["RS256".to_owned()]);
        let algorithms: Vec<Algorithm> = named.iter().filter_map(|name| Algorithm::of(name)).collect();
        if algorithms.is_empty() {
            return Err("signing_alg");
        }
        Ok(Self {
            authorization: url(&written.authorization_endpoint)?,
            token: url(&written.token_endpoint)?.to_string(),
            jwks: url(&written.jwks_uri)?.to_string(),
            userinfo: written
                .userinfo_endpoint
                .map(|text| url(&text).map(|url| url.to_string()))
                .transpose()?,
            client_auth,
            algorithms,
            names_itself: written.authorization_response_iss_parameter_supported == Some(true),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(change: impl FnOnce(&mut Value)) -> Result<Metadata, Rule> {
        let mut document = json!({
            "issuer": "https://a.example/realm",
            "authorization_endpoint": "https://a.example/authorize?tenant=1",
            "token_endpoint": "https://a.example/token",
            "jwks_uri": "https://keys.example/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["HS256", "ES256", "none"],
        });
        change(&mut document);
        Metadata::read(
            document.to_string().as_bytes(),
            "https://a.example/realm",
            Reach::Public,
        )
    }

    #[test]
    fn the_metadata_of_a_usual_provider_is_understood() {
        let metadata = read(|_| {}).unwrap();
        assert_eq!(metadata.client_auth, ClientAuth::Basic);
        assert_eq!(metadata.algorithms, [Algorithm::Es256]);
        assert!(!metadata.names_itself && metadata.userinfo.is_none());
        let posts = read(|document| {
            document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
            document["authorization_response_iss_parameter_supported"] = json!(true);
        });
        let posts = posts.unwrap();
        assert_eq!((posts.client_auth, posts.names_itself), (ClientAuth::Post, true));
        assert_eq!(
            address("https://a.example/realm/"),
            "https://a.example/realm/.well-known/openid-configuration"
        );
    }

    #[test]
    fn what_cannot_work_or_speaks_for_another_is_refused_by_rule() {
        for (name, value, rule) in [
            ("issuer", json!("https://a.example/realm/"), "metadata_issuer"),
            ("issuer", json!("https://evil.example"), "metadata_issuer"),
            ("issuer", Value::Null, "metadata"),
            ("token_endpoint", json!("http://a.example/token"), "endpoint"),
            ("token_endpoint", json!("https://127.0.0.1/token"), "endpoint"),
            ("jwks_uri", json!("file:///etc/passwd"), "endpoint"),
            ("authorization_endpoint", json!("javascript:alert(1)"), "endpoint"),
            ("userinfo_endpoint", json!("https://169.254.169.254/"), "endpoint"),
            ("response_types_supported", json!(["id_token"]), "response_type"),
            ("code_challenge_methods_supported", json!(["plain"]), "pkce"),
            (
                "token_endpoint_auth_methods_supported",
                json!(["private_key_jwt"]),
                "client_auth",
            ),
            (
                "id_token_signing_alg_values_supported",
                json!(["HS256", "none"]),
                "signing_alg",
            ),
        ] {
            let found = read(|document| document[name] = value.clone()).err();
            assert_eq!(found, Some(rule), "{name} {value}");
        }
        assert_eq!(
            Metadata::read(b"<html>", "https://a.example", Reach::Public).err(),
            Some("metadata")
        );
    }
}
