//! A site with the sample report and a client of it, for tests of this crate and of those that build on it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test by panicking")]
#![expect(
    clippy::missing_panics_doc,
    reason = "a helper of tests fails the test by panicking"
)]

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use kernel::{SystemClock, SystemIds, SystemSecrets};
use lake::Lake;
use lake::uploads::{UploadLimits, Uploads};
use people::places::Places;
use people::staff::Staff;
use programme::Programme;
use report::folder::sealed;
use report::periods::{self, DraftId, Version};
use report::{ReportKey, render_files, sample::sample};
use store::{Store, StoreConfig};
use tower::ServiceExt as _;

use crate::site::{Office, Published, Site};

/// A site with the sample report, its documents in `folder`; without order lines.
pub async fn site(folder: &Path) -> Site {
    let config = StoreConfig {
        database: format!("sqlite://{}", folder.join("fishpond.db").display()),
        documents: folder.join("documents").display().to_string(),
    };
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(SystemIds))
        .await
        .unwrap();
    let cache = folder.join("cache");
    let version = published(&store, folder).await;
    let lake = Lake::open(store.clone(), &folder.join("lake")).unwrap();
    let uploads = Uploads::open(lake.clone(), UploadLimits::default())
        .await
        .unwrap();
    let staff = Staff::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemSecrets));
    let published = Published::of_version(&cache, &store, &version).await.unwrap();
    Site {
        programme: Programme::built_in().unwrap(),
        places: Places::national(),
        published: vec![published],
        evidence: None,
        office: Office { staff, lake, uploads },
        ids: Arc::new(SystemIds),
        store,
        cache,
    }
}

async fn published(store: &Store, folder: &Path) -> Version {
    let (report, key) = (sample(), ReportKey::from_seed([1; 32]));
    let files = render_files(&report).unwrap();
    let (_, seal) = sealed(&report, &files, &key).unwrap();
    let pack = folder.join("pack.tar");
    std::fs::write(&pack, b"a pack").unwrap();
    Version {
        period: report.period.id.parse().unwrap(),
        number: 1,
        draft: DraftId::next(&SystemIds),
        kept: periods::keep(store, &report, files, seal, &pack).await.unwrap(),
        reason: None,
        published_at: report.made_at.parse().unwrap(),
        published_by: "fund".to_owned(),
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        if self.header("content-encoding") == "gzip" {
            let mut text = String::new();
            flate2::read::GzDecoder::new(self.bytes.as_slice())
                .read_to_string(&mut text)
                .unwrap();
            return text;
        }
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Asks a site without a network.
#[derive(Clone)]
pub struct Client(Router);

impl Client {
    /// A client of a site.
    #[must_use]
    pub fn of(site: Site) -> Self {
        Self(crate::router(site))
    }

    /// The site, to be served.
    pub fn router(&self) -> Router {
        self.0.clone()
    }

    /// Any request.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    /// `GET` as a plain reader.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], "").await
    }

    /// `GET` with headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers, "").await
    }
}
