//! One batch: where it stands, who had a hand in it, its payments, and what may be done with it next.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use finance::bank::Purpose;
use finance::payments::{APPROVALS, Batch, BatchState, BatchWithLines, Line, Method};
use kernel::{Lang, Money, Refusal, catalogue};
use people::staff::Action;

use super::{batch_of, batch_words, line_path, line_words, path_of, place_words};
use crate::Shared;
use crate::books::{account_words, yuan};
use crate::desk::{Names, instant};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::paging::page_after;
use crate::signed::Signed;
use crate::site::Site;

/// Payments on one page.
const LINES: usize = 100;

pub(super) struct LineView {
    href: String,
    number: String,
    key: String,
    payee: String,
    account: String,
    amount: String,
    paid: String,
    state: String,
    tone: &'static str,
    trouble: String,
}

/// What whoever looks at it may do next.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a form that is there or not"
)]
struct Steps {
    fill: bool,
    prepare: bool,
    approve: bool,
    /// Why it is not for them to approve; empty where it is, or they approve nothing.
    no_approval: String,
    bank_file: bool,
    cancel: bool,
}

#[derive(Clone)]
struct Choice {
    name: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "payments/batch.html")]
struct BatchPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    approvals: String,
    /// Why something was not done, and what to do instead.
    refused: String,
    advice: String,
    facts: Vec<(String, String, bool)>,
    steps: Steps,
    base: String,
    form: FormState,
    purposes: Vec<Choice>,
    lines: Vec<LineView>,
    first_href: String,
    next_href: String,
}

/// A form of the batch that was refused: what was typed, and why; nothing was typed where it had no fields.
pub(super) struct Refused {
    pub typed: Fields,
    pub refusal: Refusal,
    /// Whether it was the form that adds a payment.
    pub of_line: bool,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPayments, None)?;
    let found = batch_of(&site, &signed, &id).await?;
    answer(&site, &signed, found, None).await
}

/// The batch with what was refused, after it was read anew.
pub(super) async fn refused(
    site: &Site,
    signed: &Signed,
    found: &BatchWithLines,
    refused: Refused,
) -> Result<Response, WebError> {
    let found = batch_of(site, signed, &found.batch.id.to_string()).await?;
    let mut response = answer(site, signed, found, Some(refused)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn answer(
    site: &Site,
    signed: &Signed,
    found: BatchWithLines,
    refused: Option<Refused>,
) -> Result<Response, WebError> {
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let batch = &found.batch;
    let (state, tone) = batch_words(batch, &page);
    let base = page.href(&path_of(batch.id));
    let nothing = Fields::default();
    let typed = refused
        .as_ref()
        .filter(|refused| refused.of_line)
        .map_or(&nothing, |one| &one.typed);
    let mut form = FormState::new(fields(batch, &page), typed);
    let (said, advice) = said(refused.as_ref(), &mut form, page.lang);
    let steps = steps(signed, &found);
    let purposes = purposes(typed.get("purpose"), &page);
    let source = account_words(&mut site.store.read().await?, &batch.source, &page).await?;
    let facts = facts(site, &found, source, &names, &page);
    let have = batch.approved_by.len().to_string();
    let paged = page_after(found.payments, &page.param("after"), LINES, |line| {
        line.number.to_string()
    });
    layout::html(&BatchPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/payments"), page.w.get("nav.payments")),
            Crumb::new(base.clone(), found.batch.key.clone()),
        ],
        title: found.batch.key.clone(),
        state,
        tone,
        approvals: page.w.fill(
            "payments.approvals",
            &[("have", &have), ("need", &APPROVALS.to_string())],
        ),
        refused: said,
        advice,
        facts,
        steps,
        base,
        form,
        purposes,
        lines: paged.rows.iter().map(|line| line_view(line, &page)).collect(),
        first_href: if paged.is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        next_href: paged
            .next
            .map_or_else(String::new, |after| page.here_with("after", &after)),
        page,
    })
}

/// Puts a refusal into the form that it is about, or gives it back with its advice, to be said of the batch.
fn said(refused: Option<&Refused>, form: &mut FormState, lang: Lang) -> (String, String) {
    match refused {
        Some(Refused {
            refusal,
            of_line: true,
            ..
        }) => {
            form.refuse(refusal, lang);
            (String::new(), String::new())
        }
        Some(Refused { refusal, .. }) => (refusal.message(lang), refusal.advice(lang).unwrap_or_default()),
        None => (String::new(), String::new()),
    }
}

fn steps(signed: &Signed, found: &BatchWithLines) -> Steps {
    let batch = &found.batch;
    let mine = |action| signed.may_at(action, batch.place);
    let (me, is_draft) = (signed.user.to_string(), batch.state == BatchState::Draft);
    let approver = batch.state == BatchState::Prepared && mine(Action::ApprovePayments);
    let no_approval = if !approver {
        ""
    } else if found.is_by(&me) {
        "payments.own_batch"
    } else if batch.approved_by.contains(&me) {
        "payments.approved_by_you"
    } else {
        ""
    };
    let is_done = match batch.method {
        Method::Bank => matches!(batch.state, BatchState::Out | BatchState::Cancelled),
        Method::Cash | Method::Agent => batch.state == BatchState::Cancelled,
    };
    Steps {
        fill: is_draft && mine(Action::PreparePayments),
        prepare: is_draft && !found.payments.is_empty() && mine(Action::PreparePayments),
        approve: approver && no_approval.is_empty(),
        no_approval: if no_approval.is_empty() {
            String::new()
        } else {
            signed.page.w.get(no_approval).to_owned()
        },
        bank_file: batch.method == Method::Bank
            && matches!(batch.state, BatchState::Approved | BatchState::Out)
            && mine(Action::SettlePayments),
        cancel: !is_done && (mine(Action::PreparePayments) || mine(Action::ApprovePayments)),
    }
}

fn facts(
    site: &Site,
    found: &BatchWithLines,
    source: String,
    names: &Names,
    page: &Page,
) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let people = |ids: &[String]| people(ids, names, page.lang);
    let batch = &found.batch;
    let payer = match &batch.payer_account {
        Some(account) => format!("{} {account}", batch.payer_name),
        None => batch.payer_name.clone(),
    };
    let mut facts = vec![
        fact("payments.total", in_yuan(batch.total)),
        fact("payments.paid", in_yuan(batch.paid)),
        fact("payments.count", report::numbers::grouped(batch.lines)),
        fact(
            "payments.method",
            page.w
                .get(&format!("method.{}", batch.method.as_str()))
                .to_owned(),
        ),
        fact("payments.place", place_words(site, batch.place, page)),
        fact("payments.execute_on", batch.execute_on.to_string()),
        fact("payments.payer", payer),
        fact("payments.source", source),
        fact(
            "payments.made_by",
            format!("{} · {}", names.get(&batch.made_by), instant(batch.made_at)),
        ),
    ];
    if !found.filled_by.is_empty() {
        facts.push(fact("payments.filled_by", people(&found.filled_by)));
    }
    facts.extend(
        batch
            .prepared_by
            .as_ref()
            .map(|by| fact("payments.prepared_by", names.get(by))),
    );
    if !batch.approved_by.is_empty() {
        facts.push(fact("payments.approved_by", people(&batch.approved_by)));
    }
    facts.extend(
        batch
            .approved_at
            .map(|at| fact("payments.approved_at", instant(at))),
    );
    facts.extend(
        batch
            .cancel_reason
            .clone()
            .map(|reason| fact("payments.cancel_reason", reason)),
    );
    facts.extend(
        batch
            .file_sha256
            .clone()
            .map(|hash| (page.w.get("payments.file_hash").to_owned(), hash, true)),
    );
    facts
}

/// What several are called, in one line.
fn people(ids: &[String], names: &Names, lang: Lang) -> String {
    let called: Vec<String> = ids.iter().map(|id| names.get(id)).collect();
    called.join(if lang == Lang::Zh { "、" } else { ", " })
}

/// What was paid and did not come back.
pub(super) fn kept(line: &Line) -> Money {
    line.paid.checked_sub(line.returned).unwrap_or(line.paid)
}

fn line_view(line: &Line, page: &Page) -> LineView {
    let (state, tone) = line_words(line.state, page);
    LineView {
        href: page.href(&line_path(line.id)),
        number: line.number.to_string(),
        key: line.key.clone(),
        payee: line.payee.clone(),
        account: line.account.clone().unwrap_or_default(),
        amount: yuan(line.amount),
        paid: yuan(kept(line)),
        state,
        tone,
        trouble: line
            .trouble
            .as_deref()
            .map_or_else(String::new, |code| catalogue::say(code, page.lang)),
    }
}

fn fields(batch: &Batch, page: &Page) -> Vec<Field> {
    let field = |name, label: &str, hint: &str| Field::asked(page, name, "text", (label, hint));
    let mut fields = vec![
        field("key", "payments.line_key", "payments.line_key_hint"),
        field("payee", "payments.payee", "payments.payee_hint"),
    ];
    if batch.method == Method::Bank {
        fields.push(field("account", "payments.account", ""));
        fields.push(field("bank", "payments.bank", "payments.bank_hint"));
    }
    fields.push(field("amount", "books.amount_yuan", ""));
    fields.push(field("text", "payments.text", "payments.text_hint"));
    fields.push(field("charge", "payments.charge", "payments.charge_hint"));
    fields
}

fn purposes(chosen: &str, page: &Page) -> Vec<Choice> {
    let choice = |purpose: Purpose| Choice {
        name: purpose.as_str(),
        title: page.w.get(&format!("purpose.{}", purpose.as_str())).to_owned(),
        chosen: purpose.as_str() == chosen,
    };
    Purpose::ALL.map(choice).into()
}
