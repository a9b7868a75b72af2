//! What is published by someone else than this server.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{Actor, Period, Refusal, Role};
use report::periods::{
    Kept, PublishDraft, ReviewDraft, Verdict, open_period, publish, review, submit_for_review,
};
use store::Store;
use tempfile::TempDir;
use web::testing::{Client, keep_sample, site};
use web::{Shelf, Site};

/// Publishes a period behind the server's back, as the command line does.
async fn publish_elsewhere(store: &Store, period: Period, kept: Kept) {
    let by = |name: &str| Actor::new(name, Role::Fund);
    let submitted = store.write(by("chen"), move |ctx| {
        Box::pin(async move {
            open_period(ctx, period).await?.into_inner();
            submit_for_review(ctx, period, kept).await
        })
    });
    let submitted: Result<_, Refusal> = submitted.await;
    let draft = submitted.unwrap().into_inner();
    for name in ["lan", "wu"] {
        let said = ReviewDraft {
            period,
            draft,
            verdict: Verdict::Approved,
        };
        let reviewed = store.write(by(name), move |ctx| Box::pin(review(ctx, said)));
        reviewed.await.unwrap().into_inner();
    }
    let wish = PublishDraft { period, draft };
    let published = store.write(by("chen"), move |ctx| Box::pin(publish(ctx, wish)));
    published.await.unwrap().into_inner();
}

fn was_read(site: &Site, period: &str) -> bool {
    site.versions_of(period).iter().any(|shelved| shelved.is_read())
}

#[tokio::test]
async fn what_is_published_elsewhere_is_shown_without_a_restart_and_only_the_latest_is_read_at_once() {
    let folder = TempDir::new().unwrap();
    let mut site = site(folder.path()).await;
    site.shown = Shelf::default();
    let site = Arc::new(site);
    let nobody = Client::of(Arc::clone(&site));
    let kept = keep_sample(&site.store, folder.path()).await;
    for period in ["2017H2", "2018H1"] {
        publish_elsewhere(&site.store, period.parse().unwrap(), kept.clone()).await;
    }
    let latest = "/reports/2018H1";
    assert_eq!(nobody.get(latest).await.status, StatusCode::NOT_FOUND);
    let listed = async || nobody.get("/api/v1/reports").await.text();
    assert!(!listed().await.contains("2018H1"));
    site.look().await.unwrap();
    assert_eq!(nobody.get(latest).await.status, StatusCode::OK);
    assert!(was_read(&site, "2018H1") && !was_read(&site, "2017H2"));
    assert_eq!(nobody.get("/reports/2017H2").await.status, StatusCode::OK);
    assert!(was_read(&site, "2017H2"));
    assert!(
        listed().await.contains("2018H1"),
        "what the API kept is forgotten too"
    );
    let shown = site.shown.now();
    site.look().await.unwrap();
    assert!(
        Arc::ptr_eq(&shown, &site.shown.now()),
        "nothing was new, so nothing changed"
    );
}
