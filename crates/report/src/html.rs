//! The report as web pages: one front page and one page per figure, in each language.
//!
//! Every page is one self-contained file that works without script, on a phone, in the dark and on paper, and says
//! when its evidence is simulated. Templates only print what [`views`] and [`pictures`] prepared.

pub mod basis;
pub mod pictures;
pub mod views;

use askama::Template;
use kernel::{Fault, Lang, Refusal, Words};

use crate::model::{Figure, HalfYearReport};
use crate::words::WORDS;

/// The styles of a page; those of its charts stand before them.
const CSS: &str = include_str!("../templates/style.css");

/// What stands around the content of a page.
struct Head {
    html_lang: &'static str,
    title: String,
    css: String,
    simulated: Option<String>,
    home: String,
    other: String,
    json: String,
    sheet: String,
    manifest: String,
    programme: String,
    made: String,
}

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage<'a> {
    w: &'static Words,
    head: Head,
    days: String,
    lead: String,
    sections: Vec<views::SectionView>,
    pictures_of: String,
    pictures: Vec<pictures::PictureView>,
    undefined: Vec<views::UndefinedView>,
    undefined_note: String,
    milestones: Vec<views::MilestoneView>,
    counties: Vec<views::CountyView>,
    evidence: views::EvidenceView,
    suppression: String,
    public_key: &'a str,
    folder: String,
}

#[derive(Template)]
#[template(path = "figure.html")]
struct FigurePage<'a> {
    w: &'static Words,
    head: Head,
    days: String,
    card: views::CardView,
    pictures: Vec<pictures::PictureView>,
    sql: &'a str,
    views: &'a str,
    facts: Vec<(String, String, bool)>,
    trace: Vec<views::TraceView>,
    check_command: String,
    folder: String,
    suppression: String,
}

/// All pages of the report as (path inside the folder, HTML).
///
/// # Errors
/// `report.page_failed` (broken) when a template cannot be rendered.
pub fn pages(report: &HalfYearReport) -> Result<Vec<(String, String)>, Refusal> {
    let mut pages = Vec::new();
    for lang in Lang::ALL {
        pages.push((index_name(lang), render(&index_page(report, lang), "index")?));
        for figure in &report.figures {
            pages.push((
                format!("figures/{}", figure_name(&figure.id, lang)),
                render(&figure_page(report, figure, lang), &figure.id)?,
            ));
        }
    }
    Ok(pages)
}

/// A chart as it goes on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperChart {
    /// Id of the figure.
    pub figure: String,
    /// What it is broken down by.
    pub dimension: String,
    /// What it shows.
    pub title: String,
    /// The wide drawing.
    pub svg: String,
}

/// The charts of every figure, for the press.
#[must_use]
pub fn paper_charts(report: &HalfYearReport, lang: Lang) -> Vec<PaperChart> {
    let words = WORDS.of(lang);
    let of_figure = |figure: &Figure| {
        let pictures = pictures::all(report, figure, words);
        let charts = figure
            .breakdowns
            .iter()
            .zip(pictures)
            .map(|(breakdown, picture)| PaperChart {
                figure: figure.id.clone(),
                dimension: breakdown.dimension.clone(),
                title: format!("{} · {}", figure.title.get(lang), picture.title),
                svg: picture.wide,
            });
        charts.collect::<Vec<_>>()
    };
    report
        .figures
        .iter()
        .flat_map(of_figure)
        .filter(|chart| !chart.svg.is_empty())
        .collect()
}

/// File name of the front page.
#[must_use]
pub fn index_name(lang: Lang) -> String {
    format!("index.{}.html", lang.tag())
}

/// File name of a figure's page inside `figures/`.
#[must_use]
pub fn figure_name(id: &str, lang: Lang) -> String {
    format!("{id}.{}.html", lang.tag())
}

fn render(page: &impl Template, name: &str) -> Result<String, Refusal> {
    page.render().map_err(|error| {
        Refusal::new("report.page_failed", Fault::Broken)
            .at(name)
            .fact("error", error.to_string())
    })
}

fn index_page(report: &HalfYearReport, lang: Lang) -> IndexPage<'_> {
    let w = WORDS.of(lang);
    let title = w.fill(
        "page.title",
        &[
            ("programme", report.programme.title.get(lang)),
            ("period", report.period.title.get(lang)),
        ],
    );
    IndexPage {
        w,
        head: head(report, lang, title, "", &index_name(other(lang))),
        days: format!("{} – {}", report.period.first_day, report.period.last_day),
        lead: views::lead(report, w),
        sections: views::sections(report, w),
        pictures_of: pictures::front_figure(report)
            .map_or_else(String::new, |figure| figure.title.get(lang).to_owned()),
        pictures: pictures::front(report, w),
        undefined: views::undefined(report, w),
        undefined_note: w.fill(
            "undefined.note",
            &[("n", &report.not_yet_defined.len().to_string())],
        ),
        milestones: views::milestones(report, lang),
        counties: views::model_counties(report, lang),
        evidence: views::evidence(report, w),
        suppression: w.fill("suppression.rule", &[("min", &report.min_lines.to_string())]),
        public_key: &report.signature.public_key,
        folder: crate::pack::folder_name(report),
    }
}

fn figure_page<'a>(report: &'a HalfYearReport, figure: &'a Figure, lang: Lang) -> FigurePage<'a> {
    let w = WORDS.of(lang);
    let title = format!("{} · {}", figure.title.get(lang), report.period.title.get(lang));
    FigurePage {
        w,
        head: head(report, lang, title, "../", &figure_name(&figure.id, other(lang))),
        days: format!(
            "{} · {} – {}",
            report.period.title.get(lang),
            report.period.first_day,
            report.period.last_day
        ),
        card: views::card(report, figure, w),
        pictures: pictures::all(report, figure, w),
        sql: figure.sql.trim(),
        views: report.views_sql.trim(),
        facts: basis::facts(report, figure, w),
        trace: views::trace(figure, lang),
        check_command: format!(
            "fishpond figures show {} --period {} --trace --audit",
            figure.id, report.period.id
        ),
        folder: crate::pack::folder_name(report),
        suppression: w.fill("suppression.rule", &[("min", &report.min_lines.to_string())]),
    }
}

fn head(report: &HalfYearReport, lang: Lang, title: String, up: &str, other_page: &str) -> Head {
    let w = WORDS.of(lang);
    Head {
        html_lang: match lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        },
        title,
        css: format!("{}{CSS}", charts::CSS),
        simulated: report
            .simulated
            .as_ref()
            .map(|notice| notice.get(lang).to_owned()),
        home: format!("{up}{}", index_name(lang)),
        other: other_page.to_owned(),
        json: format!("{up}report.json"),
        sheet: format!("{up}report.{}.xlsx", lang.tag()),
        manifest: format!("{up}manifest.json"),
        programme: report.programme.title.get(lang).to_owned(),
        made: w.fill("page.made", &[("at", report.made_at.as_str())]),
    }
}

fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;

    #[test]
    fn every_page_renders_in_both_languages_and_says_it_is_simulated() {
        let report = sample();
        let pages = pages(&report).unwrap();
        assert_eq!(pages.len(), 2 * (1 + report.figures.len()));
        for (name, html) in &pages {
            let lang = if name.contains(".zh.") { Lang::Zh } else { Lang::En };
            assert!(
                html.contains(report.simulated.as_ref().unwrap().get(lang)),
                "{name} does not say it is simulated"
            );
            assert!(!html.contains("<script"), "{name} needs a script");
            assert!(
                !html.contains("{n}") && !html.contains("unit."),
                "{name} shows a raw key or placeholder"
            );
        }
    }

    #[test]
    fn every_number_of_a_chart_stands_in_a_table_of_the_same_page() {
        let report = sample();
        let (_, html) = pages(&report)
            .unwrap()
            .into_iter()
            .find(|(name, _)| name == "figures/sales.poverty_counties.zh.html")
            .unwrap();
        let rows = report
            .figure("sales.poverty_counties")
            .unwrap()
            .breakdown("month")
            .unwrap();
        for row in &rows.rows {
            assert!(html.contains(&crate::numbers::statement(row.value.unwrap())));
        }
        assert!(html.matches("<svg").count() >= 8 && html.contains("<desc"));
    }

    #[test]
    fn hidden_cells_say_why_and_show_no_number() {
        let report = sample();
        let (_, html) = pages(&report)
            .unwrap()
            .into_iter()
            .find(|(name, _)| name == "figures/sales.poverty_counties.zh.html")
            .unwrap();
        assert!(html.contains("少于5笔，不公布"));
    }
}
