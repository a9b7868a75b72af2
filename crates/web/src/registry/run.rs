//! One yearly run: its calendar with who is late, what the rules say of each household and why, what does not go its way, and the
//! forms that screen and close it.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{PlaceCode, Refusal};
use people::staff::Action;
use registry::{
    Act, CloseRun, ExceptionLine, HouseholdId, RunLine, RunPage, ScreenedLine, StepProgress, run_line,
    run_page, run_work, screened,
};

use super::board::{CaseRow, case};
use super::runs::{state_words, title};
use super::{
    case_path, conditions, found, holds_words, household_path, measured, registry, run_path, take,
    village_words, word,
};
use crate::Shared;
use crate::books::{needed_day, yuan};
use crate::error::WebError;
use crate::form::Fields;
use crate::layout::{self, Crumb, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Households on one page.
const ROWS: i64 = 50;

struct StepView {
    title: String,
    due_on: String,
    waiting: i64,
    past: i64,
    state: String,
    tone: &'static str,
}

/// A case that asks for a second look.
pub(super) struct ExceptionView {
    pub case: CaseRow,
    pub why: String,
}

struct ScreenedView {
    href: String,
    place: String,
    reasons: Vec<String>,
    case_href: String,
    case: String,
}

#[derive(Template)]
#[template(path = "registry/run.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    state: String,
    tone: &'static str,
    facts: Vec<(String, String, bool)>,
    steps: Vec<StepView>,
    late: Vec<CaseRow>,
    notices: Vec<CaseRow>,
    exceptions: Vec<ExceptionView>,
    parts: Vec<Tab>,
    households: Vec<ScreenedView>,
    first_href: String,
    next_href: String,
    base: String,
    may_screen: bool,
    may_close: bool,
    today: String,
    refused: String,
    advice: String,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(key): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    answer(&site, &signed, &key, None).await
}

/// Holds every household against the rules, page by page. Whoever leaves in between may send the form again: it goes on.
pub(super) async fn screen(
    State(site): State<Shared>,
    Path(key): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let run = of(&site, &signed, &key).await?;
    let actor = signed.require(Action::DecideCases, Some(run.place))?;
    registry(&site)?.screen(actor, &run.key).await?;
    Ok(layout::see_other(signed.page.href(&run_path(&run.key))))
}

pub(super) async fn close(
    State(site): State<Shared>,
    Path(key): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let run = of(&site, &signed, &key).await?;
    let typed = Fields::parse(&body);
    let taken = match needed_day(typed.get("on"), "on") {
        Ok(on) => {
            take(
                &site,
                &signed,
                Act::CloseRun(CloseRun {
                    run: run.key.clone(),
                    on,
                }),
            )
            .await?
        }
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&run_path(&run.key)))),
        Err(refusal) => layout::refused(answer(&site, &signed, &run.key, Some(&refusal)).await),
    }
}

async fn of(site: &Site, signed: &Signed, key: &str) -> Result<RunLine, WebError> {
    let seen = signed.viewer.places(Action::ViewRegistry);
    found(run_line(&mut site.store.read().await?, &seen, key).await)
}

async fn answer(
    site: &Site,
    signed: &Signed,
    key: &str,
    refusal: Option<&Refusal>,
) -> Result<Response, WebError> {
    registry(site)?;
    let (page, today) = (signed.page.clone(), site.clock.today());
    let seen = signed.viewer.places(Action::ViewRegistry);
    let mut reader = site.store.read().await?;
    let run = found(run_page(&mut reader, &seen, key).await)?;
    let work = run_work(&mut reader, &seen, &run, today).await?;
    let part = page.param("part");
    let after = after_of(&page.param("after"));
    let asked = (&run.run, part_of(&part));
    let lines = screened(&mut reader, &seen, asked, after, ROWS).await?;
    drop(reader);
    let (state, tone) = state_words(site, &run.run, &page);
    let (title, decides) = (
        title(site, &run.run, &page),
        signed.viewer.may(Action::DecideCases, Some(run.run.place)),
    );
    let is_full = i64::try_from(lines.len()).is_ok_and(|lines| lines == ROWS);
    let last = lines.last().filter(|_| is_full);
    layout::html(&ShowPage {
        crumbs: crumbs(&run.run, &title, &page),
        title,
        state,
        tone,
        facts: facts(&run, &page),
        steps: run
            .progress(today)
            .iter()
            .map(|one| step(one, &run, &page))
            .collect(),
        late: work.late.iter().map(|one| case(site, one, &page)).collect(),
        notices: work.notices.iter().map(|one| case(site, one, &page)).collect(),
        exceptions: exceptions(site, &work.exceptions, &page),
        parts: parts(&run, &part, &page),
        households: lines
            .iter()
            .map(|one| household(site, &run.run, one, &page))
            .collect(),
        first_href: after.map_or_else(String::new, |_| page.here_with("part", &part)),
        next_href: last.map_or_else(String::new, |last| {
            let part = page.here_with("part", &part);
            let sign = if part.contains('?') { '&' } else { '?' };
            format!("{part}{sign}after={}.{}", last.place, last.household)
        }),
        base: page.href(&run_path(&run.run.key)),
        may_screen: decides && !run.run.screened,
        may_close: decides && run.run.screened && run.run.closed_on.is_none(),
        today: today.to_string(),
        refused: refusal
            .map(|refusal| refusal.message(page.lang))
            .unwrap_or_default(),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        page,
    })
}

fn crumbs(run: &RunLine, title: &str, page: &Page) -> Vec<Crumb> {
    vec![
        Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
        Crumb::new(page.href("/staff/registry/runs"), page.w.get("registry.runs")),
        Crumb::new(page.href(&run_path(&run.key)), title),
    ]
}

fn facts(run: &RunPage, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let line = &run.run;
    let mut facts = vec![
        fact("registry.run_key", line.key.clone()),
        fact(
            "registry.run_days",
            format!("{} – {}", line.opened_on, line.due_on),
        ),
        fact("registry.run_rules", line.rules.clone()),
        fact(
            "registry.run_line",
            page.w.fill(
                "registry.run_line_of",
                &[("year", &line.year.to_string()), ("line", &yuan(line.line_fen))],
            ),
        ),
        fact("registry.without_case", run.without_case.to_string()),
    ];
    facts.extend(
        line.closed_on
            .map(|on| fact("registry.closed_on", on.to_string())),
    );
    facts
}

fn step(one: &StepProgress, run: &RunPage, page: &Page) -> StepView {
    let (key, tone) = match (one.late, one.waiting) {
        (true, _) => ("registry.step_late", "bad"),
        (false, 0) if one.past > 0 || run.run.closed_on.is_some() => ("registry.step_done", "good"),
        (false, 0) => ("registry.step_none", ""),
        (false, _) => ("registry.step_waits", "open"),
    };
    StepView {
        title: word(page, "run_step", one.step),
        due_on: one.due_on.map(|day| day.to_string()).unwrap_or_default(),
        waiting: one.waiting,
        past: one.past,
        state: page.w.get(key).to_owned(),
        tone,
    }
}

pub(super) fn exceptions(site: &Site, lines: &[ExceptionLine], page: &Page) -> Vec<ExceptionView> {
    let view = |one: &ExceptionLine| ExceptionView {
        case: case(site, &one.case, page),
        why: word(page, "exception", one.why.as_str()),
    };
    lines.iter().map(view).collect()
}

/// After which household a list goes on: its village and its id.
fn after_of(typed: &str) -> Option<(PlaceCode, HouseholdId)> {
    let (village, household) = typed.split_once('.')?;
    Some((village.parse().ok()?, household.parse().ok()?))
}

/// What the part of a run that is asked for says of its households.
fn part_of(part: &str) -> Option<bool> {
    match part {
        "unknown" => None,
        "not" => Some(false),
        _ => Some(true),
    }
}

fn parts(run: &RunPage, here: &str, page: &Page) -> Vec<Tab> {
    let tab = |part: &str, count: i64| {
        let name = if part.is_empty() { "holds" } else { part };
        let words = word(page, "run_part", format_args!("{}_{name}", run.run.kind));
        Tab {
            href: page.here_with("part", part),
            title: format!("{words} {count}"),
            here: part_of(part) == part_of(here),
        }
    };
    vec![
        tab("", run.holds),
        tab("unknown", run.unknown),
        tab("not", run.does_not_hold),
    ]
}

fn household(site: &Site, run: &RunLine, one: &ScreenedLine, page: &Page) -> ScreenedView {
    let reasons = conditions(site, &run.rules).into_iter().filter_map(|condition| {
        let (found, holds) = one.reasons.get(&condition.id)?;
        let value = found.map_or_else(
            || "–".to_owned(),
            |value| measured(condition.measure, value, page),
        );
        let words = [
            ("condition", condition.title.get(page.lang)),
            ("value", &value),
            ("holds", page.w.get(holds_words(*holds).0)),
        ];
        Some(page.w.fill("registry.reason", &words))
    });
    ScreenedView {
        href: page.href(&household_path(one.household)),
        place: village_words(site, one.place, page),
        reasons: reasons.collect(),
        case_href: one
            .case
            .map_or_else(String::new, |(id, _)| page.href(&case_path(id))),
        case: match one.case {
            Some((_, state)) => word(page, "case_state", state),
            None => page.w.get("registry.no_case_yet").to_owned(),
        },
    }
}
