//! One case: its steps, who objected, what the rules said, and the forms of the step whose turn it is.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{PlaceCode, Refusal};
use people::staff::Action;
use registry::{CaseId, CasePage, CaseState, ObjectionLine, StepLine};

use super::{ReasonView, case_path, found, household_path, reasons, village_words, word};
use crate::Shared;
use crate::desk::Names;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct StepView {
    on: String,
    title: String,
    by: String,
    said: String,
    /// Where its document is; empty where there is none, or one may not open it.
    document: String,
}

struct ObjectionView {
    key: String,
    on: String,
    seeks: String,
    text: String,
    answer: String,
    is_open: bool,
}

/// One of the forms that may be sent now: the act, its title, and what it asks for beside the day.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the form that is there or not"
)]
struct FormView {
    act: &'static str,
    title: String,
    asks_votes: bool,
    asks_choice: bool,
    asks_text: bool,
    asks_file: bool,
    danger: bool,
}

#[derive(Template)]
#[template(path = "registry/case.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    facts: Vec<(String, String, bool)>,
    steps: Vec<StepView>,
    objections: Vec<ObjectionView>,
    reasons: Vec<ReasonView>,
    forms: Vec<FormView>,
    may_answer: bool,
    /// The notice as a sheet for the wall; empty where none stands.
    sheet: String,
    /// What makes an objection one and the same, however often the form is sent.
    key: String,
    action: String,
    today: String,
    refused: String,
    advice: String,
}

pub(super) async fn of(site: &Site, signed: &Signed, id: &str) -> Result<CasePage, WebError> {
    let id: CaseId = id.parse().map_err(|_| WebError::missing())?;
    let seen = signed.viewer.places(Action::ViewRegistry);
    found(registry::case_page(&mut site.store.read().await?, &seen, id).await)
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    signed.require(Action::ViewRegistry, None)?;
    let found = of(&site, &signed, &id).await?;
    answer(&site, &signed, found, None).await
}

pub(super) async fn answer(
    site: &Site,
    signed: &Signed,
    found: CasePage,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let case = &found.case;
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let mut facts = vec![
        fact("registry.village", village_words(site, case.place, &page)),
        fact("registry.opened_on", case.opened_on.to_string()),
    ];
    facts.extend(
        case.notice_until
            .map(|until| fact("registry.notice_until", until.to_string())),
    );
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(
                page.href(&household_path(case.household)),
                page.w.get("registry.the_household"),
            ),
            Crumb::new(page.here(), word(&page, "case_kind", case.kind)),
        ],
        title: word(&page, "case_kind", case.kind),
        state: word(&page, "case_state", case.state),
        facts,
        steps: steps(signed, &found, &names),
        sheet: match case.state {
            CaseState::FirstNotice | CaseState::SecondNotice => {
                page.href(&super::notices::sheet_path(case.place))
            }
            _ => String::new(),
        },
        key: site.ids.next().to_string(),
        objections: found.objections.iter().map(|one| objection(one, &page)).collect(),
        reasons: found
            .verdict
            .iter()
            .flat_map(|verdict| reasons(site, verdict, &page))
            .collect(),
        forms: forms(signed, &found, &page),
        may_answer: signed.viewer.may(Action::KeepRegistry, Some(case.place)),
        action: format!("{}/steps", page.href(&case_path(case.id))),
        today: site.clock.today().to_string(),
        refused: refusal
            .map(|refusal| refusal.message(page.lang))
            .unwrap_or_default(),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        page,
    })
}

/// The steps; their documents name people, and open for who may see that.
fn steps(signed: &Signed, found: &CasePage, names: &Names) -> Vec<StepView> {
    let page = &signed.page;
    let reveals = signed.viewer.may(Action::RevealPersons, Some(found.case.place));
    let base = page.href(&case_path(found.case.id));
    let view = |one: &StepLine| {
        let document = one.document.as_ref().filter(|_| reveals);
        StepView {
            document: document.map_or_else(String::new, |sha256| format!("{base}/documents/{sha256}")),
            ..step(one, names, page)
        }
    };
    found.steps.iter().map(view).collect()
}

fn step(one: &StepLine, names: &Names, page: &Page) -> StepView {
    let text = |field: &str| one.said.get(field).and_then(serde_json::Value::as_str);
    let number = |field: &str| one.said.get(field).and_then(serde_json::Value::as_u64);
    let votes = [
        ("attended", "registry.attended"),
        ("in_favour", "registry.in_favour"),
        ("against", "registry.against"),
    ];
    let votes = votes
        .iter()
        .filter_map(|(field, key)| number(field).map(|count| format!("{} {count}", page.w.get(key))));
    let votes: Vec<String> = votes.collect();
    let reason = text("reason").or_else(|| text("text")).unwrap_or_default();
    StepView {
        on: one.on.to_string(),
        title: word(page, "case_step", &one.act),
        by: names.get(&one.by),
        said: if votes.is_empty() {
            reason.to_owned()
        } else {
            votes.join(" · ")
        },
        document: String::new(),
    }
}

fn objection(one: &ObjectionLine, page: &Page) -> ObjectionView {
    let outcome = match one.upheld {
        None => String::new(),
        Some(true) => page.w.get("registry.upheld").to_owned(),
        Some(false) => page.w.get("registry.rejected").to_owned(),
    };
    ObjectionView {
        key: one.key.clone(),
        on: one.on.to_string(),
        seeks: word(page, "seeks", one.seeks),
        text: one.text.clone(),
        answer: match &one.answer {
            Some(answer) => page
                .w
                .fill("registry.answered", &[("outcome", &outcome), ("answer", answer)]),
            None => page.w.get("registry.waits_for_answer").to_owned(),
        },
        is_open: one.upheld.is_none(),
    }
}

/// The forms of the step whose turn it is, for who may do it where it is done.
fn forms(signed: &Signed, found: &CasePage, page: &Page) -> Vec<FormView> {
    let village = found.case.place;
    let county = village.county().unwrap_or(village);
    let may = |action, place: PlaceCode| signed.viewer.may(action, Some(place));
    let (keeps, reviews, decides) = (
        may(Action::KeepRegistry, village),
        may(Action::ReviewCases, village.township()),
        may(Action::DecideCases, county),
    );
    let acts: &[(&'static str, bool)] = match found.case.state {
        CaseState::Applied => &[("appraise", keeps), ("withdraw", keeps)],
        CaseState::Appraised | CaseState::Reviewed => &[("notice", keeps), ("withdraw", keeps)],
        CaseState::FirstNotice => &[("review", reviews), ("object", keeps), ("withdraw", keeps)],
        CaseState::SecondNotice => &[("decide", decides), ("object", keeps), ("withdraw", keeps)],
        CaseState::TurnedDown => &[("object", keeps)],
        CaseState::Granted => &[("announce", decides)],
        CaseState::Refused | CaseState::Announced | CaseState::Withdrawn => &[],
    };
    let open = acts.iter().filter(|(_, may)| *may);
    open.map(|(act, _)| FormView {
        act,
        title: word(page, "case_step", act),
        asks_votes: *act == "appraise",
        asks_choice: matches!(*act, "review" | "decide"),
        asks_text: matches!(*act, "review" | "decide" | "object" | "withdraw"),
        asks_file: matches!(*act, "appraise" | "notice"),
        danger: *act == "withdraw",
    })
    .collect()
}
