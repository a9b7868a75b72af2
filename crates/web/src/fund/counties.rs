//! Counties: pairings with their duties, and model counties with what they aim at and have reached.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fund::{DutyStanding, PairingStanding, TargetStanding};
use kernel::PlaceCode;
use people::staff::Action;

use super::record::{self, Way};
use super::{is_seen, pillar_words, place_words, tabs};
use crate::Shared;
use crate::error::WebError;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct DutyView {
    title: String,
    due: String,
    done: String,
    seen: String,
}

struct PairingView {
    place: String,
    unit: String,
    signed_on: String,
    duties: Vec<DutyView>,
}

struct TargetView {
    owner: String,
    title: String,
    reached: String,
    target: String,
    due: String,
    is_reached: bool,
}

#[derive(Template)]
#[template(path = "fund/counties.html")]
struct CountiesPage {
    page: Page,
    tabs: Vec<Tab>,
    ways: Vec<Way>,
    pairings: Vec<PairingView>,
    targets: Vec<TargetView>,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::ViewFund, None)?;
    let page = signed.page.clone();
    let seen = signed.viewer.places(Action::ViewFund);
    let mut reader = site.store.read().await?;
    let pairings = fund::pairings(&mut reader, &seen).await?;
    let mut targets = fund::targets(&mut reader, site.clock.today()).await?;
    drop(reader);
    // The owner is a county, or a pillar, which is of the whole country.
    targets.retain(|target| is_seen(&signed, target.owner.parse::<PlaceCode>().ok()));
    layout::html(&CountiesPage {
        tabs: tabs(&signed, "/staff/fund/counties"),
        ways: record::ways(&signed, "/staff/fund/counties"),
        pairings: pairings.iter().map(|one| pairing(&site, one, &page)).collect(),
        targets: targets.iter().map(|one| target(&site, one, &page)).collect(),
        page,
    })
}

fn pairing(site: &Site, one: &PairingStanding, page: &Page) -> PairingView {
    let duty = |duty: &DutyStanding| DutyView {
        title: duty.title.get(page.lang).to_owned(),
        due: duty.due_on.to_string(),
        done: format!("{}.{}%", duty.done_permille / 10, duty.done_permille % 10),
        seen: duty.seen_on.map_or_else(String::new, |day| day.to_string()),
    };
    PairingView {
        place: place_words(site, one.place, page),
        unit: one.unit.get(page.lang).to_owned(),
        signed_on: one.signed_on.to_string(),
        duties: one.duties.iter().map(duty).collect(),
    }
}

/// A unit that the report has words for in them, another as it was typed.
fn unit_words(value: i64, unit: &str, page: &Page) -> String {
    let key = report::numbers::count_key(value, unit);
    let words = report::words::WORDS.of(page.lang).get(&key);
    if words == key { unit } else { words }.to_owned()
}

fn target(site: &Site, one: &TargetStanding, page: &Page) -> TargetView {
    let owner = match one.owner.parse::<PlaceCode>() {
        Ok(place) => place_words(site, Some(place), page),
        Err(_) => pillar_words(site, &one.owner, page),
    };
    let number = |value: i64| {
        let unit = unit_words(value, &one.unit, page);
        format!("{} {unit}", report::numbers::grouped(value))
    };
    TargetView {
        owner,
        title: one.title.get(page.lang).to_owned(),
        reached: one.reached.map_or_else(|| "–".to_owned(), number),
        target: number(one.target),
        due: one.due_on.to_string(),
        is_reached: one.reached.is_some_and(|reached| reached >= one.target),
    }
}
