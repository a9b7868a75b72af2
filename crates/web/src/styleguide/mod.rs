//! `/styleguide`: every component once, with made-up data, for those who write pages.

use askama::Template;
use axum::response::Response;
use kernel::{Fault, Refusal, Words};
use report::html::pictures::{self, PictureView};

use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::routes::{Rooms, Who};

pub(crate) fn routes() -> Rooms {
    Rooms::new().get("/styleguide", Who::Everyone, show)
}

#[derive(Template)]
#[template(path = "styleguide/show.html")]
struct ShowPage {
    page: Page,
    r: &'static Words,
    crumbs: Vec<Crumb>,
    form: FormState,
    picture: Option<PictureView>,
    hash: String,
}

async fn show(page: Page) -> Result<Response, WebError> {
    let report = report::sample::sample();
    let r = report::words::WORDS.of(page.lang);
    let figure = pictures::front_figure(&report);
    let months = figure.and_then(|figure| Some((figure, figure.breakdown("month")?)));
    let view = ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/"), page.w.get("nav.home")),
            Crumb::new(page.href("/styleguide"), page.w.get("guide.title")),
        ],
        form: sample_form(&page),
        picture: months
            .map(|(figure, breakdown)| pictures::picture(&report, figure, breakdown, r, usize::MAX)),
        hash: report.signature.public_key.clone(),
        r,
        page,
    };
    layout::public(&view)
}

/// A form that was refused: a wrong amount, and a sentence about the whole.
fn sample_form(page: &Page) -> FormState {
    let w = page.w;
    let field = |name, kind, label: &str, hint: &str| Field {
        name,
        kind,
        label: w.get(label).to_owned(),
        hint: w.get(hint).to_owned(),
        ..Field::default()
    };
    let fields = vec![
        field("household", "text", "guide.household", "guide.household_hint"),
        field("amount", "text", "guide.amount", "guide.amount_hint"),
        field("day", "date", "guide.day", "guide.day_hint"),
    ];
    let typed = Fields::parse("household=%E5%85%B0%E5%A9%B6&amount=1%2C23&day=2018-06-30".as_bytes());
    let mut form = FormState::new(fields, &typed);
    if let Err(refusal) = "1,23".parse::<kernel::Money>() {
        form.refuse(&refusal.at("amount"), page.lang);
    }
    form.refuse(&Refusal::new("web.busy", Fault::Refused), page.lang);
    form
}
