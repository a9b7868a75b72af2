//! A new account of the books: what it is called, whose it is, and whether it may go below zero.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use books::{NewAccount, Owner, OwnerKind};
use futures::FutureExt as _;
use kernel::{Fault, Refusal};
use people::staff::Action;

use super::account_href;
use crate::Shared;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;

#[derive(Template)]
#[template(path = "books/opening.html")]
struct OpeningPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
}

pub(super) async fn new(signed: Signed) -> Result<Response, WebError> {
    signed.require_everywhere(Action::KeepBooks)?;
    answer(&signed, &Fields::default(), None)
}

/// Opens the account; the same again changes nothing.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require_everywhere(Action::KeepBooks)?;
    let typed = Fields::parse(&body);
    let new = match account(&typed) {
        Ok(new) => new,
        Err(refusal) => return layout::refused(answer(&signed, &typed, Some(&refusal))),
    };
    let code = new.code.clone();
    let opened = site
        .store
        .write(actor, move |ctx| books::open_account(ctx, new).boxed())
        .await;
    match opened {
        Ok(_now_or_already) => Ok(layout::see_other(account_href(&signed.page, code.as_str()))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => layout::refused(answer(&signed, &typed, Some(&refusal))),
    }
}

fn account(typed: &Fields) -> Result<NewAccount, Refusal> {
    let text = |name| typed.get(name).trim();
    let at = |name: &'static str| move |refusal: Refusal| refusal.at(name);
    let owner: Result<Owner, Refusal> = format!("{}:{}", text("owner_kind"), text("owner_id")).parse();
    Ok(NewAccount {
        code: text("code").parse().map_err(at("code"))?,
        owner: owner.map_err(at("owner_id"))?,
        name_zh: text("name_zh").to_owned(),
        name_en: text("name_en").to_owned(),
        floor: text("floor") == "yes",
    })
}

fn answer(signed: &Signed, typed: &Fields, refusal: Option<&Refusal>) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let mut form = FormState::new(fields(&page), typed);
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
    }
    layout::html(&OpeningPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/books"), page.w.get("nav.books")),
            Crumb::new(
                page.href("/staff/books/accounts/new"),
                page.w.get("books.new_account"),
            ),
        ],
        form,
        page,
    })
}

fn fields(page: &Page) -> Vec<Field> {
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    let owners = OwnerKind::ALL.iter().map(|kind| {
        let key = format!("owner_kind.{}", kind.as_str());
        (kind.as_str().to_owned(), page.w.get(&key).to_owned())
    });
    let floor = [("no", "record.no"), ("yes", "record.yes")];
    vec![
        field("code", "text", "books.code", "books.code_hint"),
        field("name_zh", "text", "fund.title_zh", ""),
        field("name_en", "text", "fund.title_en", ""),
        Field {
            choices: owners.collect(),
            ..field("owner_kind", "", "books.owner_kind", "")
        },
        field("owner_id", "text", "books.owner_id", "books.owner_id_hint"),
        Field {
            choices: floor
                .map(|(value, key)| (value.to_owned(), page.w.get(key).to_owned()))
                .into(),
            ..field("floor", "", "books.floor_asked", "books.floor_hint")
        },
    ]
}
