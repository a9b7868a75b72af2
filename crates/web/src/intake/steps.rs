//! What is done with an upload: its import is asked for, or it is discarded.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::Done;
use people::staff::Action;

use super::{may_import, path_of, upload_of};
use crate::Shared;
use crate::desk;
use crate::error::WebError;
use crate::layout;
use crate::signed::Signed;

pub(super) async fn import(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let upload = upload_of(&site, &signed, &id).await?;
    let actor = signed.require(Action::ImportSales, None)?;
    if !may_import(&signed, &upload) {
        signed.require_everywhere(Action::ImportSales)?;
    }
    let _now_or_already: Done<()> = desk::workshop(&site)?.uploads.start(actor, upload.id).await?;
    Ok(layout::see_other(signed.page.href(&path_of(upload.id))))
}

pub(super) async fn discard(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let upload = upload_of(&site, &signed, &id).await?;
    let actor = signed.require(Action::ImportSales, None)?;
    if upload.uploaded_by != signed.user.to_string() {
        signed.require_everywhere(Action::ImportSales)?;
    }
    let discarded = desk::workshop(&site)?.uploads.discard(actor, upload.id).await;
    let _now_or_already: Done<()> = discarded.map_err(WebError::conflict)?;
    Ok(layout::see_other(signed.page.href(&path_of(upload.id))))
}
