//! One payment: what was said of it, the entries it came to, and the form that records that it was handed out.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use finance::payments::{self, Batch, BatchState, BatchWithLines, Line, LineId, LineState, Method, Receipt};
use kernel::{Fault, Refusal, catalogue};
use people::staff::{self, Action};

use super::sayings::{SayingView, saying_view};
use super::{line_path, line_words, path_of, visible};
use crate::Shared;
use crate::books::{account_words, entry_href, yuan};
use crate::desk::Names;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::multipart::{self, DOCUMENT_BYTES_MAX, Sent};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct EntryLink {
    href: String,
    title: String,
}

struct Witness {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "payments/line.html")]
struct LinePage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    trouble: String,
    facts: Vec<(String, String, bool)>,
    entries: Vec<EntryLink>,
    sayings: Vec<SayingView>,
    /// The form that records a hand-out, where that may be done here and now.
    form: Option<FormState>,
    witnesses: Vec<Witness>,
    base: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewPayments, None)?;
    let (found, line) = line_of(&site, &signed, &id).await?;
    let today = site.clock.today().to_string();
    answer(
        &site,
        &signed,
        &found.batch,
        &line,
        (&Fields::of(&[("paid_on", &today)]), None),
    )
    .await
}

/// A payment that whoever asks may see, with its batch.
async fn line_of(site: &Site, signed: &Signed, id: &str) -> Result<(BatchWithLines, Line), WebError> {
    let id: LineId = id.parse().map_err(|_| WebError::missing())?;
    let found = visible(signed, payments::batch_of_line(&site.store, id).await?)?;
    let line = found.payments.iter().find(|line| line.id == id).cloned();
    Ok((found, line.ok_or_else(WebError::missing)?))
}

/// Records that a payment was handed out, with the receipt as a document.
pub(super) async fn hand_out(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let (found, line) = line_of(&site, &signed, &id).await?;
    let actor = signed.require_at(Action::SettlePayments, found.batch.place)?;
    let sent = multipart::read(form, DOCUMENT_BYTES_MAX).await?;
    let typed = sent.fields.clone();
    let handed = match receipt(&site, sent).await {
        Ok(receipt) => site.payments.hand_out(actor, line.id, receipt).await.map(drop),
        Err(refusal) => Err(refusal),
    };
    match handed {
        Ok(()) => Ok(layout::see_other(signed.page.href(&line_path(line.id)))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => {
            let refused = (&typed, Some(refusal));
            layout::refused(answer(&site, &signed, &found.batch, &line, refused).await)
        }
    }
}

async fn receipt(site: &Site, sent: Sent) -> Result<Receipt, Refusal> {
    let text = |name| sent.fields.get(name).trim().to_owned();
    let day = text("paid_on");
    let bad_day = || {
        Refusal::new("web.bad_day", Fault::Refused)
            .at("paid_on")
            .value(&day)
    };
    let paid_on = day.parse().map_err(|_| bad_day())?;
    let (number, witness) = (text("receipt"), text("witness"));
    if witness.is_empty() {
        return Err(Refusal::new("web.witness_missing", Fault::Refused));
    }
    let file = sent.into_file();
    if file.is_empty() {
        return Err(Refusal::new("web.scan_missing", Fault::Refused));
    }
    Ok(Receipt {
        number,
        document_sha256: site.store.documents().put(file).await?,
        paid_on,
        witness,
    })
}

async fn answer(
    site: &Site,
    signed: &Signed,
    batch: &Batch,
    line: &Line,
    (typed, refusal): (&Fields, Option<Refusal>),
) -> Result<Response, WebError> {
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let (state, tone) = line_words(line.state, &page);
    let sayings = payments::sayings_of(&site.store, line.id).await?;
    let entries = payments::entries_of(&site.store, line.id).await?;
    let sees_books = signed.viewer.may(Action::ViewBooks, None);
    let hands_out = batch.method != Method::Bank
        && matches!(batch.state, BatchState::Approved | BatchState::Out)
        && line.state == LineState::Waiting
        && signed.may_at(Action::SettlePayments, batch.place);
    let charge = account_words(&mut site.store.read().await?, &line.charge, &page).await?;
    let mut form = FormState::new(fields(&page), typed);
    if let Some(refusal) = &refusal {
        form.refuse(refusal, page.lang);
    }
    let title = page
        .w
        .fill("payments.payment_of", &[("n", &line.number.to_string())]);
    layout::html(&LinePage {
        crumbs: vec![
            Crumb::new(page.href("/staff/payments"), page.w.get("nav.payments")),
            Crumb::new(page.href(&path_of(batch.id)), batch.key.clone()),
            Crumb::new(page.href(&line_path(line.id)), title.clone()),
        ],
        title,
        state,
        tone,
        trouble: line
            .trouble
            .as_deref()
            .map_or_else(String::new, |code| catalogue::say(code, page.lang)),
        facts: facts(line, charge, &page),
        entries: entries
            .iter()
            .map(|no| EntryLink {
                href: if sees_books {
                    entry_href(&page, *no)
                } else {
                    String::new()
                },
                title: page.w.fill("books.entry_of", &[("no", &no.to_string())]),
            })
            .collect(),
        sayings: sayings
            .iter()
            .map(|one| saying_view(one, &names, &page))
            .collect(),
        form: hands_out.then_some(form),
        witnesses: if hands_out {
            witnesses(site, signed, typed.get("witness")).await?
        } else {
            Vec::new()
        },
        base: page.href(&line_path(line.id)),
        page,
    })
}

/// Whoever else may sign in: nobody is their own witness.
async fn witnesses(site: &Site, signed: &Signed, chosen: &str) -> Result<Vec<Witness>, WebError> {
    let users = staff::users(&mut site.store.read().await?).await?;
    let others = users
        .into_iter()
        .filter(|user| user.id != signed.user && user.disabled_at.is_none());
    let witness = |user: staff::User| Witness {
        chosen: user.id.to_string() == chosen,
        id: user.id.to_string(),
        name: user.display_name,
    };
    Ok(others.map(witness).collect())
}

fn facts(line: &Line, charge: String, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let mut facts = vec![
        fact("payments.payee", line.payee.clone()),
        fact("payments.amount", in_yuan(line.amount)),
        // What came back is not paid.
        fact(
            "payments.paid",
            in_yuan(line.paid.checked_sub(line.returned).unwrap_or(line.paid)),
        ),
        fact("payments.returned", in_yuan(line.returned)),
        fact(
            "payments.purpose",
            page.w
                .get(&format!("purpose.{}", line.purpose.as_str()))
                .to_owned(),
        ),
        fact("payments.charge", charge),
        fact("payments.line_key", line.key.clone()),
        (
            page.w.get("payments.reference").to_owned(),
            line.reference.clone(),
            true,
        ),
    ];
    if !line.remittance.is_empty() {
        facts.push(fact("payments.text", line.remittance.clone()));
    }
    if let (Some(account), Some(bank)) = (&line.account, &line.bank) {
        facts.insert(1, fact("payments.account", format!("{account} · {bank}")));
    }
    facts
}

fn fields(page: &Page) -> Vec<Field> {
    let field = |name, kind, label: &str| Field {
        name,
        kind,
        label: page.w.get(label).to_owned(),
        autocomplete: "off",
        ..Field::default()
    };
    vec![
        field("receipt", "text", "payments.receipt"),
        field("paid_on", "date", "payments.paid_on"),
    ]
}
