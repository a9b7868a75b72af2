//! Takes a file in: from the form, or as the body of a request for scripts. Each piece goes to the lake's folder as it
//! comes; what ends early, or grows beyond the limit, leaves nothing.

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use kernel::{Actor, Done, Fault, Refusal};
use lake::uploads::{AfterUpload, StagedUpload, UploadId};
use people::staff::Action;
use serde_json::json;

use super::{index, is_visible, path_of};
use crate::Shared;
use crate::desk;
use crate::error::WebError;
use crate::layout;
use crate::signed::Signed;
use crate::site::Site;

/// What a form adds to the file it holds, at most.
const FORM_ROOM: u64 = 64 << 10;
/// A field that is no file is never longer, in bytes.
const FIELD_BYTES_MAX: usize = 200;

/// A file with its layout, from the form.
pub(super) async fn form(
    State(site): State<Shared>,
    signed: Signed,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ImportSales, None)?;
    require_room(&site, &headers, FORM_ROOM)?;
    let mut layout = String::new();
    let sent = match from_form(&site, form, &mut layout).await {
        Ok(staged) => record(&site, &signed, actor, staged, AfterUpload::Hold).await,
        Err(refusal) => Err(refusal),
    };
    match sent {
        Ok(id) => Ok(layout::see_other(signed.page.href(&path_of(id.into_inner())))),
        Err(refusal) if signed.page.wants_json || is_too_large(&refusal) => Err(error(refusal)),
        Err(refusal) => index::refused(&site, &signed, &refusal, &layout).await,
    }
}

/// A file as the body: `POST /staff/intake/files/orders.csv?layout=xingnong`, and `&import=1` to import it at once.
pub(super) async fn raw(
    State(site): State<Shared>,
    Path(name): Path<String>,
    signed: Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, WebError> {
    let actor = signed.require(Action::ImportSales, None)?;
    let after = match signed.page.param("import").as_str() {
        "1" => AfterUpload::Import,
        _ => AfterUpload::Hold,
    };
    require_room(&site, &headers, 0)?;
    let uploads = &desk::workshop(&site)?.uploads;
    let layout = signed.page.param("layout");
    let mut receiving = uploads.receive(&site.programme, &layout, &name).await?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| cut_off())?;
        receiving.write(&piece).await.map_err(error)?;
    }
    let staged = receiving.finish().await?;
    let id = record(&site, &signed, actor, staged, after).await?;
    let status = if id.is_now() {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let path = signed.page.href(&path_of(*id.value()));
    let said = json!({ "upload": id.value().to_string(), "done": if id.is_now() { "now" } else { "already" }, "href": path });
    let head = [(CONTENT_TYPE, "application/json".to_owned()), (LOCATION, path)];
    Ok((status, head, said.to_string()).into_response())
}

/// Refuses what says beforehand that it is too large.
fn require_room(site: &Site, headers: &HeaderMap, room: u64) -> Result<(), WebError> {
    let max = desk::workshop(site)?.uploads.limits().file_bytes_max;
    let said = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let bytes = said.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    if bytes > max.saturating_add(room) {
        let refusal = Refusal::new("sales.upload_too_large", Fault::Refused).fact("max", max);
        return Err(error(refusal));
    }
    Ok(())
}

async fn from_form(site: &Site, mut form: Multipart, layout: &mut String) -> Result<StagedUpload, Refusal> {
    while let Some(field) = form.next_field().await.map_err(|_| cut_off())? {
        match field.name() {
            Some("layout") => *layout = short(field).await?,
            Some("file") => return from_field(site, field, layout).await,
            _ => {}
        }
    }
    Err(Refusal::new("sales.upload_empty", Fault::Refused))
}

async fn from_field(site: &Site, mut field: Field<'_>, layout: &str) -> Result<StagedUpload, Refusal> {
    let Some(workshop) = &site.workshop else {
        return Err(cut_off());
    };
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut receiving = workshop.uploads.receive(&site.programme, layout, &name).await?;
    while let Some(piece) = next_piece(&mut field).await? {
        receiving.write(&piece).await?;
    }
    receiving.finish().await
}

async fn next_piece(field: &mut Field<'_>) -> Result<Option<Bytes>, Refusal> {
    field.chunk().await.map_err(|_| cut_off())
}

/// The text of a short field.
async fn short(mut field: Field<'_>) -> Result<String, Refusal> {
    let mut text = Vec::new();
    while let Some(piece) = next_piece(&mut field).await? {
        text.extend_from_slice(&piece);
        if text.len() > FIELD_BYTES_MAX {
            return Err(cut_off());
        }
    }
    Ok(String::from_utf8_lossy(&text).trim().to_owned())
}

/// Records the file. One that is here already is shown where it may be seen.
async fn record(
    site: &Site,
    signed: &Signed,
    actor: Actor,
    staged: StagedUpload,
    after: AfterUpload,
) -> Result<Done<UploadId>, Refusal> {
    let Some(workshop) = &site.workshop else {
        return Err(cut_off());
    };
    let within = signed.viewer.places(Action::ImportSales);
    let id = workshop.uploads.record(actor, within, staged, after).await?;
    if !id.is_now() {
        let known = workshop.uploads.by_id(*id.value()).await?;
        if !known.is_some_and(|upload| is_visible(signed, &upload)) {
            return Err(Refusal::new("web.sent_by_another", Fault::Refused));
        }
    }
    Ok(id)
}

/// The body ended early, or is no form.
fn cut_off() -> Refusal {
    Refusal::new("web.upload_cut_off", Fault::Refused)
}

fn is_too_large(refusal: &Refusal) -> bool {
    refusal.code == "sales.upload_too_large"
}

fn error(refusal: Refusal) -> WebError {
    if is_too_large(&refusal) {
        WebError::too_large(refusal)
    } else {
        refusal.into()
    }
}
