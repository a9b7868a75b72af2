//! The commands of a period's report. Each is one transaction, safe to repeat, and refuses in the order shape,
//! existence, relation, amount.

use kernel::{Done, Fault, Period, Refusal};
use serde_json::{Value, json};
use store::{Ctx, Evidence, Fact};

use super::model::{Draft, DraftId, Kept, Verdict};
use super::repo::{self, PeriodRow};

/// Persons who have to approve a draft before it can be published.
pub const APPROVALS: usize = 2;

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 2_000;

/// Somebody's review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewDraft {
    /// The period.
    pub period: Period,
    /// The draft that was looked at.
    pub draft: DraftId,
    /// What is said about it.
    pub verdict: Verdict,
}

/// The wish to publish a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishDraft {
    /// The period.
    pub period: Period,
    /// The draft that was approved.
    pub draft: DraftId,
}

/// Opens the report of a period: its version 1 is now being prepared.
///
/// # Errors
/// What the store gives.
pub async fn open_period(ctx: &mut Ctx, period: Period) -> Result<Done<()>, Refusal> {
    if repo::find(ctx, period).await?.is_some() {
        return Ok(Done::Already(()));
    }
    repo::insert_period(ctx, period).await?;
    record(ctx, "periods.opened", Vec::new(), json!({ "period": period })).await?;
    Ok(Done::Now(()))
}

/// Submits what [`super::make_draft`] made and kept.
///
/// # Errors
/// `periods.not_opened`, `periods.in_review`, `periods.already_published`.
pub async fn submit_for_review(ctx: &mut Ctx, period: Period, kept: Kept) -> Result<Done<DraftId>, Refusal> {
    let row = require_opened(ctx, period).await?;
    if let Some(id) = row.draft {
        let before = repo::load_draft(ctx, id).await?;
        if before.kept == kept {
            return Ok(Done::Already(id));
        }
    }
    require_open(&row)?;
    let draft = Draft {
        id: DraftId::next(ctx.ids()),
        period,
        version: row.version,
        kept,
        submitted_at: ctx.now(),
        submitted_by: ctx.actor().id.clone(),
    };
    repo::insert_draft(ctx, &draft).await?;
    let version = (row.version, row.reason.as_deref());
    repo::move_period(ctx, &row, "in_review", version, Some(draft.id)).await?;
    record(ctx, "periods.submitted", draft.kept.evidence(), body(&draft)).await?;
    Ok(Done::Now(draft.id))
}

/// Approves a draft or sends it back.
///
/// # Errors
/// `periods.reason_missing`, `periods.reason_too_long`, `periods.no_such_draft`, `periods.not_opened`,
/// `periods.same_reviewer`, `periods.not_in_review`, `periods.draft_changed`, `periods.own_draft`.
pub async fn review(ctx: &mut Ctx, said: ReviewDraft) -> Result<Done<()>, Refusal> {
    let verdict = match said.verdict {
        Verdict::Approved => Verdict::Approved,
        Verdict::SentBack { reason } => Verdict::SentBack {
            reason: require_reason(&reason)?,
        },
    };
    let row = require_opened(ctx, said.period).await?;
    let draft = repo::load_draft(ctx, said.draft).await?;
    let me = ctx.actor().id.clone();
    let reviews = repo::reviews_of(ctx, draft.id).await?;
    if let Some(mine) = reviews.iter().find(|review| review.by == me) {
        if mine.verdict == verdict {
            return Ok(Done::Already(()));
        }
        return Err(refused("periods.same_reviewer", said.period).value(&me));
    }
    require_in_review(&row, draft.id)?;
    if draft.submitted_by == me {
        return Err(refused("periods.own_draft", said.period).value(&me));
    }
    repo::insert_review(ctx, draft.id, &verdict).await?;
    let mut body = body(&draft);
    let kind = match &verdict {
        Verdict::Approved => "periods.approved",
        Verdict::SentBack { reason } => {
            let version = (row.version, row.reason.as_deref());
            repo::move_period(ctx, &row, "open", version, None).await?;
            add(&mut body, "reason", reason);
            "periods.sent_back"
        }
    };
    record(ctx, kind, draft.kept.evidence(), body).await?;
    Ok(Done::Now(()))
}

/// Publishes a draft that two persons approved; answers the number of the version.
///
/// # Errors
/// `periods.no_such_draft`, `periods.not_opened`, `periods.not_in_review`, `periods.draft_changed`,
/// `periods.not_approved`.
pub async fn publish(ctx: &mut Ctx, wish: PublishDraft) -> Result<Done<i64>, Refusal> {
    let row = require_opened(ctx, wish.period).await?;
    let draft = repo::load_draft(ctx, wish.draft).await?;
    if let Some(before) = repo::version_of_draft(ctx, draft.id).await? {
        return Ok(Done::Already(before.number));
    }
    require_in_review(&row, draft.id)?;
    // Reviews are one a person, none by the submitter, and the first that is no approval ends the review.
    let approvals = repo::reviews_of(ctx, draft.id).await?.len();
    if approvals < APPROVALS {
        return Err(refused("periods.not_approved", wish.period)
            .fact("approvals", approvals)
            .fact("needed", APPROVALS));
    }
    repo::insert_version(ctx, &row, draft.id).await?;
    let version = (row.version, row.reason.as_deref());
    repo::move_period(ctx, &row, "published", version, Some(draft.id)).await?;
    let mut body = body(&draft);
    if let Some(reason) = &row.reason {
        add(&mut body, "reason", reason);
    }
    record(ctx, "periods.published", draft.kept.evidence(), body).await?;
    Ok(Done::Now(row.version))
}

/// Opens the next version of a published report; answers its number. The published one stays as it is.
///
/// # Errors
/// `periods.reason_missing`, `periods.reason_too_long`, `periods.not_opened`, `periods.not_published`.
pub async fn open_correction(ctx: &mut Ctx, period: Period, reason: &str) -> Result<Done<i64>, Refusal> {
    let reason = require_reason(reason)?;
    let row = require_opened(ctx, period).await?;
    if row.is_open() && row.reason.as_ref() == Some(&reason) {
        return Ok(Done::Already(row.version));
    }
    let Some(published) = row.draft.filter(|_| row.is_published()) else {
        return Err(refused("periods.not_published", period));
    };
    let (before, next) = (repo::load_draft(ctx, published).await?, row.version + 1);
    repo::move_period(ctx, &row, "open", (next, Some(&reason)), None).await?;
    let body = json!({ "period": period, "version": next, "reason": reason });
    record(ctx, "periods.correction_opened", before.kept.evidence(), body).await?;
    Ok(Done::Now(next))
}

/// The reason without blanks around it.
fn require_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new("periods.reason_missing", Fault::Refused).at("reason"));
    }
    let chars = reason.chars().count();
    if chars > REASON_CHARS_MAX {
        return Err(Refusal::new("periods.reason_too_long", Fault::Refused)
            .at("reason")
            .value(chars)
            .fact("max", REASON_CHARS_MAX));
    }
    Ok(reason.to_owned())
}

async fn require_opened(ctx: &mut Ctx, period: Period) -> Result<PeriodRow, Refusal> {
    let row = repo::find(ctx, period).await?;
    row.ok_or_else(|| not_opened(period))
}

pub(super) fn not_opened(period: Period) -> Refusal {
    Refusal::new("periods.not_opened", Fault::Missing).value(period)
}

/// The period takes a draft.
pub(super) fn require_open(row: &PeriodRow) -> Result<(), Refusal> {
    if row.is_open() {
        return Ok(());
    }
    let code = if row.is_published() {
        "periods.already_published"
    } else {
        "periods.in_review"
    };
    Err(refused(code, row.period).value(row.version))
}

fn require_in_review(row: &PeriodRow, draft: DraftId) -> Result<(), Refusal> {
    match row.in_review() {
        None => Err(refused("periods.not_in_review", row.period)),
        Some(current) if current != draft => Err(refused("periods.draft_changed", row.period)),
        Some(_) => Ok(()),
    }
}

fn refused(code: &'static str, period: Period) -> Refusal {
    Refusal::new(code, Fault::Refused).at(period)
}

fn body(draft: &Draft) -> Value {
    json!({ "period": draft.period, "version": draft.version, "draft": draft.id.to_string() })
}

fn add(body: &mut Value, key: &str, text: &str) {
    if let Value::Object(map) = body {
        map.insert(key.to_owned(), json!(text));
    }
}

async fn record(
    ctx: &mut Ctx,
    kind: &'static str,
    evidence: Vec<Evidence>,
    body: Value,
) -> Result<(), Refusal> {
    let fact = Fact {
        kind,
        place: None,
        amount: None,
        evidence,
        body,
    };
    ctx.record(fact).await.map(drop)
}
