//! `POST /preferences`: the theme, kept in a cookie; then back to where one was.
//!
//! It changes nothing but the colours of the one who asks, so it needs no token.

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::IntoResponse;
use axum::routing::post;

use crate::Shared;
use crate::form::Fields;
use crate::page::Page;
use crate::theme::Theme;

/// A longer address is not gone back to.
const BACK_BYTES_MAX: usize = 1_000;

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/preferences", post(create))
}

async fn create(page: Page, body: Bytes) -> impl IntoResponse {
    let fields = Fields::parse(&body);
    let theme = Theme::parse(fields.get("theme")).unwrap_or_default();
    let back = fields.get("back");
    let back = if is_local(back) {
        back.to_owned()
    } else {
        page.href("/")
    };
    (
        StatusCode::SEE_OTHER,
        [(SET_COOKIE, theme.cookie()), (LOCATION, back)],
    )
}

/// Whether an address stays on this site: a path from the root, in plain ASCII.
fn is_local(address: &str) -> bool {
    address.len() <= BACK_BYTES_MAX
        && address.starts_with('/')
        && !address.starts_with("//")
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for good in ["/", "/en/figures?q=%E5%8E%BF&pillar=commerce"] {
            assert!(is_local(good), "{good}");
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nx: y",
            "figures",
            "/县",
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
