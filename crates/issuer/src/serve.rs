//! The provider over HTTP.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State as Has};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::codes::{authorize, exchange, field};
use crate::sign::jwk;
use crate::state::{State, Twist};
use crate::{CLIENT_ID, CLIENT_SECRET};

type Shared = Arc<Mutex<State>>;

/// Longer than any relying party should wait.
const SLOW: Duration = Duration::from_secs(10);
/// More than any relying party should read.
const HUGE: usize = 64 << 20;

pub(crate) async fn serve(listener: std::net::TcpListener, state: Shared, stopped: oneshot::Receiver<()>) {
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/jwks", get(keys))
        .route("/authorize", get(authorization))
        .route("/authorize/yes", get(approved))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .with_state(state);
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket of this runtime");
    let stopped = async move { drop(stopped.await) };
    tokio::select! {
        () = stopped => {}
        served = async { axum::serve(listener, router).await } => served.expect("it serves"),
    }
}

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn as_json(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn huge() -> Response {
    let body = format!("{{\"issuer\":\"{}\"}}", "x".repeat(HUGE));
    ([(CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
}

fn down() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn metadata(Has(state): Has<Shared>) -> Response {
    let twist = {
        let mut state = lock(&state);
        state.asked.metadata += 1;
        state.twist
    };
    match twist {
        Some(Twist::Down) => return down(),
        Some(Twist::Slow) => tokio::time::sleep(SLOW).await,
        Some(Twist::HugeMetadata) => return huge(),
        Some(Twist::Redirect) => return (StatusCode::FOUND, [(LOCATION, "/jwks")]).into_response(),
        _ => {}
    }
    let state = lock(&state);
    let url = &state.url;
    let issuer = if twist == Some(Twist::OthersMetadata) {
        "https://another.example"
    } else {
        url
    };
    let auth = if state.secrets_in_forms {
        "client_secret_post"
    } else {
        "client_secret_basic"
    };
    as_json(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA"],
        "token_endpoint_auth_methods_supported": [auth],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(Has(state): Has<Shared>) -> Response {
    let mut state = lock(&state);
    state.asked.keys += 1;
    if state.does(Twist::Down) {
        return down();
    }
    let another = json!({ "kty": "oct", "kid": "not-for-us", "k": "AAAA" });
    as_json(&json!({ "keys": [another, jwk(state.algorithm, state.keys, &state.kid())] }))
}

/// Sends the browser back, or shows a page that asks first.
async fn authorization(Has(state): Has<Shared>, RawQuery(query): RawQuery) -> Response {
    if !lock(&state).asks_first {
        return approved(Has(state), RawQuery(query)).await;
    }
    let query = query.unwrap_or_default();
    let fields = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
        let value = value.replace('&', "&amp;").replace('"', "&quot;");
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    });
    let fields = fields.collect::<Vec<String>>().concat();
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>A provider</title><h1>Sign in at the provider</h1>\
         <form action=\"/authorize/yes\">{fields}<button id=\"yes\">Yes, it is me</button></form></html>"
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn approved(Has(state): Has<Shared>, RawQuery(query): RawQuery) -> Response {
    match authorize(&mut lock(&state), &query.unwrap_or_default()) {
        Ok(sent) => (StatusCode::FOUND, [(LOCATION, sent.href)]).into_response(),
        Err(wrong) => (StatusCode::BAD_REQUEST, wrong).into_response(),
    }
}

async fn token(Has(state): Has<Shared>, headers: HeaderMap, form: String) -> Response {
    let twist = {
        let mut state = lock(&state);
        state.asked.tokens += 1;
        state.twist
    };
    match twist {
        Some(Twist::Down | Twist::TokenDown) => return down(),
        Some(Twist::TokenSlow) => tokio::time::sleep(SLOW).await,
        Some(Twist::TokenHuge) => return huge(),
        Some(Twist::NoTokens) => return "no tokens".into_response(),
        _ => {}
    }
    let mut state = lock(&state);
    if !is_our_client(&state, &headers, &form) {
        let error = json!({ "error": "invalid_client" });
        return (StatusCode::UNAUTHORIZED, as_json(&error)).into_response();
    }
    match exchange(&mut state, &form) {
        Ok(tokens) => as_json(&tokens),
        Err(error) => (StatusCode::BAD_REQUEST, as_json(&json!({ "error": error }))).into_response(),
    }
}

/// Whether name and secret are right, and where the provider takes them.
fn is_our_client(state: &State, headers: &HeaderMap, form: &str) -> bool {
    if state.secrets_in_forms {
        return field(form, "client_id") == CLIENT_ID && field(form, "client_secret") == CLIENT_SECRET;
    }
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pair = given
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|pair| STANDARD.decode(pair).ok())
        .and_then(|pair| String::from_utf8(pair).ok());
    let Some((id, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
        return false;
    };
    // Each is written as in a form (RFC 6749 2.3.1).
    let form = format!("id={id}&secret={secret}");
    field(&form, "id") == CLIENT_ID && field(&form, "secret") == CLIENT_SECRET
}

async fn userinfo(Has(state): Has<Shared>, headers: HeaderMap) -> Response {
    let mut state = lock(&state);
    state.asked.userinfo += 1;
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let Some(subject) = state.access_tokens.get(token) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let subject = if state.does(Twist::OtherAtUserinfo) {
        "somebody-else"
    } else {
        subject
    };
    let mut claims = state.claims.clone();
    claims.insert("sub".to_owned(), json!(subject));
    as_json(&Value::Object(claims))
}
