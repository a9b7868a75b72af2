//! What is done with a milestone: its money committed, reported as met with a document, released by another, given up.

use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use fund::{Act, AtMilestone, Freed, Met};
use kernel::{Done, Fault, Refusal};

use super::project::{find, refused};
use super::{project_path, take};
use crate::Shared;
use crate::books::needed_day;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout;
use crate::multipart::{self, DOCUMENT_BYTES_MAX, Sent};
use crate::signed::Signed;
use crate::site::Site;

fn number(text: &str) -> Result<u32, WebError> {
    text.parse().map_err(|_| WebError::missing())
}

/// Holds the money of a milestone.
pub(super) async fn commit(
    State(site): State<Shared>,
    Path((key, no)): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let at = AtMilestone {
        project: key.clone(),
        milestone: number(&no)?,
        on: site.clock.today(),
    };
    find(&site, &signed, &key).await?;
    let taken = take(&site, &signed, Act::Commit(at)).await?;
    back(&site, &signed, &key, taken).await
}

/// Releases it, where another person reported that it was met.
pub(super) async fn release(
    State(site): State<Shared>,
    Path((key, no)): Path<(String, String)>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    find(&site, &signed, &key).await?;
    let milestone = number(&no)?;
    let taken = match needed_day(Fields::parse(&body).get("on"), "on") {
        Ok(on) => {
            let at = AtMilestone {
                project: key.clone(),
                milestone,
                on,
            };
            take(&site, &signed, Act::Release(at)).await?
        }
        Err(refusal) => Err(refusal),
    };
    back(&site, &signed, &key, taken).await
}

/// Gives a commitment up.
pub(super) async fn free(
    State(site): State<Shared>,
    Path((key, no)): Path<(String, String)>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    find(&site, &signed, &key).await?;
    let freed = Freed {
        project: key.clone(),
        milestone: number(&no)?,
        reason: Fields::parse(&body).get("reason").trim().to_owned(),
    };
    let taken = take(&site, &signed, Act::Free(freed)).await?;
    back(&site, &signed, &key, taken).await
}

/// Reports that a milestone was met, with what proves it.
pub(super) async fn meet(
    State(site): State<Shared>,
    Path((key, no)): Path<(String, String)>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let project = find(&site, &signed, &key).await?;
    signed.require_at(people::staff::Action::ReportField, project.place)?;
    let milestone = number(&no)?;
    let sent = match multipart::read(form, DOCUMENT_BYTES_MAX).await {
        Ok(sent) => kept(&site, sent).await,
        Err(refusal) => Err(refusal),
    };
    let taken = match sent {
        Ok((on, document)) => {
            let met = Met {
                project: key.clone(),
                milestone,
                on,
                document,
            };
            take(&site, &signed, Act::Meet(met)).await?
        }
        Err(refusal) if refusal.fault == Fault::Broken => return Err(refusal.into()),
        Err(refusal) => Err(refusal),
    };
    back(&site, &signed, &key, taken).await
}

/// The day, and the document as it is kept.
async fn kept(site: &Site, sent: Sent) -> Result<(jiff::civil::Date, String), Refusal> {
    let on = needed_day(sent.fields.get("on"), "on")?;
    let document = sent.keep(site.store.documents()).await?;
    Ok((on, document))
}

/// On to the project, with what was refused where it was.
async fn back(
    site: &Site,
    signed: &Signed,
    key: &str,
    taken: Result<Done<()>, Refusal>,
) -> Result<Response, WebError> {
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&project_path(key)))),
        Err(refusal) => refused(site, signed, key, &refusal).await,
    }
}
