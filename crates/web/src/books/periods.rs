//! The closed periods, and the form that closes the next: it says what that means and wants it confirmed.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use books::ClosedPeriod;
use kernel::{Done, Fault, Period, Refusal};
use people::staff::Action;

use super::tabs;
use crate::Shared;
use crate::desk::Names;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct PeriodView {
    title: String,
    entries: String,
    by: String,
    seal: String,
}

#[derive(Template)]
#[template(path = "books/periods.html")]
struct PeriodsPage {
    page: Page,
    tabs: Vec<Tab>,
    periods: Vec<PeriodView>,
    may_keep: bool,
    form: FormState,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewBooks, None)?;
    answer(&site, &signed, None).await
}

/// Closes a period.
pub(super) async fn close(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let actor = signed.require_everywhere(Action::KeepBooks)?;
    let typed = Fields::parse(&body);
    let closed = match confirmed(&typed) {
        Ok(period) => {
            let closing = site.store.write(actor, move |ctx| {
                Box::pin(async move { books::close_period(ctx, period).await })
            });
            let closed: Result<Done<ClosedPeriod>, Refusal> = closing.await;
            closed.map(drop)
        }
        Err(refusal) => Err(refusal),
    };
    match closed {
        Ok(()) => Ok(layout::see_other(signed.page.href("/staff/books/periods"))),
        Err(refusal) if refusal.fault == Fault::Broken => Err(refusal.into()),
        Err(refusal) => layout::refused(answer(&site, &signed, Some((&typed, refusal))).await),
    }
}

/// The period to close, where whoever sends the form says that they mean it.
fn confirmed(typed: &Fields) -> Result<Period, Refusal> {
    let period = typed.get("period").trim().parse();
    let period: Period = period.map_err(|refusal: Refusal| refusal.at("period"))?;
    if typed.get("confirmed") != "yes" {
        return Err(Refusal::new("web.not_confirmed", Fault::Refused));
    }
    Ok(period)
}

async fn answer(
    site: &Site,
    signed: &Signed,
    refused: Option<(&Fields, Refusal)>,
) -> Result<Response, WebError> {
    let closed = books::closed_periods(&mut site.store.read().await?).await?;
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    // The next one is suggested; the first one is for a person to name.
    let next = closed
        .last()
        .map_or_else(String::new, |last| last.period.next().to_string());
    let suggested = Fields::of(&[("period", &next)]);
    let mut form = FormState::new(
        fields(&page),
        refused.as_ref().map_or(&suggested, |(typed, _)| typed),
    );
    if let Some((_, refusal)) = &refused {
        let mut refusal = refusal.clone();
        if refusal.code.starts_with("books.period_") {
            refusal = refusal.at("period");
        }
        form.refuse(&refusal, page.lang);
    }
    layout::html(&PeriodsPage {
        tabs: tabs(&page, "/staff/books/periods"),
        periods: closed
            .iter()
            .rev()
            .map(|closed| view(closed, &names, &page))
            .collect(),
        may_keep: signed.viewer.may(Action::KeepBooks, None),
        form,
        page,
    })
}

fn fields(page: &Page) -> Vec<Field> {
    vec![Field {
        name: "period",
        kind: "text",
        label: page.w.get("books.period").to_owned(),
        hint: page.w.get("books.period_hint").to_owned(),
        autocomplete: "off",
        ..Field::default()
    }]
}

fn view(closed: &ClosedPeriod, names: &Names, page: &Page) -> PeriodView {
    PeriodView {
        title: closed.period.title(page.lang),
        entries: report::numbers::grouped(closed.entries),
        by: names.get(&closed.closed_by),
        seal: closed.seal_sha256.clone(),
    }
}
