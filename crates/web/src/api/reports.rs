//! `/reports`: what was published, version by version, and its files.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use kernel::Refusal;
use report::periods::Version;
use serde_json::{Value, json};

use super::call::{Answer, Call, Outcome, ok, to_json};
use super::problem::ApiError;
use crate::Shared;
use crate::shelf::Published;

pub(super) async fn index(call: Call) -> Outcome {
    let newest = call.site.newest_of_each().await?;
    let items: Vec<Value> = newest.iter().map(|published| head(published)).collect();
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
        "version": published.version.number,
        "published_at": published.version.published_at,
        "figures": report.figures.len(),
        "order_lines": report.evidence.rows,
        "simulated": report.simulated,
        "href": format!("/api/v1/reports/{}", report.period.id),
    })
}

pub(super) async fn show(call: Call) -> Outcome {
    let period = call.part("period");
    let versions = call.site.versions_of(period);
    let newest = versions.first().ok_or_else(ApiError::missing)?;
    let published = call.site.read(newest).await?;
    let all: Vec<&Version> = versions.iter().map(|shelved| &shelved.version).collect();
    ok(detail(&published, &all))
}

/// A report with its versions and the files of the latest.
pub(super) fn detail(published: &Published, versions: &[&Version]) -> Value {
    let period = &published.report.period.id;
    let versions = versions.iter().map(|other| {
        json!({
            "version": other.number,
            "published_at": other.published_at,
            "href": format!("/api/v1/reports/{period}/versions/{}", other.number),
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
    let found = versions.iter().find(|shelved| {
        number
            .as_ref()
            .is_ok_and(|number| *number == shelved.version.number)
    });
    let found = found.ok_or_else(ApiError::missing)?;
    ok(whole(call.site.read(found).await?.as_ref())?)
}

/// A version with the whole of its report.
pub(super) fn whole(published: &Published) -> Result<Value, Refusal> {
    Ok(json!({
        "version": published.version.number,
        "published_at": published.version.published_at,
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
