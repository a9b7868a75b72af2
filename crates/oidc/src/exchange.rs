//! Talking to a provider for one person: the code for tokens, and more of the person where the ID token says too little.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::desk::Oidc;
use crate::failure::Failure;
use crate::id_token::{Expected, Signed, Vouched};
use crate::metadata::{ClientAuth, Metadata};
use crate::model::Provider;

/// What a code was given for, and what proves that it is ours.
pub(crate) struct Grant<'a> {
    pub code: &'a str,
    pub verifier: &'a str,
    pub nonce: &'a str,
    pub redirect_uri: &'a str,
}

/// What a code was exchanged for.
pub(crate) struct Exchanged {
    /// Who the provider says they are.
    pub vouched: Vouched,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

impl Oidc {
    /// Exchanges a code and checks the ID token that comes back.
    pub(crate) async fn exchange(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        secret: &str,
        code: &Grant<'_>,
    ) -> Result<Exchanged, Failure> {
        let tokens = self.tokens(provider, metadata, secret, code).await?;
        let signed = Signed::read(&tokens.id_token, &metadata.algorithms).map_err(Failure::Refused)?;
        let key = self.key(
            &provider.issuer,
            metadata,
            signed.kid.as_deref(),
            signed.algorithm,
        );
        let key = key.await?;
        let expected = Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce: code.nonce,
            now: self.now(),
        };
        let claims = signed.claims(&key).map_err(Failure::Refused)?;
        Ok(Exchanged {
            vouched: claims.check(&expected).map_err(Failure::Refused)?,
            access_token: tokens.access_token,
        })
    }

    async fn tokens(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        secret: &str,
        code: &Grant<'_>,
    ) -> Result<Tokens, Failure> {
        let (headers, body) = token_request(provider, metadata.client_auth, secret, code);
        let answer = self.ask("token", &metadata.token, headers, Some(body)).await?;
        if answer.is_success() {
            let tokens = serde_json::from_slice(&answer.body);
            return tokens.map_err(|_| Failure::Refused("token_response"));
        }
        let error = serde_json::from_slice::<TokenError>(&answer.body).ok();
        match error.as_ref().map(|said| said.error.as_str()) {
            // The code was used before, is too old, or was given to somebody else.
            Some("invalid_grant") => Err(Failure::Refused("code")),
            // Ours to mend, or the provider's; the answer itself stays out of the log.
            _ => Err(Failure::Unavailable("token", answer.status.to_string())),
        }
    }

    /// What a provider tells of a person beside the ID token, where it tells more and speaks of the same one
    /// (OpenID Connect Core 5.3.2 and 5.3.4).
    pub(crate) async fn more_claims(
        &self,
        metadata: &Metadata,
        exchanged: &Exchanged,
    ) -> Result<Map<String, Value>, Failure> {
        let (Some(url), Some(token)) = (&metadata.userinfo, &exchanged.access_token) else {
            return Ok(Map::new());
        };
        let headers = vec![
            ("accept", "application/json".to_owned()),
            ("authorization", format!("Bearer {token}")),
        ];
        let answer = self.ask("userinfo", url, headers, None).await?;
        if !answer.is_success() {
            return Err(Failure::Unavailable("userinfo", answer.status.to_string()));
        }
        let claims: Map<String, Value> =
            serde_json::from_slice(&answer.body).map_err(|_| Failure::Refused("userinfo"))?;
        if claims.get("sub").and_then(Value::as_str) != Some(exchanged.vouched.subject.as_str()) {
            return Err(Failure::Refused("userinfo_sub"));
        }
        Ok(claims)
    }
}

/// Headers and form that ask for tokens (RFC 6749 4.1.3, RFC 7636 4.5).
fn token_request(
    provider: &Provider,
    client_auth: ClientAuth,
    secret: &str,
    code: &Grant<'_>,
) -> (Vec<(&'static str, String)>, Vec<u8>) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code.code)
        .append_pair("redirect_uri", code.redirect_uri)
        .append_pair("code_verifier", code.verifier);
    let mut headers = vec![
        ("accept", "application/json".to_owned()),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    match client_auth {
        ClientAuth::Basic => headers.push(("authorization", basic(&provider.client_id, secret))),
        ClientAuth::Post => {
            form.append_pair("client_id", &provider.client_id)
                .append_pair("client_secret", secret);
        }
    }
    (headers, form.finish().into_bytes())
}

/// Name and secret of a client in a header (RFC 6749 2.3.1): each as it would stand in a form.
fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_secret_are_written_as_in_a_form_first() {
        let header = basic("pond", "a:b c+d");
        let pair = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(pair).unwrap(), "pond:a%3Ab+c%2Bd");
    }
}
