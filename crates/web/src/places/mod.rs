//! `/places`: a list to search; `/places/{code}`: a county, its former codes, its entry in the poverty list, its part of each figure.

mod index;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{Lang, PlaceCode, Words};
use people::places::{NamedPlace, PlaceCard};
use report::model::Figure;

use crate::Shared;
use crate::error::WebError;
use crate::figures;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::routes::{Rooms, Who};
use crate::site::Site;

pub(crate) fn routes() -> Rooms {
    Rooms::new()
        .get("/places", Who::Everyone, index::index)
        .get("/places/{code}", Who::Everyone, show)
}

/// The place's part of a figure.
struct PartView {
    href: String,
    title: String,
    value: String,
    lines: String,
    trace_href: String,
    hidden: bool,
}

#[derive(Template)]
#[template(path = "places/show.html")]
struct ShowPage {
    page: Page,
    crumbs: Vec<Crumb>,
    r: &'static Words,
    title: String,
    full_name: String,
    in_force: bool,
    facts: Vec<(String, String)>,
    former: Vec<(String, String, String)>,
    successors: Vec<(String, String)>,
    parts: Vec<PartView>,
    period: String,
}

async fn show(
    State(site): State<Shared>,
    Path(code): Path<String>,
    page: Page,
) -> Result<Response, WebError> {
    let code: PlaceCode = code.parse().map_err(|_| WebError::missing())?;
    let card = site.places.card(code)?;
    let name = |place: &NamedPlace| match page.lang {
        Lang::Zh => place.name_zh.to_owned(),
        Lang::En => place.name_en.clone(),
    };
    let title = match (page.lang, &card.name_en) {
        (Lang::En, Some(english)) => english.clone(),
        _ => card.name_zh.to_owned(),
    };
    let view = ShowPage {
        r: report::words::WORDS.of(page.lang),
        crumbs: vec![
            Crumb::new(page.href("/places"), page.w.get("nav.places")),
            Crumb::new(page.here(), title.clone()),
        ],
        title,
        full_name: card.full_name_zh.clone(),
        in_force: card.in_force,
        facts: facts(&card, &page, &name),
        former: card
            .former
            .iter()
            .map(|former| {
                let years = format!("{} – {}", former.from_year, former.until_year);
                (years, former.name_zh.to_owned(), former.code.to_string())
            })
            .collect(),
        successors: card
            .successors
            .iter()
            .map(|place| (page.href(&format!("/places/{}", place.code)), name(place)))
            .collect(),
        parts: parts(&site, code, &page),
        period: site.latest().map_or_else(String::new, |latest| {
            latest.report.period.title.get(page.lang).to_owned()
        }),
        page,
    };
    layout::public(&view)
}

fn facts(card: &PlaceCard, page: &Page, name: &impl Fn(&NamedPlace) -> String) -> Vec<(String, String)> {
    let w = page.w;
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| facts.push((w.get(key).to_owned(), value));
    fact("place.code", card.code.to_string());
    if let Some(province) = &card.province {
        fact("place.province", name(province));
    }
    if let Some(prefecture) = &card.prefecture {
        fact("place.prefecture", name(prefecture));
    }
    if let Some(pinyin) = card.pinyin {
        fact("place.pinyin", pinyin.to_owned());
    }
    let poverty = card.poverty.as_ref().map_or_else(
        || w.get("place.not_listed").to_owned(),
        |entry| {
            let year = entry.delisted_year.to_string();
            w.fill("place.listed", &[("name", entry.name_zh), ("year", &year)])
        },
    );
    fact("place.poverty_list", poverty);
    facts
}

fn parts(site: &Site, code: PlaceCode, page: &Page) -> Vec<PartView> {
    let r = report::words::WORDS.of(page.lang);
    let Some(latest) = site.latest() else {
        return Vec::new();
    };
    let (report, key) = (&latest.report, code.to_string());
    let part = |figure: &Figure| {
        let row = figure
            .breakdown("place")?
            .rows
            .iter()
            .find(|row| row.key == key)?;
        let path = figures::path_of(&figure.id);
        let opens = row.value.is_some() && site.evidence().is_some();
        Some(PartView {
            href: page.href(&path),
            title: figure.title.get(page.lang).to_owned(),
            value: row.value.map_or_else(
                || report::html::views::too_few(report, r),
                |value| {
                    let said = report::numbers::say(value, &figure.unit, page.lang);
                    format!("{} {}", said.number, r.get(&said.unit_key))
                },
            ),
            lines: row.lines.map_or_else(|| "–".to_owned(), report::numbers::grouped),
            trace_href: if opens {
                page.href(&format!("{path}/trace?place={code}"))
            } else {
                String::new()
            },
            hidden: row.value.is_none(),
        })
    };
    report.figures.iter().filter_map(part).collect()
}
