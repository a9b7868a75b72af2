//! Bodies in the forms in which they are sent, and the pages kept that way.
//!
//! A public page, or answer of the API, is made and compressed once for each address, language and theme; after that it costs a
//! look in a map. What is kept may be 48 MB, in two halves: when the younger is full, the older is dropped and the younger takes its
//! place. A page that is asked for goes to the younger half, so whoever walks through every line of every order
//! file pushes out other such pages, and not the ones that readers come back to.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{PoisonError, RwLock};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::caller::RouteName;

/// Marks an answer that is the same for everyone.
#[derive(Clone)]
pub(crate) enum Keep {
    /// A page, still to be packed.
    Page,
    /// What was packed already.
    Packed(Packed),
}

/// So much is kept in each half.
const HALF_BYTES_MAX: usize = 24 << 20;
/// A longer address is not kept.
const KEY_BYTES_MAX: usize = 300;

/// How hard a body is compressed.
#[derive(Clone, Copy)]
pub(crate) enum Effort {
    /// While a reader waits.
    Quick,
    /// Once, at the start.
    Full,
}

/// A body plain and compressed, with the name of its content.
#[derive(Clone)]
pub(crate) struct Packed {
    kind: HeaderValue,
    hash: String,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
    /// What of the question the answer hangs on, as `Vary` says it.
    pub(crate) vary: &'static str,
    /// Which route made it; an answer says so.
    pub(crate) route: Option<RouteName>,
}

impl Packed {
    pub(crate) fn new(kind: HeaderValue, plain: Bytes, effort: Effort) -> Self {
        let hash = hash(&plain);
        Self {
            kind,
            hash,
            gzip: gzip(&plain, effort),
            brotli: brotli(&plain, effort),
            plain,
            vary: "accept-encoding, cookie",
            route: None,
        }
    }

    /// The first digits of the body's SHA-256.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    fn bytes(&self) -> usize {
        self.plain.len() + self.gzip.len() + self.brotli.len()
    }

    /// The answer to a reader with these headers: compressed as they can read it, or 304 where they have it.
    pub(crate) fn answer(&self, headers: &HeaderMap, cache_control: &'static str) -> Response<Body> {
        let (name, body) = match encoding(headers) {
            Encoding::Brotli => ("br", &self.brotli),
            Encoding::Gzip => ("gzip", &self.gzip),
            Encoding::Plain => ("", &self.plain),
        };
        let tag = format!(
            "\"{}{}{name}\"",
            self.hash,
            if name.is_empty() { "" } else { "-" }
        );
        let fresh = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*");
        let mut response = if fresh {
            Response::new(Body::empty())
        } else {
            Response::new(Body::from(body.clone()))
        };
        let put = response.headers_mut();
        if !fresh {
            put.insert(CONTENT_TYPE, self.kind.clone());
            put.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            if !name.is_empty() {
                put.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            put.insert(ETAG, tag);
        }
        put.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
        put.insert(VARY, HeaderValue::from_static(self.vary));
        if fresh {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        if let Some(route) = &self.route {
            response.extensions_mut().insert(route.clone());
        }
        response
    }
}

/// The first sixteen digits of a SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    hex::encode(digest.first_chunk::<8>().copied().unwrap_or_default())
}

enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// The best encoding a reader names, unless with `q=0`.
fn encoding(headers: &HeaderMap) -> Encoding {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |wanted: &str| {
        accepted.split(',').any(|one| {
            let (name, weight) = one.trim().split_once(';').unwrap_or((one.trim(), ""));
            name.trim() == wanted && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    if takes("br") {
        Encoding::Brotli
    } else if takes("gzip") {
        Encoding::Gzip
    } else {
        Encoding::Plain
    }
}

fn gzip(plain: &[u8], effort: Effort) -> Bytes {
    let level = match effort {
        Effort::Quick => 6,
        Effort::Full => 9,
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    // Writing to a Vec cannot fail.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default().into()
}

fn brotli(plain: &[u8], effort: Effort) -> Bytes {
    let quality = match effort {
        Effort::Quick => 5,
        Effort::Full => 11,
    };
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality, 20);
    let _ = writer.write_all(plain);
    drop(writer);
    packed.into()
}

/// Pages kept by address, language and theme.
#[derive(Default)]
pub(crate) struct PageCache {
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    young: HashMap<String, Packed>,
    young_bytes: usize,
    old: HashMap<String, Packed>,
    /// How often all were forgotten.
    age: u64,
}

impl PageCache {
    pub(crate) fn get(&self, key: &str) -> Option<Packed> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = kept.young.get(key) {
            return Some(page.clone());
        }
        let is_old = kept.old.contains_key(key);
        drop(kept);
        if !is_old {
            return None;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let page = kept.old.remove(key)?;
        kept.put(key.to_owned(), page.clone());
        Some(page)
    }

    /// The age of what is shown; a page is kept only under the age in which it was begun.
    pub(crate) fn age(&self) -> u64 {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).age
    }

    pub(crate) fn keep(&self, key: String, page: &Packed, age: u64) {
        if key.len() > KEY_BYTES_MAX {
            return;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.age != age {
            return;
        }
        kept.put(key, page.clone());
    }

    /// Forgets every page, and those that are being made.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Kept {
            age: kept.age + 1,
            ..Kept::default()
        };
    }
}

impl Kept {
    fn put(&mut self, key: String, page: Packed) {
        let bytes = page.bytes() + key.len();
        if self.young_bytes + bytes > HALF_BYTES_MAX {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        // Where two readers made the same page at once, the second one replaces it.
        let before = self.young.get(&key).map_or(0, |page| page.bytes() + key.len());
        self.young_bytes = self.young_bytes + bytes - before;
        self.young.insert(key, page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_asked_for_outlasts_a_walk_through_all_others_and_memory_is_bounded() {
        let cache = PageCache::default();
        let large = Packed::new(
            HeaderValue::from_static("text/html"),
            Bytes::from(vec![b'a'; 1 << 20]),
            Effort::Quick,
        );
        cache.keep("home".to_owned(), &large, 0);
        for number in 0..200 {
            cache.keep(format!("line {number}"), &large, 0);
            assert!(cache.get("home").is_some(), "{number}");
        }
        assert!(cache.get("line 0").is_none() && cache.get("line 199").is_some());
        let kept = cache.kept.read().unwrap();
        let bytes: usize = kept
            .young
            .values()
            .chain(kept.old.values())
            .map(Packed::bytes)
            .sum();
        assert!(bytes <= 2 * HALF_BYTES_MAX, "{bytes}");
    }

    #[test]
    fn each_reader_gets_the_encoding_it_can_read_under_a_tag_of_its_own() {
        let kind = HeaderValue::from_static("text/plain");
        let packed = Packed::new(kind, Bytes::from("鱼塘".repeat(500)), Effort::Quick);
        let mut tags = Vec::new();
        for (accepts, expected) in [
            ("br, gzip", Some("br")),
            ("gzip", Some("gzip")),
            ("gzip;q=0", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepts));
            let response = packed.answer(&headers, "no-cache");
            let encoding = response.headers().get(CONTENT_ENCODING);
            assert_eq!(encoding.and_then(|value| value.to_str().ok()), expected);
            tags.push(response.headers()[ETAG].clone());
            headers.insert(IF_NONE_MATCH, response.headers()[ETAG].clone());
            assert_eq!(
                packed.answer(&headers, "no-cache").status(),
                StatusCode::NOT_MODIFIED
            );
        }
        tags.dedup();
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let cache = PageCache::default();
        let noise: Vec<u8> = (0..2_000_000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let kind = HeaderValue::from_static("text/plain");
        let page = Packed {
            kind,
            hash: String::new(),
            plain: noise.into(),
            gzip: Bytes::new(),
            brotli: Bytes::new(),
            vary: "",
            route: None,
        };
        for number in 0..20 {
            cache.keep(number.to_string(), &page, 0);
        }
        let held = (0..20)
            .filter(|number| cache.get(&number.to_string()).is_some())
            .count();
        assert!(held < 9 && cache.get("19").is_some(), "{held}");
        cache.keep("x".repeat(KEY_BYTES_MAX + 1), &page, 0);
        assert!(cache.get(&"x".repeat(KEY_BYTES_MAX + 1)).is_none());
    }

    #[test]
    fn a_page_begun_before_all_were_forgotten_is_not_kept() {
        let cache = PageCache::default();
        let page = Packed::new(
            HeaderValue::from_static("text/plain"),
            Bytes::from("old"),
            Effort::Quick,
        );
        let age = cache.age();
        cache.keep("a".to_owned(), &page, age);
        cache.forget();
        cache.keep("b".to_owned(), &page, age);
        assert!(cache.get("a").is_none() && cache.get("b").is_none());
        cache.keep("b".to_owned(), &page, cache.age());
        assert!(cache.get("b").is_some());
    }
}
