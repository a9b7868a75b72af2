//! `/figures`: every figure, computed or only published, by words and by pillar.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::Lang;
use report::html::views;
use report::model::{Figure, HalfYearReport, Published, ValueState};

use super::path_of;
use crate::Shared;
use crate::error::WebError;
use crate::layout;
use crate::page::Page;

/// Nobody searches by more letters.
const QUERY_CHARS_MAX: usize = 60;

/// One figure of the list.
struct Entry {
    href: String,
    id: String,
    title: String,
    pillar: String,
    value: String,
    published: String,
    /// `holds`, `fails`, `unpublished` or `undefined`.
    state: &'static str,
    state_key: &'static str,
    words: String,
}

/// A pillar to filter by.
struct Choice {
    id: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "figures/index.html")]
struct IndexPage {
    page: Page,
    q: String,
    pillars: Vec<Choice>,
    is_filtered: bool,
    entries: Vec<Entry>,
    found: String,
    period: String,
}

pub(super) async fn index(State(site): State<Shared>, page: Page) -> Result<Response, WebError> {
    let Some(latest) = site.latest() else {
        // The list of reports says that there is none yet.
        return Ok(layout::see_other(page.href("/reports")));
    };
    let report = &latest.report;
    let q: String = page.param("q").chars().take(QUERY_CHARS_MAX).collect();
    let pillar = page.param("pillar");
    let mut entries = entries(report, &page);
    let all = entries.len();
    let wanted = q.to_lowercase();
    entries.retain(|entry| {
        (pillar.is_empty() || entry.pillar == pillar)
            && wanted.split_whitespace().all(|word| entry.words.contains(word))
    });
    let found = [("n", entries.len().to_string()), ("all", all.to_string())];
    let view = IndexPage {
        pillars: report
            .sections
            .iter()
            .map(|section| Choice {
                chosen: section.id == pillar,
                id: section.id.clone(),
                title: section.title.get(page.lang).to_owned(),
            })
            .collect(),
        is_filtered: !q.is_empty() || !pillar.is_empty(),
        found: page
            .w
            .fill("figures.found", &[("n", &found[0].1), ("all", &found[1].1)]),
        period: report.period.title.get(page.lang).to_owned(),
        entries: entries
            .into_iter()
            .map(|entry| Entry {
                pillar: pillar_title(report, &entry.pillar, page.lang),
                ..entry
            })
            .collect(),
        q,
        page,
    };
    if view.q.is_empty() {
        layout::public(&view)
    } else {
        layout::html(&view)
    }
}

fn pillar_title(report: &HalfYearReport, id: &str, lang: Lang) -> String {
    report
        .sections
        .iter()
        .find(|section| section.id == id)
        .map_or_else(String::new, |section| section.title.get(lang).to_owned())
}

/// All figures, pillar by pillar: computed ones first.
fn entries(report: &HalfYearReport, page: &Page) -> Vec<Entry> {
    let mut entries = Vec::new();
    for section in &report.sections {
        let computed = report.figures.iter().filter(|figure| figure.pillar == section.id);
        entries.extend(computed.map(|figure| computed_entry(report, figure, page)));
        let open = report
            .not_yet_defined
            .iter()
            .filter(|published| published.pillar == section.id);
        entries.extend(open.map(|published| open_entry(published, page)));
    }
    entries
}

fn computed_entry(report: &HalfYearReport, figure: &Figure, page: &Page) -> Entry {
    let r = report::words::WORDS.of(page.lang);
    let value = match (figure.value, figure.state) {
        (Some(value), _) => {
            let said = report::numbers::say(value, &figure.unit, page.lang);
            format!("{} {}", said.number, r.get(&said.unit_key))
        }
        (None, ValueState::TooFew) => views::too_few(report, r),
        (None, _) => r.get("figure.missing").to_owned(),
    };
    let holds = figure.published.as_ref().map(|published| published.holds);
    let (state, state_key) = match holds {
        Some(Some(true)) => ("good", "state.holds"),
        Some(Some(false)) => ("bad", "state.fails"),
        Some(None) => ("open", "state.open"),
        None => ("plain", "state.unpublished"),
    };
    Entry {
        href: page.href(&path_of(&figure.id)),
        id: figure.id.clone(),
        title: figure.title.get(page.lang).to_owned(),
        pillar: figure.pillar.clone(),
        value,
        published: figure
            .published
            .as_ref()
            .map_or_else(String::new, |published| views::said_published(published, r)),
        state,
        state_key,
        words: words(&figure.id, &figure.title),
    }
}

fn open_entry(published: &Published, page: &Page) -> Entry {
    Entry {
        href: String::new(),
        id: published.id.clone(),
        title: published.title.get(page.lang).to_owned(),
        pillar: published.pillar.clone(),
        value: String::new(),
        published: views::said_published(published, report::words::WORDS.of(page.lang)),
        state: "open",
        state_key: "state.undefined",
        words: words(&published.id, &published.title),
    }
}

/// What a search looks through.
fn words(id: &str, title: &kernel::Text) -> String {
    format!("{id} {} {}", title.zh, title.en).to_lowercase()
}
