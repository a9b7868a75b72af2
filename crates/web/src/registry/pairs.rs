//! Persons who may be written down twice: those that wait, and one pair side by side with the forms that decide it.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::Refusal;
use people::staff::Action;
use registry::{Act, Distinct, Merge, PairLine, PairSide, PairState, PersonId, SeenSide, Unmerge};

use super::{found, household_path, registry, tabs, take, village_words, word};
use crate::Shared;
use crate::books::needed_day;
use crate::desk::Names;
use crate::error::WebError;
use crate::form::Fields;
use crate::layout::{self, Crumb, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

const LIST: &str = "/staff/registry/pairs";

struct PairRow {
    href: String,
    names: [String; 2],
    born: [String; 2],
    places: [String; 2],
    likely: String,
}

#[derive(Template)]
#[template(path = "registry/pairs.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    pairs: Vec<PairRow>,
}

/// One of two, as far as it may be seen.
struct SideView {
    title: String,
    /// What it is called to keep this one.
    keep: String,
    /// Where their household is; empty where it may not be seen, or there is none.
    href: String,
    place: String,
}

/// What one comparison says.
struct PartView {
    field: String,
    values: [String; 2],
    says: String,
    bits: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "registry/pair.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    state: String,
    tone: &'static str,
    facts: Vec<(String, String, bool)>,
    sides: [SideView; 2],
    parts: Vec<PartView>,
    may_decide: bool,
    is_merged: bool,
    action: String,
    key: String,
    today: String,
    typed: String,
    refused: String,
    advice: String,
}

pub(super) async fn list(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let seen = signed.viewer.places(Action::ViewRegistry);
    let pairs = found(registry(&site)?.open_pairs(&seen).await)?;
    layout::html(&ListPage {
        tabs: tabs(&page, LIST),
        pairs: pairs.iter().map(|pair| row(&site, pair, &page)).collect(),
        page,
    })
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path(two): Path<(String, String)>,
    signed: Signed,
) -> Result<Response, WebError> {
    let pair = of(&site, &signed, &two).await?;
    answer(&site, &signed, &pair, None).await
}

pub(super) async fn decide(
    State(site): State<Shared>,
    Path(two): Path<(String, String)>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let pair = of(&site, &signed, &two).await?;
    let typed = Fields::parse(&body);
    let taken = match act(&pair, &typed) {
        Ok(act) => take(&site, &signed, act).await?,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&pair_path(&pair)))),
        Err(refusal) => layout::refused(answer(&site, &signed, &pair, Some((&typed, &refusal))).await),
    }
}

async fn of(site: &Site, signed: &Signed, (one, other): &(String, String)) -> Result<PairLine, WebError> {
    let id = |text: &String| text.parse::<PersonId>().map_err(|_| WebError::missing());
    let seen = signed.viewer.places(Action::ViewRegistry);
    found(registry(site)?.pair(&seen, id(one)?, id(other)?).await)
}

/// What a form asks for: which of two is kept, that they are two, or that it was wrong to take them for one.
fn act(pair: &PairLine, typed: &Fields) -> Result<Act, Refusal> {
    let on = needed_day(typed.get("on"), "on")?;
    let (key, reason) = (typed.get("key").to_owned(), typed.get("reason").trim().to_owned());
    let [one, other] = pair.sides.each_ref().map(|side| side.person);
    let document = None;
    Ok(match typed.get("verdict") {
        "one" | "other" => {
            let (keep, gone) = if typed.get("verdict") == "one" {
                (one, other)
            } else {
                (other, one)
            };
            Act::Merge(Merge {
                key,
                keep,
                gone,
                on,
                reason,
                document,
            })
        }
        "different" => Act::Distinct(Distinct {
            key,
            one,
            other,
            on,
            reason,
            document,
        }),
        "take_back" => {
            let is_gone = |side: &&PairSide| side.seen.as_ref().is_none_or(|seen| seen.household.is_none());
            let gone = pair.sides.iter().find(is_gone).map_or(other, |side| side.person);
            Act::Unmerge(Unmerge {
                key,
                gone,
                on,
                reason,
                document,
            })
        }
        unknown => {
            let refusal = Refusal::new("registry.bad_word", kernel::Fault::Refused);
            return Err(refusal.at("verdict").value(unknown));
        }
    })
}

async fn answer(
    site: &Site,
    signed: &Signed,
    pair: &PairLine,
    refused: Option<(&Fields, &Refusal)>,
) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let refusal = refused.map(|(_, refusal)| refusal);
    layout::html(&ShowPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(page.href(LIST), page.w.get("pair.list")),
            Crumb::new(page.here(), page.w.get("pair.title")),
        ],
        state: word(&page, "pair_state", pair.state),
        tone: if pair.state == PairState::Open { "open" } else { "" },
        facts: facts(site, pair, &page).await?,
        sides: pair.sides.each_ref().map(|one| side(site, one, &page)),
        parts: parts(pair, &page),
        may_decide: may_decide(signed, pair),
        is_merged: pair.state == PairState::Same,
        action: page.href(&pair_path(pair)),
        key: refused.map_or_else(
            || site.ids.next().to_string(),
            |(typed, _)| typed.get("key").to_owned(),
        ),
        today: site.clock.today().to_string(),
        typed: refused
            .map(|(typed, _)| typed.get("reason").to_owned())
            .unwrap_or_default(),
        refused: refusal
            .map(|refusal| refusal.message(page.lang))
            .unwrap_or_default(),
        advice: refusal
            .and_then(|refusal| refusal.advice(page.lang))
            .unwrap_or_default(),
        page,
    })
}

/// Where a pair is decided: at the townships of both.
fn may_decide(signed: &Signed, pair: &PairLine) -> bool {
    let may = |seen: &SeenSide| {
        signed
            .viewer
            .may(Action::ReviewCases, Some(seen.place.township()))
    };
    pair.sides.iter().all(|side| side.seen.as_ref().is_some_and(may))
}

pub(super) fn pair_path(pair: &PairLine) -> String {
    let [one, other] = pair.sides.each_ref().map(|side| side.person);
    format!("{LIST}/{one}/{other}")
}

fn row(site: &Site, pair: &PairLine, page: &Page) -> PairRow {
    let seen = pair.sides.each_ref().map(|side| side.seen.as_ref());
    PairRow {
        href: page.href(&pair_path(pair)),
        names: seen.map(|seen| name(seen, page)),
        born: seen.map(|seen| {
            let birth = seen.and_then(|seen| seen.facts.birth_on);
            birth.map(|day| day.to_string()).unwrap_or_default()
        }),
        places: seen.map(|seen| place(site, seen, page)),
        likely: percent(pair.ppm),
    }
}

fn name(seen: Option<&SeenSide>, page: &Page) -> String {
    seen.map_or_else(
        || page.w.get("pair.elsewhere").to_owned(),
        |seen| seen.who.name.clone(),
    )
}

fn place(site: &Site, seen: Option<&SeenSide>, page: &Page) -> String {
    seen.map(|seen| village_words(site, seen.place, page))
        .unwrap_or_default()
}

async fn facts(site: &Site, pair: &PairLine, page: &Page) -> Result<Vec<(String, String, bool)>, WebError> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let mut facts = vec![
        fact("pair.likely", percent(pair.ppm)),
        fact("pair.weight", bits(pair.millibits)),
    ];
    if let Some(decision) = &pair.decision {
        let names = Names::of(site).await?;
        facts.push(fact("pair.decided", decision.on.to_string()));
        facts.push(fact("registry.by", names.get(&decision.by)));
        facts.push(fact("registry.words", decision.reason.clone()));
    }
    Ok(facts)
}

fn side(site: &Site, one: &PairSide, page: &Page) -> SideView {
    let seen = one.seen.as_ref();
    let household = seen.and_then(|seen| seen.household);
    let (title, place) = (name(seen, page), place(site, seen, page));
    SideView {
        keep: page.w.fill("pair.keep", &[("name", &title), ("place", &place)]),
        href: household
            .map(|id| page.href(&household_path(id)))
            .unwrap_or_default(),
        title,
        place,
    }
}

/// The comparisons that had something to compare.
fn parts(pair: &PairLine, page: &Page) -> Vec<PartView> {
    let view = |part: &registry::Part| PartView {
        field: word(page, "pair_field", &part.field),
        values: pair
            .sides
            .each_ref()
            .map(|side| value(side.seen.as_ref(), &part.field, page)),
        says: word(page, "pair_level", &part.level),
        bits: bits(part.millibits),
        tone: if part.millibits > 0 { "good" } else { "bad" },
    };
    pair.parts
        .iter()
        .filter(|part| part.level != "missing")
        .map(view)
        .collect()
}

/// A value of one side as it may be shown.
fn value(seen: Option<&SeenSide>, field: &str, page: &Page) -> String {
    let value = seen.and_then(|seen| match field {
        "name" => Some(seen.who.name.clone()),
        "sex" => seen.facts.sex.map(|sex| word(page, "sex", sex)),
        "born_on" => seen.facts.birth_on.map(|day| day.to_string()),
        "resident_id" => seen.who.resident_id.clone(),
        "phone" => seen.who.phone.clone(),
        _ => None,
    });
    value.unwrap_or_else(|| "–".to_owned())
}

/// Millionths as per cent with two places, cut and not rounded: what is not certain never reads 100 %.
fn percent(ppm: i64) -> String {
    format!("{}.{:02} %", ppm / 10_000, ppm % 10_000 / 100)
}

/// Thousandths of a bit, with their sign and one place.
fn bits(millibits: i64) -> String {
    let (sign, size) = (if millibits < 0 { "−" } else { "+" }, millibits.unsigned_abs());
    format!("{sign}{}.{}", size / 1_000, size % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_probabilities_read_as_people_write_them() {
        assert_eq!([percent(999_999), percent(503_120)], ["99.99 %", "50.31 %"]);
        assert_eq!([bits(15_640), bits(-2_139), bits(40)], ["+15.6", "−2.1", "+0.0"]);
    }
}
