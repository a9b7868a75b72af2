//! Holds the files of a programme folder against one another.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{self, FigureDef};
use crate::source::{Source, is_id};
use crate::{Finding, Programme};

/// What one file says of another: pillars, published figures, views and units.
pub(crate) fn findings(programme: &Programme, texts: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let head = &programme.head;
    let pillars: BTreeSet<&str> = head.pillars.iter().map(|pillar| pillar.id.as_str()).collect();
    if !is_id(&head.id) {
        findings.push(Finding::of("programme.toml", 0, "programme.bad_id", &head.id));
    }
    if pillars.len() != head.pillars.len() {
        findings.push(Finding::of(
            "programme.toml",
            0,
            "programme.repeated_id",
            "pillars",
        ));
    }
    if head.suppression.min_lines < 1 {
        findings.push(Finding::of(
            "programme.toml",
            0,
            "programme.bad_value",
            head.suppression.min_lines,
        ));
    }
    let mut named = BTreeSet::new();
    for party in programme.parties.iter().filter(|party| !named.insert(&party.id)) {
        findings.push(Finding::of("parties.csv", 0, "programme.repeated_id", &party.id));
    }
    let listed = programme
        .published
        .iter()
        .map(|row| ("published.csv", &row.pillar));
    let happened = programme
        .milestones
        .iter()
        .map(|row| ("milestones.csv", &row.pillar));
    for (file, pillar) in listed.chain(happened) {
        if !pillars.contains(pillar.as_str()) {
            findings.push(Finding::of(file, 0, "programme.unknown_pillar", pillar));
        }
    }
    let views = figures::countable(&programme.views_sql);
    for figure in &programme.figures {
        findings.extend(of_figure(figure, programme, texts, &pillars, &views));
    }
    findings
}

fn of_figure(
    figure: &FigureDef,
    programme: &Programme,
    texts: &BTreeMap<String, String>,
    pillars: &BTreeSet<&str>,
    views: &[String],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let file = format!("figures/{}.toml", figure.id);
    let text = texts.get(&file).map_or("", String::as_str);
    let source = Source { file: &file, text };
    let mut say = |key: &str, code, value: &str| {
        findings.push(source.finding(source.line_of("", key), code, value));
    };
    if !pillars.contains(figure.pillar.as_str()) {
        say("pillar", "programme.unknown_pillar", &figure.pillar);
    }
    if !views.contains(&figure.view) {
        say("view", "programme.unknown_view", &figure.view);
    }
    let Some(id) = &figure.published else {
        return findings;
    };
    match programme.published_figure(id) {
        None => say("published", "programme.unknown_published", id),
        Some(published) => {
            let unit = if published.is_money() {
                "fen"
            } else {
                published.unit.as_str()
            };
            if unit != figure.unit {
                say("unit", "programme.unit_mismatch", &published.unit);
            }
        }
    }
    findings
}
