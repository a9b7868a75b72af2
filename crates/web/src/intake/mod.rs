//! `/staff/intake`: order files that people send, a look at each, their import and what came of it.
//!
//! A file is written to the lake's folder as it comes in and never held in memory; its name is only shown. Who may see
//! files of their own places sees the files they sent. A county imports its own files, and of them the rows of its own
//! places: the places stand with the upload from when it was sent, and hold whoever starts its import.

mod index;
mod receive;
mod show;
mod steps;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::post;
use lake::uploads::{Upload, UploadId, UploadState};
use people::staff::{Action, PlaceFilter};

use crate::desk;
use crate::error::WebError;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    let (view, import) = (Who::May(Action::ViewIntake), Who::May(Action::ImportSales));
    let whole_form = post(receive::form).layer(DefaultBodyLimit::disable());
    let whole_body = post(receive::raw).layer(DefaultBodyLimit::disable());
    Rooms::new()
        .get("/staff/intake", view, index::index)
        .get("/staff/intake.csv", view, index::file)
        .at(Method::POST, "/staff/intake", import, whole_form)
        .at(Method::POST, "/staff/intake/files/{name}", import, whole_body)
        .get("/staff/intake/{id}", view, show::show)
        .get("/staff/intake/{id}/progress", view, show::progress)
        .get("/staff/intake/{id}/rejects", view, show::rejects)
        .post("/staff/intake/{id}/import", import, steps::import)
        .post("/staff/intake/{id}/disposal", import, steps::discard)
}

/// An upload that this viewer may see.
async fn upload_of(site: &Site, signed: &Signed, id: &str) -> Result<Upload, WebError> {
    signed.require(Action::ViewIntake, None)?;
    let id: UploadId = id.parse().map_err(|_| WebError::missing())?;
    let upload = desk::workshop(site)?.uploads.by_id(id).await?;
    upload
        .filter(|upload| is_visible(signed, upload))
        .ok_or_else(WebError::missing)
}

fn is_visible(signed: &Signed, upload: &Upload) -> bool {
    signed.viewer.may_everywhere(Action::ViewIntake) || upload.uploaded_by == signed.user.to_string()
}

/// Whether someone may start the import of an upload: for all the places it was sent for.
fn may_import(signed: &Signed, upload: &Upload) -> bool {
    match (signed.viewer.places(Action::ImportSales), &upload.within) {
        (PlaceFilter::All, _) => true,
        (PlaceFilter::Within(_), PlaceFilter::All) => false,
        (own, PlaceFilter::Within(sent)) => sent.iter().all(|place| own.covers(*place)),
    }
}

fn path_of(id: UploadId) -> String {
    format!("/staff/intake/{id}")
}

/// The words of a state and its tone.
fn state_words(state: &UploadState) -> (&'static str, &'static str) {
    match state {
        UploadState::Held => ("intake.held", "open"),
        UploadState::Waiting { .. } => ("intake.waiting", "open"),
        UploadState::Importing { .. } => ("intake.importing", "open"),
        UploadState::Imported { already: true, .. } => ("intake.already", "good"),
        UploadState::Imported { .. } => ("intake.imported", "good"),
        UploadState::Failed { .. } => ("intake.failed", "bad"),
        UploadState::Discarded { .. } => ("intake.discarded", ""),
    }
}
