//! A new batch: how it is paid, where, on which day, from which account of the books, and by whom.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use finance::bank::Party;
use finance::payments::{self, Method, NewBatch, Payer};
use kernel::{Actor, Done, Fault, PlaceCode, Refusal};
use people::staff::{Action, PlaceFilter};

use super::path_of;
use crate::Shared;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

const METHODS: [Method; 3] = [Method::Bank, Method::Cash, Method::Agent];

#[derive(Template)]
#[template(path = "payments/new.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
}

pub(super) async fn new(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::PreparePayments, None)?;
    let today = site.clock.today().to_string();
    // Whoever prepares payments of one place is not asked for it.
    let place = match signed.viewer.places(Action::PreparePayments) {
        PlaceFilter::Within(places) => places.first().map_or_else(String::new, PlaceCode::to_string),
        PlaceFilter::All => String::new(),
    };
    answer(
        &signed,
        &Fields::of(&[("execute_on", &today), ("place", &place)]),
        None,
    )
}

/// Opens a batch.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    signed.require(Action::PreparePayments, None)?;
    let typed = Fields::parse(&body);
    let wanted = match batch(&typed) {
        Ok(new) => {
            let actor = signed.require_at(Action::PreparePayments, new.place)?;
            open(&site, actor, new).await
        }
        Err(refusal) => Err(refusal),
    };
    match wanted {
        Ok(done) => Ok(layout::see_other(signed.page.href(&path_of(done.into_inner())))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => layout::refused(answer(&signed, &typed, Some(&refusal))),
    }
}

/// A key that was used for another batch is said at its field.
async fn open(site: &Site, actor: Actor, new: NewBatch) -> Result<Done<payments::BatchId>, Refusal> {
    let opened = site.payments.open_batch(actor, new).await;
    opened.map_err(|refusal| match refusal.code {
        "payments.key_taken" => refusal.at("key"),
        "payments.payer_of_another_method" => refusal.at("account"),
        _ => refusal,
    })
}

fn batch(typed: &Fields) -> Result<NewBatch, Refusal> {
    let text = |name| typed.get(name).trim();
    let at = |field: &'static str| move |refusal: Refusal| refusal.at(field);
    let place = match text("place") {
        "" => None,
        code => Some(code.parse::<PlaceCode>().map_err(at("place"))?),
    };
    let day = || {
        Refusal::new("web.bad_day", Fault::Refused)
            .at("execute_on")
            .value(text("execute_on"))
    };
    let account = payments::account(text("account"), text("bank")).map_err(at("account"))?;
    Ok(NewBatch {
        key: text("key").to_owned(),
        method: text("method").parse()?,
        place,
        source: text("source").parse().map_err(at("source"))?,
        execute_on: text("execute_on").parse().map_err(|_| day())?,
        payer: match account {
            Some((account, bank)) => Payer::Bank(Party {
                name: text("payer").to_owned(),
                account,
                bank,
            }),
            None => Payer::Hands {
                name: text("payer").to_owned(),
            },
        },
    })
}

fn answer(signed: &Signed, typed: &Fields, refusal: Option<&Refusal>) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let mut form = FormState::new(fields(&page), typed);
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
    }
    layout::html(&NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/payments"), page.w.get("nav.payments")),
            Crumb::new(page.href("/staff/payments/new"), page.w.get("payments.new")),
        ],
        form,
        page,
    })
}

fn fields(page: &Page) -> Vec<Field> {
    let words = |method: Method| page.w.get(&format!("method.{}", method.as_str())).to_owned();
    let methods = METHODS.map(|method| (method.as_str().to_owned(), words(method)));
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    vec![
        Field {
            choices: methods.into(),
            ..field("method", "", "payments.method", "")
        },
        field("key", "text", "payments.key", "payments.key_hint"),
        field("place", "text", "payments.place_code", "payments.place_hint"),
        field("execute_on", "date", "payments.execute_on", ""),
        field("source", "text", "payments.source", "payments.source_hint"),
        field("payer", "text", "payments.payer", "payments.payer_hint"),
        field(
            "account",
            "text",
            "payments.payer_account",
            "payments.payer_account_hint",
        ),
        field("bank", "text", "payments.bank", "payments.bank_hint"),
    ]
}
