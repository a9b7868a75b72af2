//! `/places`: the counties with sales, and every place of the country by its name in Chinese or pinyin, or by its code.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::Lang;
use people::places::Place;
use report::html::pictures;
use report::model::{BreakdownRow, Figure};

use crate::Published;
use crate::Shared;
use crate::error::WebError;
use crate::figures::{bare, unit_words};
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
const VALUE: Column = Column::falling("value");
const NAME: Column = Column::rising("name");
const LINES: Column = Column::falling("lines");

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
    q: String,
    found: String,
    heads: Vec<Head>,
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
    let sorting = q.is_empty().then(|| Sorting::asked(&page, VALUE, &[NAME, LINES]));
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
        found: page.w.fill(key, &[("n", &count)]),
        heads: heads(sorting, figure, &page),
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

fn heads(sorting: Option<Sorting>, figure: Option<&Figure>, page: &Page) -> Vec<Head> {
    let w = page.w;
    let head = |column, title: &str, class| match sorting {
        Some(sorting) => sorting.head(page, column, title, class),
        None => Head::plain(title, class),
    };
    let r = report::words::WORDS.of(page.lang);
    let value = figure.map_or_else(String::new, |figure| {
        let title = figure.title.get(page.lang);
        w.fill(
            "figures.with_unit",
            &[("name", title), ("unit", &unit_words(&figure.unit, r))],
        )
    });
    let mut heads = vec![
        head(NAME, w.get("place.name"), ""),
        Head::plain(w.get("place.province"), "wide-only"),
        head(VALUE, &value, "n"),
        head(LINES, r.get("table.lines"), "n wide-only"),
    ];
    // Counties with sales are on the list, nearly all of them: it tells places apart that were searched for.
    if sorting.is_none() {
        let listed = Head::plain(w.get("place.poverty_list"), "wide-only desk-only");
        heads.insert(2, listed);
    }
    heads
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
    let place = entry.place;
    let value = figure.zip(entry.part).map(|(figure, part)| {
        part.value
            .map_or_else(|| "–".to_owned(), |value| bare(value, &figure.unit))
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
