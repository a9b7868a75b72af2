//! A yearly run is opened: its county, what it is about, its days, and by when each step is to be done.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use kernel::Refusal;
use people::staff::{Action, PlaceFilter};
use registry::{Act, CaseKind, OpenRun, RunStep, calendar};

use super::{at_last, registry, run_path, take, word};
use crate::Shared;
use crate::books::{day, needed_day};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

#[derive(Template)]
#[template(path = "registry/opening.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
}

pub(super) async fn new(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let today = site.clock.today();
    let typed = [
        (
            "run".to_owned(),
            own_county(&signed).map_or_else(String::new, |county| format!("{county}-{}", today.year())),
        ),
        ("place".to_owned(), own_county(&signed).unwrap_or_default()),
        ("on".to_owned(), today.to_string()),
    ];
    answer(&site, &signed, &Fields::from_iter(typed), None)
}

pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body);
    let taken = match opened(&site, &typed) {
        Ok(run) => {
            let key = run.run.clone();
            take(&site, &signed, Act::OpenRun(run)).await?.map(|_| key)
        }
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(key) => Ok(layout::see_other(signed.page.href(&run_path(&key)))),
        Err(refusal) => layout::refused(answer(&site, &signed, &typed, Some(&at_last(refusal)))),
    }
}

/// The one county of whoever decides in one only.
fn own_county(signed: &Signed) -> Option<String> {
    match signed.viewer.places(Action::DecideCases) {
        PlaceFilter::Within(places) => match places.as_slice() {
            [one] => Some(one.to_string()),
            _ => None,
        },
        PlaceFilter::All => None,
    }
}

/// What was typed; a step without a day of its own gets that of the calendar.
fn opened(site: &Site, typed: &Fields) -> Result<OpenRun, Refusal> {
    let on = needed_day(typed.get("on"), "on")?;
    let due_on = needed_day(typed.get("due_on"), "due_on")?;
    let notice_days = site
        .registry
        .as_ref()
        .map_or(0, |registry| registry.rules().notice_days);
    let mut steps: BTreeMap<RunStep, _> = calendar(on, due_on, notice_days);
    for step in RunStep::ALL {
        steps.extend(day(typed.get(step.as_str()), step.as_str())?.map(|day| (*step, day)));
    }
    let place = typed.get("place").trim().parse();
    Ok(OpenRun {
        run: typed.get("run").trim().to_owned(),
        place: place.map_err(|refusal: Refusal| refusal.at("place"))?,
        kind: typed
            .get("kind")
            .parse()
            .map_err(|refusal: Refusal| refusal.at("kind"))?,
        on,
        due_on,
        steps,
    })
}

fn answer(
    site: &Site,
    signed: &Signed,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let registry = registry(site)?;
    let mut form = FormState::new(fields(&page, registry.rules().notice_days), typed);
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
    }
    layout::html(&NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(page.href("/staff/registry/runs"), page.w.get("registry.runs")),
            Crumb::new(page.here(), page.w.get("registry.open_run")),
        ],
        form,
        page,
    })
}

fn fields(page: &Page, notice_days: u32) -> Vec<Field> {
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    let mut kind = field("kind", "", "registry.run_kind", "");
    kind.choices = CaseKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), word(page, "case_kind", kind)))
        .collect();
    let mut fields = vec![
        field("place", "text", "registry.county_code", "registry.county_hint"),
        kind,
        field("on", "date", "registry.run_on", "registry.run_on_hint"),
        field("due_on", "date", "registry.run_due_on", ""),
        field("run", "text", "registry.run_key", "registry.run_key_hint"),
    ];
    for step in RunStep::ALL {
        let mut due = field(step.as_str(), "date", "registry.step", "");
        due.label = word(page, "run_step", step);
        fields.push(due);
    }
    if let Some(first) = fields
        .iter_mut()
        .find(|field| field.name == RunStep::Apply.as_str())
    {
        let days = notice_days.to_string();
        first.hint = page.w.fill("registry.run_steps_hint", &[("days", &days)]);
    }
    fields
}
