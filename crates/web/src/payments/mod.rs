//! `/staff/payments`: batches of payments from their opening over two approvals to what the bank said; the files to and from
//! banks; what is handed out.
//!
//! Who may do what, where, is asked with the place of the batch; a batch that one may not see is not there. That two persons
//! approve who had no hand in it is the rule of `finance::payments`. Names and account numbers are shown masked; only the
//! file to the bank holds them, and it is made when it is fetched.

mod answers;
mod batch;
mod index;
mod line;
mod lines;
mod new;
mod sayings;
mod sheet;
mod steps;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::post;
use finance::payments::{self, Batch, BatchId, BatchState, BatchWithLines, LineId, LineState};
use kernel::{Actor, PlaceCode};
use people::staff::Action;

use crate::error::WebError;
use crate::layout::Tab;
use crate::multipart::{DOCUMENT_BYTES_MAX, FORM_ROOM};
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::signed::Signed;
use crate::site::Site;

/// Batches, or files of banks, on one page.
const ROWS: usize = 50;

pub(crate) fn routes() -> Rooms {
    let (view, prepare) = (Who::May(Action::ViewPayments), Who::May(Action::PreparePayments));
    let (approve, settle) = (
        Who::May(Action::ApprovePayments),
        Who::May(Action::SettlePayments),
    );
    let file = |handler: axum::routing::MethodRouter<crate::Shared>, bytes_max: usize| {
        handler.layer(DefaultBodyLimit::max(bytes_max + FORM_ROOM))
    };
    let list = file(post(lines::take), lines::FILE_BYTES_MAX);
    let answer = file(post(answers::take), answers::FILE_BYTES_MAX);
    let hand_out = file(post(line::hand_out), DOCUMENT_BYTES_MAX);
    Rooms::new()
        .get("/staff/payments", view, index::index)
        .get("/staff/payments.csv", view, index::file)
        .post("/staff/payments", prepare, new::create)
        .get("/staff/payments/new", prepare, new::new)
        .get("/staff/payments/answers", settle, answers::index)
        .at(Method::POST, "/staff/payments/answers", settle, answer)
        .get("/staff/payments/answers/{sha256}", settle, answers::show)
        .post("/staff/payments/sayings/{id}/settlement", settle, sayings::settle)
        .get("/staff/payments/lines/{id}", view, line::show)
        .at(
            Method::POST,
            "/staff/payments/lines/{id}/hand-out",
            settle,
            hand_out,
        )
        .get("/staff/payments/{id}", view, batch::show)
        .get("/staff/payments/{id}/payments.csv", view, sheet::show)
        .post("/staff/payments/{id}/lines", prepare, lines::add)
        .at(Method::POST, "/staff/payments/{id}/list", prepare, list)
        .post("/staff/payments/{id}/preparation", prepare, steps::prepare)
        .post("/staff/payments/{id}/approvals", approve, steps::approve)
        .post("/staff/payments/{id}/cancellation", view, steps::cancel)
        .post("/staff/payments/{id}/bank-file", settle, steps::bank_file)
}

fn path_of(id: BatchId) -> String {
    format!("/staff/payments/{id}")
}

pub(crate) fn line_path(id: LineId) -> String {
    format!("/staff/payments/lines/{id}")
}

/// A batch that whoever asks may see.
async fn batch_of(site: &Site, signed: &Signed, id: &str) -> Result<BatchWithLines, WebError> {
    let id: BatchId = id.parse().map_err(|_| WebError::missing())?;
    visible(signed, payments::by_id(&site.store, id).await?)
}

fn visible(signed: &Signed, found: BatchWithLines) -> Result<BatchWithLines, WebError> {
    match found.batch.place {
        Some(place) => signed
            .require_or_missing(Action::ViewPayments, Some(place))
            .map(drop)?,
        None if !signed.viewer.may_everywhere(Action::ViewPayments) => return Err(WebError::missing()),
        None => {}
    }
    Ok(found)
}

/// Whoever settles payments of the whole country, of which answers of banks are: for who settles those of their own places
/// only, they are not there.
fn require_settling(signed: &Signed) -> Result<Actor, WebError> {
    signed.require(Action::SettlePayments, None)?;
    if !signed.viewer.may_everywhere(Action::SettlePayments) {
        return Err(WebError::missing());
    }
    signed.require_everywhere(Action::SettlePayments)
}

/// The parts of the payments, where there is more than one to see.
fn tabs(signed: &Signed, here: &str) -> Vec<Tab> {
    let page = &signed.page;
    let tab = |path: &str, key: &str| Tab {
        href: page.href(path),
        title: page.w.get(key).to_owned(),
        here: path == here,
    };
    let mut tabs = vec![tab("/staff/payments", "payments.batches")];
    if signed.viewer.may_everywhere(Action::SettlePayments) {
        tabs.push(tab("/staff/payments/answers", "payments.answers"));
    }
    tabs
}

/// Where a batch stands in words, and the tone of it.
fn batch_words(batch: &Batch, page: &Page) -> (String, &'static str) {
    let tone = match batch.state {
        BatchState::Draft | BatchState::Prepared => "open",
        BatchState::Approved | BatchState::Out => "good",
        BatchState::Cancelled => "bad",
    };
    let words = page.w.get(&format!("batch.{}", batch.state.as_str())).to_owned();
    (words, tone)
}

/// Where a payment stands in words, and the tone of it.
fn line_words(state: LineState, page: &Page) -> (String, &'static str) {
    let tone = match state {
        LineState::Waiting | LineState::Accepted => "open",
        LineState::Settled => "good",
        LineState::Rejected | LineState::Returned | LineState::Cancelled | LineState::Partly => "bad",
    };
    (
        page.w.get(&format!("payment.{}", state.as_str())).to_owned(),
        tone,
    )
}

/// Where a batch is paid.
fn place_words(site: &Site, place: Option<PlaceCode>, page: &Page) -> String {
    let Some(code) = place else {
        return page.w.get("account.whole_country").to_owned();
    };
    let named = site.places.get(code);
    named.map_or_else(
        || code.to_string(),
        |place| place.title().get(page.lang).to_owned(),
    )
}
