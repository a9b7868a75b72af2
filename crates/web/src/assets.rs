//! Styles and script under addresses that name their content, so that a browser may keep them for ever.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::cache::{Effort, Packed};
use crate::error::WebError;
use crate::routes::{Rooms, Who};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";
const ASK_AGAIN: &str = "no-cache";

/// The style sheets in the order in which they stand in one file; the colours of the page come after those of the charts.
const CSS: [&str; 5] = [
    charts::CSS,
    include_str!("../assets/base.css"),
    include_str!("../assets/layout.css"),
    include_str!("../assets/components.css"),
    include_str!("../assets/print.css"),
];
const SCRIPT: &str = include_str!("../assets/fishpond.js");
const PASSKEY_SCRIPT: &str = include_str!("../assets/passkey.js");
const FIELD_SCRIPT: &str = include_str!("../assets/field.js");
const ICON: &str = include_str!("../assets/favicon.svg");
const ROBOTS: &str = "User-agent: *\nDisallow: /figures/*/trace\nDisallow: /en/figures/*/trace\n";

struct Asset {
    href: String,
    name: String,
    packed: Packed,
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, text: String) -> Self {
        let packed = Packed::new(HeaderValue::from_static(kind), Bytes::from(text), Effort::Full);
        let name = format!("{stem}.{}.{ending}", packed.hash());
        Self {
            href: format!("/assets/{name}"),
            name,
            packed,
        }
    }
}

static STYLES: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "fishpond",
        "css",
        "text/css; charset=utf-8",
        squeezed(&CSS.concat()),
    )
});
static SCRIPTS: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "fishpond",
        "js",
        "text/javascript; charset=utf-8",
        SCRIPT.to_owned(),
    )
});

static PASSKEY: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "passkey",
        "js",
        "text/javascript; charset=utf-8",
        PASSKEY_SCRIPT.to_owned(),
    )
});

/// The script of forms that work without a network. Its address stays the same: it is this site's service worker too, and a
/// worker reaches the pages below its own folder.
static FIELD: LazyLock<Packed> = LazyLock::new(|| {
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    Packed::new(kind, Bytes::from_static(FIELD_SCRIPT.as_bytes()), Effort::Full)
});

/// Without remarks and the blanks at the beginning of lines.
fn squeezed(css: &str) -> String {
    let mut text = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, remark)) = rest.split_once("/*") {
        text.push_str(before);
        rest = remark.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

pub(crate) fn css_href() -> &'static str {
    &STYLES.href
}

/// The script of forms of the field.
pub(crate) const FIELD_HREF: &str = "/field.js";

/// The script of the pages that know passkeys.
pub(crate) fn passkey_href() -> &'static str {
    &PASSKEY.href
}

pub(crate) fn script_href() -> &'static str {
    &SCRIPTS.href
}

pub(crate) fn routes() -> Rooms {
    let icon = || async {
        (
            [
                (CONTENT_TYPE, "image/svg+xml"),
                (axum::http::header::CACHE_CONTROL, A_DAY),
            ],
            ICON,
        )
    };
    let robots = || async { ([(axum::http::header::CACHE_CONTROL, A_DAY)], ROBOTS) };
    // Packed when the routes are made, not while the first reader waits.
    LazyLock::force(&STYLES);
    LazyLock::force(&SCRIPTS);
    LazyLock::force(&PASSKEY);
    LazyLock::force(&FIELD);
    let field = |headers: HeaderMap| async move { FIELD.answer(&headers, ASK_AGAIN) };
    Rooms::new()
        .get("/assets/{name}", Who::Everyone, show)
        .get(FIELD_HREF, Who::Everyone, field)
        .get("/favicon.svg", Who::Everyone, icon)
        .get("/robots.txt", Who::Everyone, robots)
}

async fn show(Path(name): Path<String>, headers: HeaderMap) -> Response {
    [&*STYLES, &*SCRIPTS, &*PASSKEY]
        .into_iter()
        .find(|asset| asset.name == name)
        .map_or_else(
            || WebError::missing().into_response(),
            |asset| asset.packed.answer(&headers, FOR_EVER),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_are_small_and_styles_lose_their_remarks() {
        assert!(SCRIPT.len() <= 3_000, "{}", SCRIPT.len());
        assert!(PASSKEY_SCRIPT.len() <= 3_000, "{}", PASSKEY_SCRIPT.len());
        assert!(FIELD_SCRIPT.len() <= 9_000, "{}", FIELD_SCRIPT.len());
        assert_eq!(
            squeezed("a { /* why */\n  color: red;\n\n}\n"),
            "a { \ncolor: red;\n}".replace(" \n", "\n")
        );
    }
}
