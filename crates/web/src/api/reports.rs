//! `/reports`: what was published, version by version, and its files.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use kernel::Refusal;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome, ok, to_json};
use super::problem::ApiError;
use crate::Shared;
use crate::site::Published;

pub(super) async fn index(call: Call) -> Outcome {
    let mut seen = BTreeSet::new();
    let shown = call.site.shown.now();
    let latest = shown
        .published
        .iter()
        .filter(|published| seen.insert(&published.report.period.id));
    let items: Vec<Value> = latest.map(|published| head(published)).collect();
    ok(json!({ "items": items }))
}

/// A report in a few lines.
pub(super) fn head(published: &Published) -> Value {
    let report = &published.report;
    json!({
        "period": report.period.id,
        "title": report.period.title,
        "first_day": report.period.first_day,
        "last_day": report.period.last_day,
        "version": published.version,
        "published_at": published.published_at,
        "figures": report.figures.len(),
        "order_lines": report.evidence.rows,
        "simulated": report.simulated,
        "href": format!("/api/v1/reports/{}", report.period.id),
    })
}

pub(super) async fn show(call: Call) -> Outcome {
    let period = call.part("period");
    let versions = call.site.versions_of(period);
    let latest = versions.first().ok_or_else(ApiError::missing)?;
    let all: Vec<&Published> = versions.iter().map(AsRef::as_ref).collect();
    ok(detail(latest, &all))
}

/// A report with its versions and the files of the latest.
pub(super) fn detail(published: &Published, versions: &[&Published]) -> Value {
    let period = &published.report.period.id;
    let versions = versions.iter().map(|other| {
        json!({
            "version": other.version,
            "published_at": other.published_at,
            "href": format!("/api/v1/reports/{period}/versions/{}", other.version),
        })
    });
    let files = published.files.iter().map(|file| {
        json!({
            "name": file.name,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "href": format!("/api/v1/reports/{period}/files/{}", file.name),
        })
    });
    json!({
        "report": head(published),
        "versions": versions.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
    })
}

pub(super) async fn version(call: Call) -> Outcome {
    let (period, number) = (call.part("period"), call.part("version").parse::<i64>());
    let versions = call.site.versions_of(period);
    let found = versions
        .iter()
        .find(|published| number.as_ref().is_ok_and(|number| *number == published.version));
    ok(whole(found.ok_or_else(ApiError::missing)?)?)
}

/// A version with the whole of its report.
pub(super) fn whole(published: &Published) -> Result<Value, Refusal> {
    Ok(json!({
        "version": published.version,
        "published_at": published.published_at,
        "report": to_json(&published.report)?,
    }))
}

pub(super) async fn file(call: Call) -> Outcome {
    let parts = (call.part("period").to_owned(), call.part("name").to_owned());
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = call.headers;
    let site = Shared::clone(&call.site);
    let served = crate::reports::file(State(site), Path(parts), request).await?;
    Ok(Answer::Ready(served))
}
