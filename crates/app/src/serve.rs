//! Serves the folder of a report as plain pages on this machine.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::Redirect;
use axum::routing::get;
use kernel::{Fault, Lang, Refusal};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::terminal::{either, say};

/// Pages bring their own styles and drawings, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves until it is interrupted.
///
/// # Errors
/// `app.not_listening` where the address cannot be had.
pub async fn serve(address: SocketAddr, folder: &Path, lang: Lang) -> Result<(), Refusal> {
    let failed = |error: std::io::Error| {
        Refusal::new("app.not_listening", Fault::Refused)
            .at(address)
            .fact("cause", error)
    };
    let listener = tokio::net::TcpListener::bind(address).await.map_err(failed)?;
    say(format!(
        "{} http://{address}/  {}",
        either(lang, "请在浏览器打开", "open in a browser:"),
        either(lang, "（Ctrl-C 结束）", "(Ctrl-C ends it)")
    ));
    axum::serve(listener, routes(folder, lang))
        .with_graceful_shutdown(interrupted())
        .await
        .map_err(failed)
}

fn routes(folder: &Path, lang: Lang) -> Router {
    let first_page = match lang {
        Lang::Zh => "/index.zh.html",
        Lang::En => "/index.en.html",
    };
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    Router::new()
        .route("/", get(move || async move { Redirect::temporary(first_page) }))
        .fallback_service(ServeDir::new(folder))
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
}

async fn interrupted() {
    // Where the signal cannot be watched, the process is ended by it as usual.
    drop(tokio::signal::ctrl_c().await);
}
