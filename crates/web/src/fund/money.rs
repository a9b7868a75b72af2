//! The money of the fund as a whole: pledges with their tranches, its flow, and what it moved in others.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fund::leverage::{Leverage, Shared as Claim};
use fund::{MoneyClass, PledgeStanding, TrancheStanding};
use kernel::Text;

use super::flow::{self, FlowView};
use super::record::{self, Way};
use super::{project_path, require_whole, tabs};
use crate::Shared;
use crate::books::{party_words, yuan};
use crate::error::WebError;
use crate::layout::{self, Tab};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

struct TrancheView {
    number: i64,
    due: String,
    amount: String,
    called: String,
    received: String,
}

struct PledgeView {
    donor: String,
    key: String,
    facts: Vec<(String, String, bool)>,
    tranches: Vec<TrancheView>,
}

struct ClaimView {
    contributor: String,
    key: String,
    project_href: String,
    project: String,
    amount: String,
    counted: String,
    why: String,
}

#[derive(Template)]
#[template(path = "fund/money.html")]
struct MoneyPage {
    page: Page,
    tabs: Vec<Tab>,
    ways: Vec<Way>,
    pledges: Vec<PledgeView>,
    flow: Option<FlowView>,
    leverage: Vec<(String, String, bool)>,
    claims: Vec<ClaimView>,
}

pub(super) async fn show(State(site): State<Shared>, signed: Signed) -> Result<Response, WebError> {
    require_whole(&signed)?;
    let (page, today) = (signed.page.clone(), site.clock.today());
    let mut reader = site.store.read().await?;
    let pledges = fund::pledges(&mut reader, today).await?;
    let edges = fund::flow(&mut reader, today).await?;
    let leverage = fund::cofinance(&mut reader, today).await?;
    let projects = fund::project_titles(&mut reader).await?;
    drop(reader);
    layout::html(&MoneyPage {
        tabs: tabs(&signed, "/staff/fund/money"),
        ways: record::ways(&signed, "/staff/fund/money"),
        pledges: pledges.iter().map(|pledge| pledge_view(pledge, &page)).collect(),
        flow: flow::view(&site, &edges, &pledges, &page)?,
        leverage: leverage_facts(&leverage, &page),
        claims: leverage
            .claims
            .iter()
            .map(|claim| claim_view(&site, claim, &projects, &page))
            .collect(),
        page,
    })
}

fn pledge_view(pledge: &PledgeStanding, page: &Page) -> PledgeView {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let tranche = |one: &TrancheStanding| TrancheView {
        number: one.number,
        due: one.due_on.to_string(),
        amount: yuan(one.amount_fen),
        called: yuan(one.called_fen),
        received: yuan(one.received_fen),
    };
    PledgeView {
        donor: pledge.donor.get(page.lang).to_owned(),
        key: pledge.key.clone(),
        facts: vec![
            fact("fund.pledged", in_yuan(pledge.total_fen)),
            fact("fund.called", in_yuan(pledge.called_fen)),
            fact("fund.received", in_yuan(pledge.received_fen)),
            fact(
                "fund.days",
                format!("{} – {}", pledge.signed_on, pledge.through_on),
            ),
        ],
        tranches: pledge.tranches.iter().map(tranche).collect(),
    }
}

fn leverage_facts(leverage: &Leverage, page: &Page) -> Vec<(String, String, bool)> {
    let fact = |key: &str, value: String| (page.w.get(key).to_owned(), value, false);
    let in_yuan = |amount| page.w.fill("books.yuan_of", &[("amount", &yuan(amount))]);
    let mut facts = vec![
        fact("fund.mobilised", in_yuan(leverage.mobilised_fen)),
        fact("fund.attributed", in_yuan(leverage.attributed_fen)),
        fact("fund.spent", in_yuan(leverage.spent_fen)),
    ];
    if let Some(permille) = leverage.per_yuan_permille {
        let said = format!("{}.{:03}", permille / 1_000, permille % 1_000);
        facts.push(fact(
            "fund.per_yuan",
            page.w.fill("books.yuan_of", &[("amount", &said)]),
        ));
    }
    facts.push(fact("fund.uncaused", in_yuan(leverage.uncaused_fen)));
    facts.push(fact("fund.turnover", in_yuan(leverage.turnover_fen)));
    facts
}

fn claim_view(site: &Site, claim: &Claim, projects: &BTreeMap<String, Text>, page: &Page) -> ClaimView {
    let why = match (claim.class, claim.causal) {
        (MoneyClass::Turnover, _) => "fund.is_turnover",
        (MoneyClass::Finance, false) => "fund.is_uncaused",
        (MoneyClass::Finance, true) => "fund.is_shared",
    };
    ClaimView {
        contributor: party_words(site, &claim.contributor, page),
        key: claim.key.clone(),
        project_href: page.href(&project_path(&claim.project)),
        project: projects
            .get(&claim.project)
            .map_or(&*claim.project, |title| title.get(page.lang))
            .to_owned(),
        amount: yuan(claim.amount_fen),
        counted: yuan(claim.attributed_fen),
        why: page.w.get(why).to_owned(),
    }
}
