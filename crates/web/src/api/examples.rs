//! An example of each answer. What is public is made from the sample report by the code that answers; what only staff
//! see is written out here. A test holds each against its shape.

use kernel::Refusal;
use report::periods::{Kept, Version};
use report::sample::sample;
use serde_json::{Value, json};

use super::{examples_of_money, figures, programme, reports, root};
use crate::shelf::{DownloadFile, Published};

pub(super) const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
pub(super) const JOB: &str = "01890a5d-ac97-7c40-9d35-5f0b1f2f6a11";
pub(super) const SHA: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
pub(super) const AT: &str = "2018-07-02T04:00:00Z";

/// The example of a shape; none for what is too long to read, and for the document itself.
pub(super) fn of(shape: &str) -> Option<Value> {
    let known = public(shape).ok().flatten();
    known
        .or_else(|| internal(shape))
        .or_else(|| operators(shape))
        .or_else(|| examples_of_money::of(shape))
}

fn public(shape: &str) -> Result<Option<Value>, Refusal> {
    let published = published()?;
    let Some(figure) = published.report.figures.first() else {
        return Ok(None);
    };
    let Some(breakdown) = figure.breakdown("province") else {
        return Ok(None);
    };
    Ok(Some(match shape {
        "Root" => root::links(),
        "FigureList" => figures::list(&published, None, &figure.id)?,
        "FigureDetail" => figures::detail(&published, figure)?,
        "BreakdownPage" => {
            let rows = breakdown.rows.get(..2).unwrap_or_default();
            figures::part(&published, figure, breakdown, rows, &Value::Null)?
        }
        "ReportList" => json!({ "items": [reports::head(&published)] }),
        "ReportDetail" => reports::detail(&published, &[&published.version]),
        "Programme" | "LayoutList" => match ::programme::Programme::built_in() {
            Ok(built_in) if shape == "Programme" => programme::head(&built_in),
            Ok(built_in) => programme::layout_list(&built_in),
            Err(_) => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

fn published() -> Result<Published, Refusal> {
    let (report, sha) = (sample(), SHA.to_owned());
    Ok(Published {
        version: Version {
            period: report.period.id.parse()?,
            number: 1,
            draft: ID.parse()?,
            kept: Kept {
                report_sha256: sha.clone(),
                pack_sha256: sha.clone(),
                manifest_sha256: sha.clone(),
                signature_sha256: sha.clone(),
                signer: sha.clone(),
            },
            reason: None,
            published_at: AT.parse().unwrap_or_default(),
            published_by: JOB.to_owned(),
        },
        files: vec![DownloadFile {
            name: "report.json".to_owned(),
            bytes: 48_210,
            sha256: sha,
        }],
        report,
    })
}

fn internal(shape: &str) -> Option<Value> {
    Some(match shape {
        "Problem" => json!({
            "type": "urn:fishpond:error:web.too_few_lines", "status": 403,
            "title": "There are fewer than 5 lines here, or they could be worked out, so they cannot be opened.",
            "detail": "This protects people; the lines still count in the totals.",
            "code": "web.too_few_lines", "at": null, "instance": "01890a5dac96774bbcceb302099a8057"
        }),
        "Trace" => json!({
            "figure": "sales.poverty_counties", "unit": "fen", "period": "2018H1", "place": "532528", "min_lines": 5,
            "segments": [{
                "segment_sha256": SHA, "file_name": "orders-2018-03.csv", "file_sha256": SHA, "hidden": false,
                "lines": 8_120, "value": 211_870_120_010_i64, "first_source_lines": [2, 7, 19],
                "href": format!("/api/v1/figures/sales.poverty_counties/trace/{SHA}/lines?place=532528"),
            }],
        }),
        "LinePage" => json!({
            "figure": "sales.poverty_counties", "segment_sha256": SHA, "place": "532528",
            "items": [{
                "source_line": 2, "place": "532528", "day": "2018-03-05", "channel": "xingnong", "order_no": "A0001",
                "line_no": "1", "product_code": "P1", "product_title": { "zh": "红米", "en": "red rice" },
                "currency": "CNY", "quantity_milli": 1_000, "amount_fen": 1_250, "cancelled": false,
            }],
            "next": null,
        }),
        "PlaceList" => json!({ "items": [{
            "code": "532528", "name_zh": "元阳县", "name_en": "Yuanyang",
            "full_name_zh": "云南省红河哈尼族彝族自治州元阳县", "level": "county", "href": "/api/v1/places/532528",
        }] }),
        "ImportPage" => json!({ "items": [import()], "next": null }),
        "Upload" => upload(),
        "UploadPage" => json!({ "items": [upload()], "next": null }),
        "PeriodList" => json!({ "items": [period()] }),
        "PeriodHistory" => json!({ "report": period(), "drafts": [], "versions": [] }),
        "PeriodOpened" => json!({ "period": "2018H2", "now": true, "href": "/api/v1/periods/2018H2" }),
        "Job" => job(),
        "JobPage" => json!({ "items": [job()], "next": null }),
        _ => return None,
    })
}

/// What is sent to commands and what they answer, and what the operator reads.
fn operators(shape: &str) -> Option<Value> {
    Some(match shape {
        "DraftAsked" => json!({ "period": "2018H2", "job": JOB, "href": format!("/api/v1/jobs/{JOB}") }),
        "SayReview" => json!({ "draft": ID, "verdict": "sent_back", "reason": "county 621126 is missing" }),
        "SayPublication" => json!({ "draft": ID }),
        "SayCorrection" => json!({ "reason": "orders of June came late" }),
        "User" => user(),
        "UserPage" => json!({ "items": [user()], "next": null }),
        "UserLink" => json!({ "user": ID, "path": "/invitations/…", "expires_at": AT }),
        "SayUser" => json!({ "login": "lan@example.org", "display_name": "李兰" }),
        "SayGrant" => json!({ "role": "county", "place": "621226" }),
        "Webhook" => webhook(),
        "WebhookList" => json!({ "items": [webhook()] }),
        "WebhookMade" => json!({ "webhook": webhook(), "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }),
        "WebhookRemoved" => json!({ "id": ID, "now": true }),
        "WebhookTest" => json!({ "delivery": JOB, "href": format!("/api/v1/webhooks/{ID}/deliveries") }),
        "SayWebhook" => json!({ "url": "https://example.org/fishpond", "events": ["periods.published"] }),
        "DeliveryPage" => json!({ "items": [{
            "id": JOB, "message_id": ID, "event": "periods.published", "state": "delivered", "made_at": AT,
            "attempts": [{ "attempt": 1, "tried_at": AT, "took_ms": 84, "status": 204, "error_code": null }],
        }], "next": null }),
        "AuditPage" => json!({ "items": [{
            "seq": 7, "at": AT, "user": ID, "action": "manage_users", "subject": "user_add", "place": null,
            "outcome": "allowed", "request_id": "01890a5dac96774bbcceb302099a8057", "address_sha256": null,
        }], "next": null }),
        _ => return None,
    })
}

fn import() -> Value {
    json!({
        "id": ID, "layout": "xingnong", "channel": "xingnong", "currency": "CNY", "simulated": true,
        "file_name": "orders-2018-03.csv", "file_sha256": SHA, "file_bytes": 48_210, "lines": 402, "accepted": 400,
        "rejected": 1, "duplicates": 1, "cancelled_lines": 3, "orders": 391, "gross_fen": 512_000, "net_fen": 508_400,
        "rejects_sha256": SHA, "imported_at": 1_530_504_000_000_000_i64,
    })
}

fn upload() -> Value {
    json!({
        "id": ID, "file_name": "orders-2018-03.csv", "bytes": 48_210, "sha256": SHA, "layout": "xingnong",
        "uploaded_at": AT, "uploaded_by": JOB, "uploaded_role": "fund", "state": "waiting", "job": JOB,
    })
}

fn webhook() -> Value {
    json!({
        "id": ID, "url": "https://example.org/fishpond", "events": ["periods.published"], "state": "active",
        "failing_since": null, "made_at": AT, "made_by": JOB,
    })
}

fn user() -> Value {
    json!({
        "id": ID, "login": "lan@example.org", "display_name": "李兰", "added_at": AT, "disabled_at": null,
        "organisation_only_since": null,
        "grants": [{ "id": JOB, "role": "county", "place": "621226", "granted_at": AT, "granted_by": JOB }],
    })
}

fn period() -> Value {
    json!({
        "period": "2018H2", "version": 1, "reason": null, "opened_at": AT, "opened_by": JOB, "changed_at": AT,
        "state": "open",
    })
}

fn job() -> Value {
    json!({
        "id": JOB, "kind": "sales.import", "state": "running", "attempts": 1, "done": 20_480, "total": 48_210,
        "error_code": null, "asked_by": ID, "asked_at": AT, "due_at": AT, "changed_at": AT,
    })
}
