//! The budget of a year: what each pillar may spend, spent and will have spent, the versions, and what is decided on them.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use fund::{Act, BudgetLine, BudgetVersion, NewBudget, PillarStanding, Reasoned};
use jiff::civil::Date;
use kernel::{Money, Period, PeriodKind, Refusal};
use people::staff::Action;

use super::record::{self, Way};
use super::{pillar_words, require_whole, tabs, take};
use crate::Shared;
use crate::books::yuan;
use crate::desk::Names;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct PillarView {
    title: String,
    unit: String,
    budget: String,
    actual: String,
    released: String,
    held: String,
    forecast: String,
    left: String,
    is_over: bool,
}

struct VersionView {
    number: i64,
    key: String,
    reason: String,
    state: String,
    tone: &'static str,
    by: String,
    decided_by: String,
    total: String,
    lines: Vec<(String, String)>,
    is_open: bool,
    /// Whether whoever looks proposed it, and so does not approve it.
    is_own: bool,
}

struct AmountRow {
    id: String,
    title: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "fund/budget.html")]
struct BudgetPage {
    page: Page,
    tabs: Vec<Tab>,
    ways: Vec<Way>,
    year: String,
    refused: String,
    advice: String,
    pillars: Vec<PillarView>,
    total: PillarView,
    versions: Vec<VersionView>,
    may_keep: bool,
    may_approve: bool,
    form: FormState,
    rows: Vec<AmountRow>,
}

/// The year asked for, else that of the programme's period.
fn year_of(site: &Site, text: &str) -> Period {
    let asked = text
        .parse()
        .ok()
        .filter(|period: &Period| period.kind() == PeriodKind::Year);
    let period = site.programme.head.period;
    asked.unwrap_or_else(|| Period::around(PeriodKind::Year, period.last_day()))
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let year = year_of(&site, &signed.page.param("year"));
    answer(&site, &signed, year, &Fields::default(), None).await
}

/// Proposes a version.
pub(super) async fn propose(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    require_whole(&signed)?;
    let typed = Fields::parse(&body);
    let year = year_of(&site, typed.get("year"));
    let taken = match proposed(&typed, year) {
        Ok(new) => take(&site, &signed, Act::ProposeBudget(new)).await?,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(here(&signed.page, year))),
        Err(refusal) => {
            let refused = Some((refusal, true));
            layout::refused(answer(&site, &signed, year, &typed, refused).await)
        }
    }
}

fn here(page: &Page, year: Period) -> String {
    page.href(&format!("/staff/fund/budget?year={year}"))
}

fn proposed(typed: &Fields, period: Period) -> Result<NewBudget, Refusal> {
    let mut lines = Vec::new();
    for (pillar, amount) in typed.all("pillar").zip(typed.all("amount")) {
        if amount.trim().is_empty() {
            continue;
        }
        lines.push(BudgetLine {
            pillar: pillar.to_owned(),
            amount_fen: amount
                .trim()
                .parse()
                .map_err(|refusal: Refusal| refusal.at(pillar.to_owned()))?,
        });
    }
    Ok(NewBudget {
        key: typed.get("key").trim().to_owned(),
        period,
        reason: typed.get("reason").trim().to_owned(),
        lines,
    })
}

/// Approves a version or declines it.
pub(super) async fn decide(
    State(site): State<Shared>,
    Path(key): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body);
    let year = year_of(&site, typed.get("year"));
    let said = Reasoned {
        key,
        on: site.clock.today(),
        reason: typed.get("reason").trim().to_owned(),
    };
    let act = match typed.get("verdict") {
        "approved" => Act::ApproveBudget(said),
        _ => Act::DeclineBudget(said),
    };
    match take(&site, &signed, act).await? {
        Ok(_now_or_already) => Ok(layout::see_other(here(&signed.page, year))),
        Err(refusal) => {
            let refused = Some((refusal, false));
            layout::refused(answer(&site, &signed, year, &Fields::default(), refused).await)
        }
    }
}

/// The page; a refusal says whether it is about the form of a new version.
async fn answer(
    site: &Site,
    signed: &Signed,
    year: Period,
    typed: &Fields,
    refusal: Option<(Refusal, bool)>,
) -> Result<Response, WebError> {
    require_whole(signed)?;
    let (page, names) = (signed.page.clone(), Names::of(site).await?);
    let mut reader = site.store.read().await?;
    let pillars = fund::standing(&mut reader, year, as_of(site, year)).await?;
    let versions = fund::budgets(&mut reader, year).await?;
    drop(reader);
    let mut form = FormState::new(fields(&page), typed);
    let (mut refused, mut advice) = (String::new(), String::new());
    match &refusal {
        Some((refusal, true)) => form.refuse(refusal, page.lang),
        Some((refusal, false)) => {
            refused = refusal.message(page.lang);
            advice = refusal.advice(page.lang).unwrap_or_default();
        }
        None => {}
    }
    let me = signed.user.to_string();
    layout::html(&BudgetPage {
        tabs: tabs(signed, "/staff/fund/budget"),
        ways: record::ways(signed, "/staff/fund/budget"),
        year: year.to_string(),
        refused,
        advice,
        total: total(&pillars, &page)?,
        pillars: pillars.iter().map(|one| pillar_view(site, one, &page)).collect(),
        versions: versions
            .iter()
            .rev()
            .map(|one| version_view(site, one, &names, &me, &page))
            .collect::<Result<_, Refusal>>()?,
        may_keep: signed.viewer.may_everywhere(Action::KeepFund),
        may_approve: signed.viewer.may_everywhere(Action::ApproveFund),
        form,
        rows: rows(site, &pillars, typed, &page),
        page,
    })
}

/// A year that is over is looked at from its end.
fn as_of(site: &Site, year: Period) -> Date {
    site.clock.today().min(year.last_day())
}

fn pillar_view(site: &Site, one: &PillarStanding, page: &Page) -> PillarView {
    PillarView {
        title: pillar_words(site, &one.pillar, page),
        unit: one.unit.get(page.lang).to_owned(),
        budget: yuan(one.budget_fen),
        actual: yuan(one.actual_fen),
        released: yuan(one.released_fen),
        held: yuan(one.held_fen),
        forecast: yuan(one.forecast_fen),
        left: yuan(one.left_fen),
        is_over: one.left_fen < Money::ZERO,
    }
}

fn total(pillars: &[PillarStanding], page: &Page) -> Result<PillarView, Refusal> {
    let sum = |pick: fn(&PillarStanding) -> Money| Money::try_sum(pillars.iter().map(pick)).map(yuan);
    Ok(PillarView {
        title: page.w.get("books.total").to_owned(),
        unit: String::new(),
        budget: sum(|one| one.budget_fen)?,
        actual: sum(|one| one.actual_fen)?,
        released: sum(|one| one.released_fen)?,
        held: sum(|one| one.held_fen)?,
        forecast: sum(|one| one.forecast_fen)?,
        left: sum(|one| one.left_fen)?,
        is_over: false,
    })
}

fn version_view(
    site: &Site,
    one: &BudgetVersion,
    names: &Names,
    me: &str,
    page: &Page,
) -> Result<VersionView, Refusal> {
    let tone = match one.state.as_str() {
        "approved" => "good",
        "declined" => "bad",
        _ => "open",
    };
    let line = |line: &BudgetLine| (pillar_words(site, &line.pillar, page), yuan(line.amount_fen));
    Ok(VersionView {
        number: one.version,
        key: one.key.clone(),
        reason: one.reason.clone(),
        state: page.w.get(&format!("budget.{}", one.state)).to_owned(),
        tone,
        by: names.get(&one.proposed_by),
        decided_by: one
            .decided_by
            .as_deref()
            .map_or_else(String::new, |id| names.get(id)),
        total: yuan(Money::try_sum(one.lines.iter().map(|line| line.amount_fen))?),
        lines: one.lines.iter().map(line).collect(),
        is_open: one.state == "proposed",
        is_own: one.proposed_by == me,
    })
}

/// A pillar without an owner has no budget.
fn rows(site: &Site, owned: &[PillarStanding], typed: &Fields, page: &Page) -> Vec<AmountRow> {
    let typed: Vec<(&str, &str)> = typed.all("pillar").zip(typed.all("amount")).collect();
    let row = |one: &PillarStanding| AmountRow {
        id: one.pillar.clone(),
        title: pillar_words(site, &one.pillar, page),
        amount: typed
            .iter()
            .find(|(id, _)| *id == one.pillar)
            .map_or_else(String::new, |(_, amount)| (*amount).to_owned()),
    };
    owned.iter().map(row).collect()
}

fn fields(page: &Page) -> Vec<Field> {
    let field = |name, label: &str, hint: &str| Field::asked(page, name, "text", (label, hint));
    vec![
        field("key", "fund.key", "fund.budget_key_hint"),
        field("reason", "books.reason", "fund.budget_reason_hint"),
    ]
}
