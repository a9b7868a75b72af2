//! One household over everything the registry knows of it, and the forms that say something of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::Refusal;
use people::staff::Action;
use registry::{
    CaseId, CaseKind, Guarantee, HouseholdId, HouseholdPage, MemberLine, PairState, Status, WhoSays,
};

use super::board::{CaseRow, case};
use super::pairs::pair_path;
use super::say::{cause_fields, fact_fields};
use super::{
    ReasonView, found, holds_words, household_path, reasons, registry, status_words, village_words, word,
};
use crate::Shared;
use crate::books::yuan;
use crate::desk::instant;
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct MemberView {
    /// Where they are asked for in full.
    href: String,
    name: String,
    number: String,
    phone: String,
    relation: String,
    about: String,
    consents: String,
}

struct GuaranteeView {
    title: String,
    state: String,
    tone: &'static str,
}

struct HistoryView {
    since: String,
    recorded: String,
    of: String,
    said: String,
}

#[derive(Template)]
#[template(path = "registry/household.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    status: String,
    tone: &'static str,
    facts: Vec<(String, String, bool)>,
    members: Vec<MemberView>,
    may_reveal: bool,
    /// Who someone is in full, where it was asked for.
    revealed: Vec<(String, String)>,
    /// Where those may be decided who may be written down twice.
    pairs: Vec<(String, String)>,
    /// The household that this one turned out to be; empty where it is one of its own.
    kept: String,
    guarantees: Vec<GuaranteeView>,
    incomes: Vec<(i16, String, String)>,
    verdict: String,
    /// By which year and line.
    verdict_by: String,
    verdict_tone: &'static str,
    reasons: Vec<ReasonView>,
    cases: Vec<CaseRow>,
    history: Vec<HistoryView>,
    may_keep: bool,
    /// Where the forms of the household go.
    base: String,
    form: FormState,
    /// What makes what is said one and the same, however often the form is sent.
    key: String,
    apply_title: String,
    /// The case that the application opens, made with the form.
    case: String,
    today: String,
    /// The yearly runs it may belong to.
    runs: Vec<(String, String)>,
    refused: String,
}

/// What was typed into a form that was refused, and why.
pub(super) struct Refused {
    pub typed: Fields,
    pub refusal: Refusal,
}

pub(super) async fn of(site: &Site, signed: &Signed, id: &str) -> Result<HouseholdPage, WebError> {
    let id: HouseholdId = id.parse().map_err(|_| WebError::missing())?;
    let seen = signed.viewer.places(Action::ViewRegistry);
    found(registry(site)?.household(&seen, id, site.clock.today()).await)
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Response, WebError> {
    let found = of(&site, &signed, &id).await?;
    answer(&site, &signed, &found, Vec::new(), None).await
}

/// The pairs of its members that wait to be decided.
async fn pairs(
    site: &Site,
    signed: &Signed,
    found: &HouseholdPage,
) -> Result<Vec<(String, String)>, WebError> {
    let (page, seen) = (&signed.page, signed.viewer.places(Action::ViewRegistry));
    let mut links = Vec::new();
    for member in &found.members {
        for pair in registry(site)?.pairs_of(&seen, member.person).await? {
            if pair.state == PairState::Open {
                links.push((page.href(&pair_path(&pair)), member.who.name.clone()));
            }
        }
    }
    links.dedup();
    Ok(links)
}

pub(super) fn kind_for(status: Status) -> CaseKind {
    match status {
        Status::Poor => CaseKind::Exit,
        Status::Registered | Status::Exited => CaseKind::Recognition,
    }
}

pub(super) async fn answer(
    site: &Site,
    signed: &Signed,
    found: &HouseholdPage,
    revealed: Vec<(String, String)>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let (status, tone) = status_words(found.state.status, &page);
    let base = page.href(&household_path(found.id));
    let (form, said) = form(refused, &page);
    let (verdict, verdict_tone) = match &found.verdict {
        Some(verdict) => holds_words(verdict.holds),
        None => ("registry.no_line", "open"),
    };
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(base.clone(), page.w.get("registry.the_household")),
        ],
        title: title(found, &page),
        status,
        tone,
        facts: facts_of(site, found, &page),
        members: found
            .members
            .iter()
            .map(|one| member(one, &base, &page))
            .collect(),
        may_reveal: signed.viewer.may(Action::RevealPersons, Some(found.place)),
        revealed,
        pairs: pairs(site, signed, found).await?,
        kept: found
            .state
            .kept()
            .map(|kept| page.href(&household_path(kept)))
            .unwrap_or_default(),
        guarantees: guarantees(found, &page),
        incomes: incomes(found),
        verdict: page.w.get(verdict).to_owned(),
        verdict_by: verdict_by(found, &page),
        verdict_tone,
        reasons: found
            .verdict
            .iter()
            .flat_map(|verdict| reasons(site, verdict, &page))
            .collect(),
        cases: found.cases.iter().map(|one| case(site, one, &page)).collect(),
        history: history(found, &page),
        may_keep: signed.viewer.may(Action::KeepRegistry, Some(found.place)),
        apply_title: word(&page, "apply_for", kind_for(found.state.status)),
        key: kept(refused, "key", || site.ids.next().to_string()),
        case: kept(refused, "case", || CaseId::next(site.ids.as_ref()).to_string()),
        today: site.clock.today().to_string(),
        runs: runs(site, found, &page).await?,
        base,
        form,
        refused: said,
        page,
    })
}

/// What a form that was refused brought along, so that it is the same act again; else something new.
fn kept(refused: Option<&Refused>, name: &str, new: impl Fn() -> String) -> String {
    let brought = refused.map(|refused| refused.typed.get(name));
    brought
        .filter(|brought| !brought.is_empty())
        .map_or_else(new, str::to_owned)
}

/// The runs of its county that are open for a case of its kind.
async fn runs(site: &Site, found: &HouseholdPage, page: &Page) -> Result<Vec<(String, String)>, WebError> {
    let kind = kind_for(found.state.status);
    let open = registry::open_runs(&mut site.store.read().await?, found.place, kind).await?;
    let words = open
        .into_iter()
        .map(|run| (run.key.clone(), super::runs::title(site, &run, page)));
    Ok(words.collect())
}

/// The form of what is said, with what was typed into it and refused; and what was refused of another form.
fn form(refused: Option<&Refused>, page: &Page) -> (FormState, String) {
    let mut fields = vec![Field::asked(
        page,
        "since",
        "date",
        ("registry.since", "registry.since_hint"),
    )];
    fields.extend(cause_fields(page));
    fields.extend(fact_fields(page));
    let nothing = Fields::default();
    let typed = refused.map_or(&nothing, |refused| &refused.typed);
    let mut form = FormState::new(fields, typed);
    match refused {
        Some(Refused { typed, refusal }) if !typed.get("case").is_empty() => {
            (form, refusal.message(page.lang))
        }
        Some(Refused { refusal, .. }) => {
            form.refuse(refusal, page.lang);
            (form, String::new())
        }
        None => (form, String::new()),
    }
}

fn verdict_by(found: &HouseholdPage, page: &Page) -> String {
    let words = |verdict: &registry::Verdict| {
        let (year, line) = (verdict.year.to_string(), yuan(verdict.line_fen));
        page.w
            .fill("registry.by_year", &[("year", &year), ("line", &line)])
    };
    found.verdict.as_ref().map(words).unwrap_or_default()
}

fn incomes(found: &HouseholdPage) -> Vec<(i16, String, String)> {
    let line = |one: &registry::IncomeLine| {
        let per_head = one.per_head_fen.map(yuan).unwrap_or_default();
        (one.year, yuan(one.net_fen), per_head)
    };
    found.incomes.iter().map(line).collect()
}

fn title(found: &HouseholdPage, page: &Page) -> String {
    let head = found
        .members
        .first()
        .map_or("**", |member| member.who.name.as_str());
    page.w.fill("registry.household_of", &[("name", head)])
}

/// Mu without the zeros behind.
fn short(land: kernel::Area) -> String {
    let text = land.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn facts_of(site: &Site, found: &HouseholdPage, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let state = &found.state;
    let causes: Vec<String> = state
        .causes
        .iter()
        .map(|cause| word(page, "cause", cause))
        .collect();
    let causes = if causes.is_empty() {
        "–".to_owned()
    } else {
        causes.join(page.w.get("registry.and"))
    };
    let land = state.land_milli_mu.map_or_else(
        || "–".to_owned(),
        |land| page.w.fill("registry.mu", &[("mu", &short(land))]),
    );
    vec![
        fact("registry.village", village_words(site, found.place, page)),
        fact("registry.causes", causes),
        fact("registry.land", land),
    ]
}

fn member(one: &MemberLine, base: &str, page: &Page) -> MemberView {
    let facts = &one.facts;
    let words = [
        facts.sex.map(|sex| word(page, "sex", sex)),
        facts.birth_on.map(|day| day.to_string()),
        facts.labour.map(|labour| word(page, "labour", labour)),
        facts.work.map(|work| word(page, "work", work)),
        facts.health.map(|health| word(page, "health", health)),
        facts.disability.map(|grade| word(page, "disability", grade)),
        facts
            .schooling
            .map(|schooling| word(page, "schooling", schooling)),
    ];
    let agreed = one.consents.iter().filter(|consent| consent.given);
    let agreed: Vec<String> = agreed
        .map(|consent| word(page, "consent", consent.purpose))
        .collect();
    MemberView {
        href: format!("{base}/persons/{}", one.person),
        name: one.who.name.clone(),
        number: one.who.resident_id.clone().unwrap_or_default(),
        phone: one.who.phone.clone().unwrap_or_default(),
        relation: facts
            .relation
            .map(|relation| word(page, "relation", relation))
            .unwrap_or_default(),
        about: words.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        consents: agreed.join(page.w.get("registry.and")),
    }
}

fn guarantees(found: &HouseholdPage, page: &Page) -> Vec<GuaranteeView> {
    let view = |guarantee: &Guarantee| {
        let (key, tone) = match found.state.guarantees.get(guarantee) {
            Some(true) => ("registry.met", "good"),
            Some(false) => ("registry.unmet", "bad"),
            None => ("registry.unseen", "open"),
        };
        GuaranteeView {
            title: word(page, "guarantee", guarantee),
            state: page.w.get(key).to_owned(),
            tone,
        }
    };
    Guarantee::ALL.iter().map(view).collect()
}

/// What was said, by the names of the fields that were said.
fn history(found: &HouseholdPage, page: &Page) -> Vec<HistoryView> {
    let name = |of: WhoSays| match of {
        WhoSays::Household => page.w.get("registry.the_household").to_owned(),
        WhoSays::Person(person) => {
            let member = found.members.iter().find(|member| member.person == person);
            member.map_or_else(String::new, |member| member.who.name.clone())
        }
    };
    let view = |line: &registry::HistoryLine| {
        let fields = line.said.get("facts").and_then(serde_json::Value::as_object);
        let others = ["status", "membership"]
            .into_iter()
            .filter(|name| line.said.get(name).is_some());
        let said: Vec<String> = fields
            .into_iter()
            .flat_map(serde_json::Map::keys)
            .map(String::as_str)
            .chain(others)
            .chain(line.names.then_some("personal"))
            .map(|field| word(page, "said", field))
            .collect();
        HistoryView {
            since: line.since.to_string(),
            recorded: instant(line.recorded_at),
            of: name(line.of),
            said: said.join(page.w.get("registry.and")),
        }
    };
    found.history.iter().map(view).collect()
}
