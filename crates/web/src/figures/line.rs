//! `/figures/{id}/trace/{segment}/lines/{line}`: one line of a file with its fields.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::trace::{open, place_name, segment_facts, segment_of};
use super::{crumbs, in_currency, path_of, thousandths};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::site::Site;

#[derive(Template)]
#[template(path = "figures/line.html")]
struct LinePage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    fields: Vec<(String, String)>,
    facts: Vec<(String, String, bool)>,
}

pub(super) async fn show(
    State(site): State<Shared>,
    Path((id, segment, number)): Path<(String, String, i64)>,
    page: Page,
) -> Result<Response, WebError> {
    let opened = open(&site, &id)?;
    let sealed = segment_of(opened.report(), &segment)?;
    let line = opened
        .evidence
        .line(opened.report(), opened.def, &segment, number)
        .await?;
    let place = place_name(&site, line.place, &page);
    let (w, base) = (page.w, path_of(&id));
    let title = w.fill("line.title", &[("n", &number.to_string())]);
    let up = page.href(&format!("{base}/trace?place={}", line.place));
    let file = page.href(&format!("{base}/trace/{segment}?place={}", line.place));
    let field = |key: &str, value: String| (w.get(key).to_owned(), value);
    let view = LinePage {
        crumbs: crumbs(
            &page,
            &opened.figure,
            vec![
                Crumb::new(up, place.clone()),
                Crumb::new(file, sealed.file_name.clone()),
                Crumb::new(page.here(), title.clone()),
            ],
        ),
        title,
        fields: vec![
            field("line.number", number.to_string()),
            field("line.day", line.day),
            field("line.place", format!("{place} ({})", line.place)),
            field("line.channel", channel_name(&site, &line.channel, &page)),
            field("line.order", line.order_no),
            field("line.line_no", line.line_no),
            field(
                "line.product",
                format!("{} ({})", line.product_title.get(page.lang), line.product_code),
            ),
            field("line.quantity", thousandths(line.quantity_milli)),
            field(
                "line.amount",
                in_currency(
                    line.amount_fen,
                    &line.currency,
                    report::words::WORDS.of(page.lang),
                ),
            ),
            field(
                "line.cancelled",
                w.get(if line.cancelled { "line.yes" } else { "line.no" })
                    .to_owned(),
            ),
        ],
        facts: segment_facts(sealed, report::words::WORDS.of(page.lang)),
        page,
    };
    layout::public(&view)
}

/// What a channel is called; its code where the programme no longer knows it.
fn channel_name(site: &Site, code: &str, page: &Page) -> String {
    let channels = site.programme.channels();
    let found = channels.iter().find(|(name, _)| *name == code);
    found.map_or_else(|| code.to_owned(), |(_, title)| title.get(page.lang).to_owned())
}
