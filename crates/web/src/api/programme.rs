//! `/programme` and `/layouts`: what the programme is and which order files it reads.

use serde_json::{Value, json};

use super::call::{Call, Outcome, ok};

pub(super) async fn show(call: Call) -> Outcome {
    ok(head(&call.site.programme))
}

/// What the programme is.
pub(super) fn head(programme: &::programme::Programme) -> Value {
    let head = &programme.head;
    let pillars = head.pillars.iter();
    let pillars = pillars.map(|pillar| json!({ "id": pillar.id, "title": pillar.title }));
    json!({
        "id": head.id,
        "title": head.title,
        "simulated": head.simulated,
        "note": head.note,
        "period": head.period,
        "min_lines": head.suppression.min_lines,
        "pillars": pillars.collect::<Vec<_>>(),
        "figures": programme.figures.len(),
        "published_figures": programme.published.len(),
    })
}

pub(super) async fn layouts(call: Call) -> Outcome {
    ok(layout_list(&call.site.programme))
}

/// The layouts by which files are read.
pub(super) fn layout_list(programme: &::programme::Programme) -> Value {
    let layouts = programme.layouts.iter().map(|layout| {
        json!({
            "name": layout.name,
            "title": layout.title,
            "channel": layout.channel,
            "currency": layout.currency,
            "simulated": layout.simulated,
        })
    });
    json!({ "items": layouts.collect::<Vec<_>>() })
}
