//! `/places`: the counties with sales, and every place of the country by its name in Chinese or pinyin, or by its code.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::Lang;
use kernel::Words;
use people::places::Place;
use report::html::pictures;
use report::model::{BreakdownRow, Figure};

use crate::Published;
use crate::Shared;
use crate::error::WebError;
use crate::figures::in_full;
use crate::layout;
use crate::page::Page;
use crate::paging::page_after;
use crate::site::Site;
use crate::sorting::{Column, Head, Sorting};

/// Nobody searches by more letters.
const QUERY_CHARS_MAX: usize = 60;
/// Places on one page.
const ROWS: usize = 50;
/// What the list can be sorted by; places that were searched for come as they fit.
const COLUMNS: [Column; 3] = [
    Column {
        name: "value",
        falls: true,
    },
    Column {
        name: "name",
        falls: false,
    },
    Column {
        name: "lines",
        falls: true,
    },
];

/// One place of the list.
struct Entry<'a> {
    place: &'a Place,
    part: Option<&'a BreakdownRow>,
}

/// The same in words.
struct Row {
    href: String,
    code: String,
    name: String,
    above: String,
    is_listed: bool,
    value: String,
    lines: String,
}

#[derive(Template)]
#[template(path = "places/index.html")]
struct IndexPage {
    page: Page,
    r: &'static Words,
    q: String,
    found: String,
    value_head: String,
    heads: Option<[Head; 3]>,
    rows: Vec<Row>,
    first_href: String,
    next_href: String,
}

pub(super) async fn index(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let q: String = page.param("q").chars().take(QUERY_CHARS_MAX).collect();
    let latest = site.latest();
    let figure = latest
        .as_deref()
        .and_then(|latest: &Published| pictures::front_figure(&latest.report));
    let mut entries = if q.is_empty() {
        selling(&site, figure)
    } else {
        found(&site, figure, &q)
    };
    let sorting = Sorting::asked(&page, &COLUMNS).filter(|_| q.is_empty());
    if let Some(sorting) = sorting {
        sort(&mut entries, sorting, page.lang);
    }
    let key = if q.is_empty() {
        "places.selling"
    } else {
        "places.found"
    };
    let count = report::numbers::grouped(i64::try_from(entries.len()).unwrap_or(i64::MAX));
    let paged = page_after(entries, &page.param("after"), ROWS, |entry| {
        entry.place.code.to_string()
    });
    let view = IndexPage {
        r: report::words::WORDS.of(page.lang),
        found: page.w.fill(key, &[("n", &count)]),
        value_head: figure.map_or_else(String::new, |figure| figure.title.get(page.lang).to_owned()),
        heads: sorting.map(|sorting| COLUMNS.map(|column| sorting.head(&page, column))),
        rows: paged
            .rows
            .iter()
            .map(|entry| row(&site, figure, entry, &page))
            .collect(),
        first_href: if paged.is_first {
            String::new()
        } else {
            page.here_with("after", "")
        },
        next_href: paged
            .next
            .map_or_else(String::new, |key| page.here_with("after", &key)),
        q,
        page,
    };
    if view.q.is_empty() {
        layout::public(&view)
    } else {
        layout::html(&view)
    }
}

/// The part a place has of a figure.
fn part_of<'a>(figure: Option<&'a Figure>, place: &Place) -> Option<&'a BreakdownRow> {
    let code = place.code.to_string();
    figure?
        .breakdown("place")?
        .rows
        .iter()
        .find(|row| row.key == code)
}

/// The counties of which the latest report has a part.
fn selling<'a>(site: &'a Site, figure: Option<&'a Figure>) -> Vec<Entry<'a>> {
    let parts = figure.and_then(|figure| figure.breakdown("place"));
    let entry = |part: &'a BreakdownRow| {
        Some(Entry {
            place: site.places.get(part.key.parse().ok()?)?,
            part: Some(part),
        })
    };
    parts
        .map(|parts| parts.rows.iter().filter_map(entry).collect())
        .unwrap_or_default()
}

/// What a search finds, the best first.
fn found<'a>(site: &'a Site, figure: Option<&'a Figure>, q: &str) -> Vec<Entry<'a>> {
    let places = site.places.find(q).into_iter();
    places
        .map(|place| Entry {
            place,
            part: part_of(figure, place),
        })
        .collect()
}

/// Names go by code in Chinese, as lists of places do, and by letters in English.
fn sort(entries: &mut [Entry<'_>], by: Sorting, lang: Lang) {
    let value = |entry: &Entry<'_>| entry.part.and_then(|part| part.value);
    let lines = |entry: &Entry<'_>| entry.part.and_then(|part| part.lines);
    entries.sort_by(|a, b| {
        by.turn(match (by.column.name, lang) {
            ("lines", _) => lines(a).cmp(&lines(b)),
            ("name", Lang::En) => a.place.name_en().cmp(b.place.name_en()),
            ("name", Lang::Zh) => a.place.code.cmp(&b.place.code),
            _ => value(a).cmp(&value(b)),
        })
    });
}

fn row(site: &Site, figure: Option<&Figure>, entry: &Entry<'_>, page: &Page) -> Row {
    let (place, r) = (entry.place, report::words::WORDS.of(page.lang));
    let value = figure.zip(entry.part).map(|(figure, part)| {
        part.value
            .map_or_else(|| "–".to_owned(), |value| in_full(value, &figure.unit, r))
    });
    let above = site
        .places
        .get(place.province)
        .filter(|above| above.code != place.code);
    Row {
        href: page.href(&format!("/places/{}", place.code)),
        code: place.code.to_string(),
        name: place.title().get(page.lang).to_owned(),
        above: above.map_or_else(String::new, |above| above.title().get(page.lang).to_owned()),
        is_listed: site.places.is_poverty_county(place.code),
        value: value.unwrap_or_default(),
        lines: entry
            .part
            .and_then(|part| part.lines)
            .map_or_else(String::new, report::numbers::grouped),
    }
}
