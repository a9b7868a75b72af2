//! Ready-made text for the templates: cards, tables of the front page, evidence.

use std::collections::BTreeMap;

use kernel::{Lang, Words};

use crate::model::{Figure, HalfYearReport, Published, Relation, ValueState};
use crate::numbers;

/// How many segments the front page lists; all stand in `report.json`.
const SEGMENTS_SHOWN: usize = 24;

/// A figure as a card.
pub struct CardView {
    /// Where its page is.
    pub href: String,
    /// Id of the figure.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is counted.
    pub note: String,
    /// The number as it is said, or why there is none.
    pub number: String,
    /// Its unit; empty where there is no number.
    pub unit: String,
    /// The exact amount in words; empty for counts.
    pub statement: String,
    /// What was published.
    pub published: Option<PublishedView>,
    /// The change from the period before.
    pub change: String,
}

/// What was published beside it.
pub struct PublishedView {
    /// The published number in a sentence.
    pub text: String,
    /// Whether the evidence agrees.
    pub holds: Option<bool>,
    /// The same in words.
    pub verdict: String,
}

/// One pillar with its cards.
pub struct SectionView {
    /// Its title.
    pub title: String,
    /// Its figures.
    pub cards: Vec<CardView>,
}

/// Published figures of one pillar that have no definition yet.
pub struct UndefinedView {
    /// Title of the pillar.
    pub pillar: String,
    /// Its figures.
    pub rows: Vec<UndefinedRow>,
}

/// One of them.
pub struct UndefinedRow {
    /// Title.
    pub title: String,
    /// The published number with its relation.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// The day it speaks of.
    pub until: String,
}

/// One happening.
pub struct MilestoneView {
    /// The day.
    pub date: String,
    /// Where; empty in English.
    pub place: String,
    /// What happened.
    pub text: String,
}

/// One model county.
pub struct CountyView {
    /// Its province.
    pub province: String,
    /// Its name.
    pub county: String,
    /// Its product.
    pub product: String,
}

/// The files behind the report.
pub struct EvidenceView {
    /// How many files and lines.
    pub summary: String,
    /// The first files.
    pub rows: Vec<SegmentView>,
    /// How many more there are; empty for none.
    pub more: String,
    /// Hash of the last manifest.
    pub chain_head: String,
}

/// One file.
pub struct SegmentView {
    /// Place in the chain.
    pub no: i64,
    /// Name of the order file.
    pub file: String,
    /// Order lines.
    pub rows: String,
    /// Net amount, yuan.
    pub net: String,
    /// The first digits of its hash.
    pub short: String,
    /// Its hash.
    pub sha256: String,
}

/// A part of a figure followed to a file.
pub struct TraceView {
    /// Name of the place.
    pub place: String,
    /// Name of the order file.
    pub file: String,
    /// Order lines.
    pub lines: String,
    /// What they add.
    pub value: String,
    /// Line numbers of the first of them.
    pub first: String,
    /// The first digits of the segment's hash.
    pub segment: String,
}

/// What the report holds, in a sentence or two.
pub fn lead(report: &HalfYearReport, w: &Words) -> String {
    let checked: Vec<&Published> = report
        .figures
        .iter()
        .filter_map(|figure| figure.published.as_ref())
        .collect();
    let held = checked
        .iter()
        .filter(|published| published.holds == Some(true))
        .count();
    w.fill(
        "page.lead",
        &[
            ("figures", &report.figures.len().to_string()),
            ("checked", &checked.len().to_string()),
            ("held", &held.to_string()),
            ("rows", &numbers::grouped(report.evidence.rows)),
            ("files", &report.evidence.segments.len().to_string()),
        ],
    )
}

/// The pillars that have figures.
pub fn sections(report: &HalfYearReport, w: &Words) -> Vec<SectionView> {
    report
        .sections
        .iter()
        .map(|section| SectionView {
            title: section.title.get(w.lang()).to_owned(),
            cards: section
                .figures
                .iter()
                .filter_map(|id| report.figure(id))
                .map(|figure| card(report, figure, w))
                .collect(),
        })
        .filter(|section| !section.cards.is_empty())
        .collect()
}

/// A figure as a card.
pub fn card(report: &HalfYearReport, figure: &Figure, w: &Words) -> CardView {
    let lang = w.lang();
    let (number, unit) = match (figure.value, figure.state) {
        (Some(value), _) => {
            let said = numbers::say(value, &figure.unit, lang);
            (said.number, w.get(&said.unit_key).to_owned())
        }
        (None, ValueState::TooFew) => (too_few(report, w), String::new()),
        (None, _) => (w.get("figure.missing").to_owned(), String::new()),
    };
    let statement = figure.value.filter(|_| figure.unit == "fen");
    CardView {
        href: format!("figures/{}", super::figure_name(&figure.id, lang)),
        id: figure.id.clone(),
        title: figure.title.get(lang).to_owned(),
        note: figure.note.get(lang).to_owned(),
        number,
        unit,
        statement: statement.map_or_else(String::new, |fen| {
            w.fill("figure.statement", &[("yuan", &numbers::statement(fen))])
        }),
        published: figure
            .published
            .as_ref()
            .map(|published| published_view(published, w)),
        change: change(figure, w),
    }
}

/// What stands where a group is too small.
pub fn too_few(report: &HalfYearReport, w: &Words) -> String {
    w.fill("suppression.cell", &[("min", &report.min_lines.to_string())])
}

fn published_view(published: &Published, w: &Words) -> PublishedView {
    let verdict = match published.holds {
        Some(true) => w.get("published.holds"),
        Some(false) => w.get("published.fails"),
        None => w.get("published.open"),
    };
    let page = published.page.map_or_else(String::new, |page| {
        w.fill("published.page", &[("page", &page.to_string())])
    });
    PublishedView {
        text: w.fill(
            "published.line",
            &[("value", &said_published(published, w)), ("page", &page)],
        ),
        holds: published.holds,
        verdict: verdict.to_owned(),
    }
}

/// The published number with its relation and unit, as a reader says it.
pub fn said_published(published: &Published, w: &Words) -> String {
    let said = numbers::say_published(&published.value, &published.unit, w.lang());
    format!(
        "{}{}\u{a0}{}",
        relation(published.relation, w),
        said.number,
        w.get(&said.unit_key)
    )
}

fn relation(relation: Relation, w: &Words) -> &str {
    match relation {
        Relation::Equal => "",
        Relation::MoreThan => w.get("relation.more_than"),
        Relation::AtLeast => w.get("relation.at_least"),
        Relation::About => w.get("relation.about"),
    }
}

fn change(figure: &Figure, w: &Words) -> String {
    let lang = w.lang();
    let Some(previous) = &figure.previous else {
        return w.get("figure.no_previous").to_owned();
    };
    let said = numbers::say(previous.value, &figure.unit, lang);
    let percent = previous
        .change_permille
        .map_or_else(|| w.get("figure.from_zero").to_owned(), numbers::percent_change);
    let arrow = match previous.change.signum() {
        1 => "▲",
        -1 => "▼",
        _ => "＝",
    };
    w.fill(
        "figure.change",
        &[
            ("arrow", arrow),
            ("percent", &percent),
            ("period", previous.title.get(lang)),
            ("value", &said.number),
            ("unit", w.get(&said.unit_key)),
        ],
    )
}

/// Published figures without a definition, by pillar.
pub fn undefined(report: &HalfYearReport, w: &Words) -> Vec<UndefinedView> {
    let mut by_pillar: BTreeMap<&str, Vec<&Published>> = BTreeMap::new();
    for published in &report.not_yet_defined {
        by_pillar.entry(&published.pillar).or_default().push(published);
    }
    let order = report
        .sections
        .iter()
        .map(|section| (section.id.as_str(), section.title.get(w.lang())));
    order
        .filter_map(|(pillar, title)| Some((title, by_pillar.get(pillar)?)))
        .map(|(title, rows)| UndefinedView {
            pillar: title.to_owned(),
            rows: rows.iter().map(|row| undefined_row(row, w)).collect(),
        })
        .collect()
}

fn undefined_row(published: &Published, w: &Words) -> UndefinedRow {
    let said = numbers::say_published(&published.value, &published.unit, w.lang());
    UndefinedRow {
        title: published.title.get(w.lang()).to_owned(),
        value: format!("{}{}", relation(published.relation, w), said.number),
        unit: w.get(&said.unit_key).to_owned(),
        until: published.to.clone().unwrap_or_default(),
    }
}

/// The timeline.
pub fn milestones(report: &HalfYearReport, lang: Lang) -> Vec<MilestoneView> {
    let view = |m: &crate::model::Milestone| MilestoneView {
        date: m.date.clone(),
        place: if lang == Lang::Zh {
            m.place.clone()
        } else {
            String::new()
        },
        text: m.title.get(lang).to_owned(),
    };
    report.milestones.iter().map(view).collect()
}

/// The model counties.
pub fn model_counties(report: &HalfYearReport, lang: Lang) -> Vec<CountyView> {
    let view = |county: &crate::model::ModelCounty| CountyView {
        province: county.province.get(lang).to_owned(),
        county: county.county.get(lang).to_owned(),
        product: match lang {
            Lang::En if !county.product_en.is_empty() => county.product_en.clone(),
            _ => county.product.clone(),
        },
    };
    report.model_counties.iter().map(view).collect()
}

/// The files behind the report.
pub fn evidence(report: &HalfYearReport, w: &Words) -> EvidenceView {
    let all = &report.evidence.segments;
    let rows = all.iter().take(SEGMENTS_SHOWN).map(|segment| SegmentView {
        no: segment.chain_no,
        file: segment.file_name.clone(),
        rows: numbers::grouped(segment.rows),
        net: numbers::statement(segment.net_fen),
        short: short(&segment.sha256),
        sha256: segment.sha256.clone(),
    });
    let left = all.len().saturating_sub(SEGMENTS_SHOWN);
    EvidenceView {
        summary: w.fill(
            "evidence.summary",
            &[
                ("files", &all.len().to_string()),
                ("rows", &numbers::grouped(report.evidence.rows)),
            ],
        ),
        rows: rows.collect(),
        more: if left == 0 {
            String::new()
        } else {
            w.fill("evidence.more", &[("n", &left.to_string())])
        },
        chain_head: report.evidence.chain_head.clone().unwrap_or_default(),
    }
}

/// Where the largest places of a figure stand.
pub fn trace(figure: &Figure, lang: Lang) -> Vec<TraceView> {
    let view = |row: &crate::model::TraceEvidence| TraceView {
        place: row.place_title.get(lang).to_owned(),
        file: row.file_name.clone(),
        lines: numbers::grouped(row.lines),
        value: if figure.unit == "fen" {
            numbers::statement(row.value)
        } else {
            numbers::grouped(row.value)
        },
        first: row
            .first_source_lines
            .iter()
            .map(i64::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        segment: short(&row.segment_sha256),
    };
    figure.evidence.trace.iter().map(view).collect()
}

fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
