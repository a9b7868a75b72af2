//! Files of banks: the form that takes one in, what came of each, and what waits for a person.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use finance::payments::{self, Answer, AnswerReport};
use kernel::{Done, Fault, Refusal};

use super::sayings::{SayingView, saying_view};
use super::{ROWS, require_settling, tabs};
use crate::Shared;
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::layout::{self, Crumb, Tab};
use crate::multipart;
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// The largest file of a bank, in bytes.
#[expect(clippy::cast_possible_truncation, reason = "64 MiB")]
pub(super) const FILE_BYTES_MAX: usize = finance::bank::FILE_BYTES_MAX as usize;
/// Sayings that wait, on one page.
const OPEN: i64 = 50;

struct AnswerView {
    href: String,
    message: String,
    message_id: String,
    said: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "payments/answers.html")]
struct AnswersPage {
    page: Page,
    tabs: Vec<Tab>,
    refused: String,
    advice: String,
    open: Vec<SayingView>,
    answers: Vec<AnswerView>,
    first_href: String,
    next_href: String,
}

#[derive(Template)]
#[template(path = "payments/answer.html")]
struct AnswerPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    /// Whether it was taken in before it was sent now.
    again: bool,
    facts: Vec<(String, String, bool)>,
    matched: Vec<SayingView>,
    open: Vec<SayingView>,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    answer(&site, &signed, None).await
}

/// The list with why a file or a decision was not taken.
pub(super) async fn refused(site: &Site, signed: &Signed, refusal: &Refusal) -> Result<Response, WebError> {
    layout::refused(answer(site, signed, Some(refusal)).await)
}

async fn answer(site: &Site, signed: &Signed, refusal: Option<&Refusal>) -> Result<Response, WebError> {
    require_settling(signed)?;
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let after = page.param("after");
    let before = Some(after.as_str()).filter(|after| !after.is_empty());
    let rows = i64::try_from(ROWS).unwrap_or(i64::MAX);
    let mut answers = payments::answers(&site.store, before, rows + 1).await?;
    let is_last = answers.len() <= ROWS;
    answers.truncate(ROWS);
    let open = payments::open_sayings(&site.store, None, OPEN).await?;
    let next = answers.last().filter(|_| !is_last);
    layout::html(&AnswersPage {
        tabs: tabs(signed, "/staff/payments/answers"),
        refused: refusal.map_or_else(String::new, |refusal| refusal.message(page.lang)),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        open: open.iter().map(|one| saying_view(one, &names, &page)).collect(),
        next_href: next.map_or_else(String::new, |last| page.here_with("after", &last.sha256)),
        first_href: before.map_or_else(String::new, |_| page.here_with("after", "")),
        answers: answers.iter().map(|one| view(one, &names, &page)).collect(),
        page,
    })
}

fn view(answer: &Answer, names: &Names, page: &Page) -> AnswerView {
    AnswerView {
        href: page.href(&format!("/staff/payments/answers/{}", answer.sha256)),
        message: answer.message.clone(),
        message_id: answer.message_id.clone(),
        said: report::numbers::grouped(answer.said),
        by: names.get(&answer.taken_by),
        at: instant(answer.taken_at),
    }
}

/// Takes a file of a bank in. One that was taken in before changes nothing, and its page says so.
pub(super) async fn take(
    State(site): State<Shared>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let actor = require_settling(&signed)?;
    let taken: Result<Done<AnswerReport>, Refusal> = match multipart::read(form, FILE_BYTES_MAX).await {
        Ok(sent) => site.payments.take_answer(actor, &sent.into_file()).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(done) => {
            let again = if done.is_now() { "" } else { "?again=1" };
            let path = format!("/staff/payments/answers/{}", done.value().sha256);
            Ok(layout::see_other(format!("{}{again}", signed.page.href(&path))))
        }
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => refused(&site, &signed, &refusal).await,
    }
}

/// What came of one file.
pub(super) async fn show(
    State(site): State<Shared>,
    Path(sha256): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    require_settling(&signed)?;
    let found = payments::answer(&site.store, &sha256).await?;
    let (answer, sayings) = found.ok_or_else(WebError::missing)?;
    let (page, names) = (signed.page.clone(), Names::of(&site).await?);
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let new = i64::try_from(sayings.len()).unwrap_or(i64::MAX);
    let facts = vec![
        fact("payments.message", answer.message.clone()),
        fact("payments.said", report::numbers::grouped(answer.said)),
        fact("payments.new_said", report::numbers::grouped(new)),
        fact("payments.taken_by", names.get(&answer.taken_by)),
        fact("payments.taken_at", instant(answer.taken_at)),
        (
            page.w.get("payments.file_hash").to_owned(),
            answer.sha256.clone(),
            true,
        ),
    ];
    let views = sayings
        .iter()
        .map(|one| (one.line.is_some(), saying_view(one, &names, &page)));
    let (matched, open): (Vec<_>, Vec<_>) = views.partition(|(is_matched, _)| *is_matched);
    let bare = |views: Vec<(bool, SayingView)>| views.into_iter().map(|(_, view)| view).collect();
    layout::html(&AnswerPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/payments"), page.w.get("nav.payments")),
            Crumb::new(
                page.href("/staff/payments/answers"),
                page.w.get("payments.answers"),
            ),
            Crumb::new(page.href(&page.path), answer.message_id.clone()),
        ],
        title: answer.message_id,
        again: page.param("again") == "1",
        facts,
        matched: bare(matched),
        open: bare(open),
        page,
    })
}
