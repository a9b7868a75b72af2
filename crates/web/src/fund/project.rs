//! One project: its money from the books, and its milestones with what may be done with each next.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fund::{MilestoneStanding, ProjectStanding};
use kernel::Refusal;
use people::staff::Action;

use super::{is_seen, pillar_words, place_words, project_path};
use crate::Shared;
use crate::books::yuan;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a form that is there or not"
)]
struct MilestoneView {
    number: i64,
    title: String,
    due: String,
    amount: String,
    state: String,
    tone: &'static str,
    met: String,
    document: String,
    /// What whoever looks may do next.
    commit: bool,
    meet: bool,
    release: bool,
    free: bool,
}

#[derive(Template)]
#[template(path = "fund/project.html")]
struct ProjectPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    refused: String,
    advice: String,
    facts: Vec<(String, String, bool)>,
    purse_href: String,
    spent_href: String,
    milestones: Vec<MilestoneView>,
    base: String,
    today: String,
}

/// A project that whoever asks may see.
pub(super) async fn find(site: &Site, signed: &Signed, key: &str) -> Result<ProjectStanding, WebError> {
    signed.require(Action::ViewFund, None)?;
    let projects = fund::projects(&mut site.store.read().await?, site.clock.today()).await?;
    let found = projects.into_iter().find(|project| project.key == key);
    found
        .filter(|project| is_seen(signed, project.place))
        .ok_or_else(WebError::missing)
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(key): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    answer(&site, &signed, &key, None).await
}

/// The project with what was refused.
pub(super) async fn refused(
    site: &Site,
    signed: &Signed,
    key: &str,
    refusal: &Refusal,
) -> Result<Response, WebError> {
    let mut response = answer(site, signed, key, Some(refusal)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn answer(
    site: &Site,
    signed: &Signed,
    key: &str,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    let project = find(site, signed, key).await?;
    let page = signed.page.clone();
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let title = project.title.get(page.lang).to_owned();
    let sees_books = signed.viewer.may(Action::ViewBooks, None);
    let account = |kind: &str| {
        if sees_books {
            page.href(&format!("/staff/books/accounts/{kind}:project:{key}"))
        } else {
            String::new()
        }
    };
    layout::html(&ProjectPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/fund"), page.w.get("nav.fund")),
            Crumb::new(page.href(&project_path(key)), title.clone()),
        ],
        title,
        refused: refusal.map_or_else(String::new, |refusal| refusal.message(page.lang)),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        facts: vec![
            fact("fund.pillar", pillar_words(site, &project.pillar, &page)),
            fact("fund.place", place_words(site, project.place, &page)),
            fact("fund.held", in_yuan(project.held_fen)),
            fact("fund.released", in_yuan(project.released_fen)),
            fact("fund.spent", in_yuan(project.spent_fen)),
            fact("fund.key", project.key.clone()),
        ],
        purse_href: account("assets"),
        spent_href: account("expenses"),
        milestones: project
            .milestones
            .iter()
            .map(|one| view(one, &project, signed))
            .collect(),
        base: page.href(&project_path(key)),
        today: site.clock.today().to_string(),
        page,
    })
}

fn view(one: &MilestoneStanding, project: &ProjectStanding, signed: &Signed) -> MilestoneView {
    let page = &signed.page;
    let tone = match one.state.as_str() {
        "released" => "good",
        "freed" => "bad",
        _ => "open",
    };
    let may = |action| signed.may_at(action, project.place);
    let state = one.state.as_str();
    MilestoneView {
        number: one.number,
        title: one.title.get(page.lang).to_owned(),
        due: one.due_on.to_string(),
        amount: yuan(one.amount_fen),
        state: page.w.get(&format!("milestone.{state}")).to_owned(),
        tone,
        met: one.met_on.map_or_else(String::new, |day| day.to_string()),
        document: one.document.clone().unwrap_or_default(),
        commit: state == "planned" && may(Action::KeepFund),
        meet: state == "committed" && may(Action::ReportField),
        release: state == "met" && signed.viewer.may_everywhere(Action::ApproveFund),
        free: state == "committed" && may(Action::KeepFund),
    }
}
