//! Codes and what they are exchanged for.

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::sign::{Algorithm, encode, shared_secret_signature, signature};
use crate::state::{State, Twist};
use crate::{CLIENT_ID, SentBack};

/// What a code was given for.
pub(crate) struct Code {
    redirect_uri: String,
    challenge: String,
    nonce: String,
}

/// The value of a field; empty where there is none.
pub(crate) fn field(form: &str, name: &str) -> String {
    form_urlencoded::parse(form.as_bytes())
        .find(|(known, _)| known == name)
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// Gives a code to a request of the authorization endpoint; what is wrong with it where it is none.
pub(crate) fn authorize(state: &mut State, query: &str) -> Result<SentBack, &'static str> {
    let get = |name: &str| field(query, name);
    let redirect_uri = get("redirect_uri");
    let scope = get("scope");
    let is_ours = get("client_id") == CLIENT_ID && redirect_uri.contains("/callback");
    if !is_ours {
        return Err("no client of this provider");
    }
    if get("response_type") != "code" || !scope.split(' ').any(|word| word == "openid") {
        return Err("no authorization code flow of OpenID Connect");
    }
    if get("code_challenge_method") != "S256" || get("code_challenge").len() != 43 {
        return Err("no PKCE");
    }
    if get("state").len() < 20 || get("nonce").len() < 20 {
        return Err("no state or nonce");
    }
    let code = state.fresh("code");
    let kept = Code {
        redirect_uri: redirect_uri.clone(),
        challenge: get("code_challenge"),
        nonce: get("nonce"),
    };
    state.codes.insert(code.clone(), kept);
    let issuer = match state.twist {
        Some(Twist::AnswerOfAnother) => "https://another.example".to_owned(),
        Some(Twist::AnswerOfNobody) => String::new(),
        _ => state.url.clone(),
    };
    let code = if state.does(Twist::Cancelled) {
        String::new()
    } else {
        code
    };
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("state", &get("state"));
    if code.is_empty() {
        pairs.append_pair("error", "access_denied");
    } else {
        pairs.append_pair("code", &code);
    }
    if !issuer.is_empty() {
        pairs.append_pair("iss", &issuer);
    }
    Ok(SentBack {
        href: format!("{redirect_uri}?{}", pairs.finish()),
        state: get("state"),
        code,
        issuer,
    })
}

/// Exchanges a code, once, for whoever knows what its challenge was made of; else the error of RFC 6749.
pub(crate) fn exchange(state: &mut State, form: &str) -> Result<Value, &'static str> {
    if field(form, "grant_type") != "authorization_code" {
        return Err("unsupported_grant_type");
    }
    let code = state.codes.remove(&field(form, "code")).ok_or("invalid_grant")?;
    let challenge = encode(digest(&SHA256, field(form, "code_verifier").as_bytes()));
    if code.redirect_uri != field(form, "redirect_uri") || code.challenge != challenge {
        return Err("invalid_grant");
    }
    let access_token = state.fresh("access");
    let subject = state.subject.clone();
    state.access_tokens.insert(access_token.clone(), subject);
    Ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": 300,
        "id_token": id_token(state, &code.nonce),
    }))
}

fn claims(state: &State, nonce: &str) -> Value {
    let now = state.second();
    let mut claims = json!({
        "iss": state.url, "sub": state.subject, "aud": CLIENT_ID,
        "exp": now + 300, "iat": now, "nonce": nonce,
    });
    let told = if state.at_userinfo_only {
        serde_json::Map::new()
    } else {
        state.claims.clone()
    };
    for (name, value) in told {
        claims[name] = value;
    }
    match state.twist {
        Some(Twist::WrongNonce) => claims["nonce"] = json!("another"),
        Some(Twist::WrongAudience) => claims["aud"] = json!("another"),
        Some(Twist::SecondAudience) => {
            claims["aud"] = json!([CLIENT_ID, "another"]);
            claims["azp"] = json!(CLIENT_ID);
        }
        Some(Twist::WrongParty) => claims["azp"] = json!("another"),
        Some(Twist::WrongIssuer) => claims["iss"] = json!("https://another.example"),
        Some(Twist::Expired) => {
            (claims["iat"], claims["exp"]) = (json!(now - 300), json!(now - 120));
        }
        Some(Twist::FromTheFuture) => claims["iat"] = json!(now + 120),
        Some(Twist::Old) => claims["iat"] = json!(now - 3600),
        _ => {}
    }
    claims
}

fn id_token(state: &State, nonce: &str) -> String {
    let algorithm = state.algorithm;
    let kid = match state.twist {
        Some(Twist::UnknownKey) => "unknown".to_owned(),
        _ => state.kid(),
    };
    let name = match state.twist {
        Some(Twist::Unsigned) => "none",
        Some(Twist::SharedSecret) => "HS256",
        _ => algorithm.name(),
    };
    let header = json!({ "alg": name, "kid": kid, "typ": "JWT" });
    let message = format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims(state, nonce).to_string())
    );
    let bytes = message.as_bytes();
    let signed = match state.twist {
        Some(Twist::Unsigned) => Vec::new(),
        Some(Twist::SharedSecret) => shared_secret_signature(bytes),
        // The RSA key is one only, so another kind of key stands for another key.
        Some(Twist::OtherKey) if algorithm == Algorithm::Rs256 => signature(Algorithm::EdDsa, 0, bytes),
        Some(Twist::OtherKey) => signature(algorithm, state.keys + 1, bytes),
        _ => signature(algorithm, state.keys, bytes),
    };
    let token = format!("{message}.{}", encode(signed));
    if state.does(Twist::Cut) {
        return token.chars().take(100).collect();
    }
    token
}
