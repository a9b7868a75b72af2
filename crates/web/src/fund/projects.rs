//! The projects that one may see, and the form that opens one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use fund::{Act, NewMilestone, NewProject, ProjectStanding};
use kernel::{Refusal, Text};
use people::staff::Action;

use super::{is_seen, pillar_words, place_words, project_path, record, tabs, take};
use crate::Shared;
use crate::books::{needed_day, yuan};
use crate::error::WebError;
use crate::files::{self, Cell};
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Rows for milestones in the form; a longer project is one for the command line.
const MILESTONES: usize = 4;

struct ProjectView {
    href: String,
    title: String,
    key: String,
    pillar: String,
    place: String,
    milestones: String,
    held: String,
    released: String,
    spent: String,
}

#[derive(Template)]
#[template(path = "fund/projects.html")]
struct ProjectsPage {
    page: Page,
    tabs: Vec<Tab>,
    projects: Vec<ProjectView>,
    may_keep: bool,
}

struct MilestoneRow {
    number: usize,
    title_zh: String,
    title_en: String,
    due_on: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "fund/new.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
    rows: Vec<MilestoneRow>,
}

pub(super) async fn index(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewFund, None)?;
    let page = signed.page.clone();
    let projects = seen(&site, &signed).await?;
    layout::html(&ProjectsPage {
        tabs: tabs(&signed, "/staff/fund"),
        projects: projects
            .iter()
            .map(|project| view(&site, project, &page))
            .collect(),
        may_keep: signed.viewer.may(Action::KeepFund, None),
        page,
    })
}

async fn seen(site: &Site, signed: &Signed) -> Result<Vec<ProjectStanding>, Refusal> {
    let today = site.clock.today();
    let mut projects = fund::projects(&mut site.store.read().await?, today).await?;
    projects.retain(|project| is_seen(signed, project.place));
    Ok(projects)
}

/// The same projects as a CSV.
pub(super) async fn file(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewFund, None)?;
    let projects = seen(&site, &signed).await?;
    let heads = [
        "fund.key",
        "fund.project",
        "fund.pillar",
        "fund.place",
        "fund.milestones",
        "fund.milestones_released",
        "fund.held_yuan",
        "fund.released_yuan",
        "fund.spent_yuan",
    ]
    .map(|key| signed.page.w.get(key));
    let row = |project| row(&site, project, &signed.page);
    files::short_list("projects.csv", &heads, projects.iter().map(row).collect())
}

fn row(site: &Site, project: &ProjectStanding, page: &Page) -> Vec<Cell> {
    let count = |number: usize| Cell::count(i64::try_from(number).unwrap_or(i64::MAX));
    vec![
        Cell::text(&project.key),
        Cell::text(project.title.get(page.lang)),
        Cell::text(pillar_words(site, &project.pillar, page)),
        Cell::text(place_words(site, project.place, page)),
        count(project.milestones.len()),
        count(released(project)),
        Cell::yuan(project.held_fen),
        Cell::yuan(project.released_fen),
        Cell::yuan(project.spent_fen),
    ]
}

/// How many of its milestones were met and released.
fn released(project: &ProjectStanding) -> usize {
    let states = project.milestones.iter();
    states.filter(|one| one.state == "released").count()
}

fn view(site: &Site, project: &ProjectStanding, page: &Page) -> ProjectView {
    let done = released(project);
    ProjectView {
        href: page.href(&project_path(&project.key)),
        title: project.title.get(page.lang).to_owned(),
        key: project.key.clone(),
        pillar: pillar_words(site, &project.pillar, page),
        place: place_words(site, project.place, page),
        milestones: format!("{done}/{}", project.milestones.len()),
        held: yuan(project.held_fen),
        released: yuan(project.released_fen),
        spent: yuan(project.spent_fen),
    }
}

pub(super) async fn new(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::KeepFund, None)?;
    answer(&site, &signed, &Fields::default(), None)
}

/// Opens a project.
pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    signed.require(Action::KeepFund, None)?;
    let typed = Fields::parse(&body);
    let taken = match project(&typed) {
        Ok(new) => take(&site, &signed, Act::Project(new)).await?,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(
            signed.page.href(&project_path(typed.get("key").trim())),
        )),
        Err(refusal) => layout::refused(answer(&site, &signed, &typed, Some(&refusal))),
    }
}

fn project(typed: &Fields) -> Result<NewProject, Refusal> {
    let text = |name| typed.get(name).trim().to_owned();
    let place = match text("place").as_str() {
        "" => None,
        code => Some(code.parse().map_err(|refusal: Refusal| refusal.at("place"))?),
    };
    Ok(NewProject {
        key: text("key"),
        pillar: text("pillar"),
        place,
        title: Text::new(text("title_zh"), text("title_en")),
        starts_on: needed_day(typed.get("starts_on"), "starts_on")?,
        ends_on: needed_day(typed.get("ends_on"), "ends_on")?,
        milestones: rows(typed)
            .iter()
            .filter(|row| !row.is_empty())
            .map(MilestoneRow::milestone)
            .collect::<Result<_, _>>()?,
    })
}

impl MilestoneRow {
    fn is_empty(&self) -> bool {
        [&self.title_zh, &self.title_en, &self.due_on, &self.amount]
            .iter()
            .all(|text| text.is_empty())
    }

    fn milestone(&self) -> Result<NewMilestone, Refusal> {
        // The place names the row; the sentence says what is wrong there.
        let at = |refusal: Refusal| refusal.at(format!("milestones.{}", self.number));
        Ok(NewMilestone {
            title: Text::new(self.title_zh.clone(), self.title_en.clone()),
            due_on: needed_day(&self.due_on, "due_on").map_err(at)?,
            amount_fen: self.amount.parse().map_err(at)?,
        })
    }
}

fn rows(typed: &Fields) -> Vec<MilestoneRow> {
    let at = |name, place| typed.all(name).nth(place).unwrap_or_default().trim().to_owned();
    let row = |place| MilestoneRow {
        number: place + 1,
        title_zh: at("milestone_zh", place),
        title_en: at("milestone_en", place),
        due_on: at("due_on", place),
        amount: at("amount", place),
    };
    (0..MILESTONES).map(row).collect()
}

fn answer(
    site: &Site,
    signed: &Signed,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let mut form = FormState::new(fields(site, &page), typed);
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
    }
    layout::html(&NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/fund"), page.w.get("nav.fund")),
            Crumb::new(page.href("/staff/fund/new"), page.w.get("fund.new_project")),
        ],
        rows: rows(typed),
        form,
        page,
    })
}

fn fields(site: &Site, page: &Page) -> Vec<Field> {
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    vec![
        field("key", "text", "fund.key", "fund.key_hint"),
        field("title_zh", "text", "fund.title_zh", ""),
        field("title_en", "text", "fund.title_en", ""),
        field("place", "text", "payments.place_code", "payments.place_hint"),
        field("starts_on", "date", "fund.starts_on", ""),
        field("ends_on", "date", "fund.ends_on", ""),
        Field {
            choices: record::pillars(site, page),
            ..field("pillar", "", "fund.pillar", "")
        },
    ]
}
