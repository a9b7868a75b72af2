//! One upload: a look at its first rows before the import, progress during it, numbers and rejected rows after it.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Lang, PlaceCode, Refusal};
use lake::Import;
use lake::intake::Preview;
use lake::uploads::{Failure, Upload, UploadState};
use people::staff::{Action, PlaceFilter};
use serde_json::json;

use super::{may_import, path_of, state_words, upload_of};
use crate::Shared;
use crate::desk::{self, Names, Running};
use crate::error::WebError;
use crate::figures::{in_currency, thousandths};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::reports::files::send;
use crate::reports::show::size;
use crate::shelf::DownloadFile;
use crate::signed::Signed;
use crate::site::Site;

/// What stopped a file.
struct FaultView {
    message: String,
    advice: String,
    at: String,
    code: String,
}

struct LineView {
    line: String,
    order: String,
    day: String,
    place: String,
    product: String,
    quantity: String,
    amount: String,
    cancelled: bool,
}

struct RejectView {
    line: String,
    field: String,
    value: String,
    reason: String,
}

struct PreviewView {
    read: String,
    heads: Vec<String>,
    lines: Vec<LineView>,
    rejects: Vec<RejectView>,
}

#[derive(Template)]
#[template(path = "intake/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<(String, String, bool)>,
    running: Option<Running>,
    base: String,
    preview: Option<PreviewView>,
    fault: Option<FaultView>,
    result: Vec<(String, String)>,
    rejects_href: String,
    may_import: bool,
    may_discard: bool,
    /// What else is to be said of it.
    note: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let upload = upload_of(&site, &signed, &id).await?;
    let names = Names::of(&site).await?;
    let (page, state) = (signed.page.clone(), &upload.state);
    let is_open = matches!(state, UploadState::Held | UploadState::Failed { .. });
    let (preview, unreadable) = if is_open {
        preview(&site, &upload, page.lang).await?
    } else {
        (None, None)
    };
    let mut view = shell(&site, &upload, &names, page);
    view.preview = preview;
    view.fault = match state {
        UploadState::Failed { failure }
        | UploadState::Discarded {
            failure: Some(failure),
            ..
        } => Some(fault(failure, view.page.lang)),
        _ => unreadable,
    };
    if let UploadState::Imported { import, .. } = state {
        view.result = result(import, &view.page);
        if import.rejects_sha256.is_some() {
            view.rejects_href = format!("{}/rejects", view.base);
        }
    }
    let may = signed.viewer.may(Action::ImportSales, None);
    let everywhere = signed.viewer.may_everywhere(Action::ImportSales);
    let own = upload.uploaded_by == signed.user.to_string();
    view.may_import = is_open && may && may_import(&signed, &upload);
    view.may_discard =
        may && (everywhere || own) && (is_open || matches!(state, UploadState::Waiting { .. }));
    if let PlaceFilter::Within(places) = &upload.within {
        let names: Vec<String> = places
            .iter()
            .map(|code| place(&site, *code, view.page.lang))
            .collect();
        let separator = if view.page.lang == Lang::Zh { "、" } else { ", " };
        let note = [("places", names.join(separator))];
        let note = note.each_ref().map(|(key, value)| (*key, value.as_str()));
        view.note.push_str(&view.page.w.fill("intake.own_places", &note));
    }
    layout::html(&view)
}

/// The page without what depends on the viewer or is read from the file.
fn shell(site: &Site, upload: &Upload, names: &Names, page: Page) -> ShowPage {
    let (key, tone) = state_words(&upload.state);
    let (done, total) = moved(upload);
    let base = page.href(&path_of(upload.id));
    let note = match &upload.state {
        UploadState::Imported { already: true, .. } => page.w.get("intake.already_note").to_owned(),
        _ => String::new(),
    };
    ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/intake"), page.w.get("nav.intake")),
            Crumb::new(base.clone(), upload.file_name.clone()),
        ],
        title: upload.file_name.clone(),
        state: page.w.get(key).to_owned(),
        tone,
        facts: facts(site, upload, names, &page),
        running: is_running(upload).then(|| Running {
            poll_href: format!("{base}/progress"),
            done,
            total,
            text: progress_words(upload, &page),
        }),
        base,
        preview: None,
        fault: None,
        result: Vec::new(),
        rejects_href: String::new(),
        may_import: false,
        may_discard: false,
        note,
        page,
    }
}

fn facts(site: &Site, upload: &Upload, names: &Names, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String, is_hash| (page.w.get(key).to_owned(), value, is_hash);
    vec![
        fact(
            "intake.size",
            size(u64::try_from(upload.bytes).unwrap_or_default()),
            false,
        ),
        fact("intake.layout", layout_words(site, &upload.layout, page), false),
        fact("intake.by", names.get(&upload.uploaded_by), false),
        fact("intake.at", desk::instant(upload.uploaded_at), false),
        fact("intake.hash", upload.sha256.clone(), true),
    ]
}

/// Title and name of a layout; its name where the programme no longer has it.
fn layout_words(site: &Site, name: &str, page: &Page) -> String {
    let layout = site.programme.layout(name);
    layout.map_or_else(
        |_| name.to_owned(),
        |layout| format!("{} · {name}", layout.title.get(page.lang)),
    )
}

fn is_running(upload: &Upload) -> bool {
    matches!(
        upload.state,
        UploadState::Waiting { .. } | UploadState::Importing { .. }
    )
}

fn moved(upload: &Upload) -> (i64, i64) {
    match upload.state {
        UploadState::Importing { done, total, .. } => (done, total),
        UploadState::Imported { .. } => (upload.bytes, upload.bytes),
        _ => (0, 0),
    }
}

fn progress_words(upload: &Upload, page: &Page) -> String {
    let bytes = |count: i64| size(u64::try_from(count).unwrap_or_default());
    match (is_running(upload), moved(upload)) {
        (_, (done, total)) if total > 0 => page.w.fill(
            "intake.progress",
            &[("done", &bytes(done)), ("total", &bytes(total))],
        ),
        (true, _) => page.w.get("intake.starting").to_owned(),
        (false, _) => String::new(),
    }
}

/// How far the import is, for the script of the page; one that is done has read the whole file.
pub(super) async fn progress(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let upload = upload_of(&site, &signed, &id).await?;
    let (done, total) = moved(&upload);
    let said = json!({
        "running": is_running(&upload),
        "done": done,
        "total": total,
        "text": progress_words(&upload, &signed.page),
    });
    Ok(([(CONTENT_TYPE, "application/json")], said.to_string()).into_response())
}

/// What the layout makes of the first rows, or why it cannot.
async fn preview(
    site: &Site,
    upload: &Upload,
    lang: Lang,
) -> Result<(Option<PreviewView>, Option<FaultView>), WebError> {
    let uploads = &desk::workshop(site)?.uploads;
    match uploads.preview(&site.programme, site.places, upload.id).await {
        Ok(preview) => Ok((Some(preview_view(site, preview, lang)), None)),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => Ok((
            None,
            Some(FaultView {
                message: refusal.message(lang),
                advice: refusal.advice(lang).unwrap_or_default(),
                at: refusal.at.clone().unwrap_or_default(),
                code: refusal.code.to_owned(),
            }),
        )),
    }
}

fn preview_view(site: &Site, preview: Preview, lang: Lang) -> PreviewView {
    let line = |line: &lake::intake::PreviewLine| LineView {
        line: line.line.to_string(),
        order: line.order_no.clone(),
        day: line.day.clone(),
        place: county(site, line.place_code, lang),
        product: line.product_code.clone(),
        quantity: thousandths(line.quantity_milli),
        amount: report::numbers::statement(line.amount_fen),
        cancelled: line.cancelled,
    };
    let reject = |reject: &lake::intake::Reject| RejectView {
        line: reject.line.to_string(),
        field: reject.field.clone(),
        value: reject.value.clone(),
        // Line and column stand beside it.
        reason: Refusal::new(reject.code, Fault::Refused)
            .value(reject.value.clone())
            .message(lang),
    };
    PreviewView {
        read: preview.rows_read.to_string(),
        lines: preview.lines.iter().map(line).collect(),
        rejects: preview.rejects.iter().map(reject).collect(),
        heads: preview.heads,
    }
}

fn county(site: &Site, code: i32, lang: Lang) -> String {
    let text = format!("{code:06}");
    text.parse().map_or(text, |code| place(site, code, lang))
}

fn place(site: &Site, code: PlaceCode, lang: Lang) -> String {
    let place = site.places.get(code);
    place.map_or_else(
        || code.to_string(),
        |place| match lang {
            Lang::Zh => site.places.full_name(place),
            Lang::En => place.name_en().to_owned(),
        },
    )
}

fn fault(failure: &Failure, lang: Lang) -> FaultView {
    FaultView {
        message: failure.message.get(lang).to_owned(),
        advice: failure
            .advice
            .as_ref()
            .map_or_else(String::new, |advice| advice.get(lang).to_owned()),
        at: failure.at.clone().unwrap_or_default(),
        code: failure.code.clone(),
    }
}

fn result(import: &Import, page: &Page) -> Vec<(String, String)> {
    let count = |key: &str, value: i64| (page.w.get(key).to_owned(), report::numbers::grouped(value));
    let money = |key: &str, fen: i64| {
        let r = report::words::WORDS.of(page.lang);
        (page.w.get(key).to_owned(), in_currency(fen, &import.currency, r))
    };
    vec![
        count("intake.lines", import.lines),
        count("intake.accepted", import.accepted),
        count("intake.rejected", import.rejected),
        count("intake.duplicates", import.duplicates),
        count("intake.cancelled", import.cancelled_lines),
        count("intake.orders", import.orders),
        money("intake.gross", import.gross_fen),
        money("intake.net", import.net_fen),
        (
            page.w.get("intake.imported_at").to_owned(),
            desk::instant_of_micros(import.imported_at),
        ),
    ]
}

/// The rows that were not taken, each with its reason, as a CSV.
pub(super) async fn rejects(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    request: Request,
) -> Result<Response, WebError> {
    let upload = upload_of(&site, &signed, &id).await?;
    let sha256 = match upload.state {
        UploadState::Imported { import, .. } => import.rejects_sha256,
        _ => None,
    };
    let file = DownloadFile {
        name: "rejects.csv".to_owned(),
        bytes: 0,
        sha256: sha256.ok_or_else(WebError::missing)?,
    };
    let name = file.name.clone();
    send(&site, &[file], &name, &upload.id.to_string(), request).await
}
