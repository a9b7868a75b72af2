//! Something is said of a household, or a case of it is opened.

use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use kernel::{Fault, Money, Refusal};
use registry::{
    Act, Apply, CaseId, CaseKind, Cause, Guarantee, HouseholdFacts, HouseholdId, SayHousehold, YearIncome,
};

use super::household::{Refused, answer, kind_for, of};
use super::{case_path, household_path, take, word};
use crate::Shared;
use crate::books::needed_day;
use crate::error::WebError;
use crate::form::{Field, Fields};
use crate::layout;
use crate::multipart::{self, DOCUMENT_BYTES_MAX, Sent};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Something is said of it: since when, and each field that was filled in.
pub(super) async fn say(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let household = of(&site, &signed, &id).await?;
    let typed = Fields::parse(&body);
    let said = match said(&typed, household.id, || site.ids.next().to_string()) {
        Ok(said) => take(&site, &signed, Act::Household(said)).await?,
        Err(refusal) => Err(refusal),
    };
    match said {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&household_path(household.id)))),
        Err(refusal) => {
            let refusal = at_field(refusal);
            let refused = Refused { typed, refusal };
            layout::refused(answer(&site, &signed, &household, Vec::new(), Some(&refused)).await)
        }
    }
}

/// The field of the form that an act's field stands at.
fn at_field(refusal: Refusal) -> Refusal {
    let at = refusal.at.clone().unwrap_or_default();
    match at.rsplit('.').next().unwrap_or_default() {
        "year" => refusal.at("year"),
        "causes" => refusal.at("cause"),
        "land_milli_mu" => refusal.at("land"),
        last if last.ends_with("_fen") => refusal.at(last.trim_end_matches("_fen").to_owned()),
        _ => refusal,
    }
}

fn said(typed: &Fields, household: HouseholdId, key: impl Fn() -> String) -> Result<SayHousehold, Refusal> {
    let given = typed.get("key").trim();
    Ok(SayHousehold {
        key: if given.is_empty() { key() } else { given.to_owned() },
        household,
        since: needed_day(typed.get("since"), "since")?,
        facts: HouseholdFacts {
            causes: causes(typed)?,
            land_milli_mu: match typed.get("land").trim() {
                "" => None,
                text => Some(text.parse().map_err(|refusal: Refusal| refusal.at("land"))?),
            },
            ..facts(typed)?
        },
        document: None,
    })
}

/// The main cause and another one; none says nothing.
fn causes(typed: &Fields) -> Result<Option<Vec<Cause>>, Refusal> {
    let mut causes: Vec<Cause> = Vec::new();
    for name in ["cause", "other_cause"] {
        let word = typed.get(name);
        if !word.is_empty() {
            causes.push(word.parse().map_err(|refusal: Refusal| refusal.at(name))?);
        }
    }
    causes.dedup();
    Ok(Some(causes).filter(|causes| !causes.is_empty()))
}

/// The fields of causes and land.
pub(super) fn cause_fields(page: &Page) -> Vec<Field> {
    let nothing = (String::new(), page.w.get("registry.says_nothing").to_owned());
    let causes = Cause::ALL
        .iter()
        .map(|cause| (cause.to_string(), word(page, "cause", cause)));
    let choices: Vec<(String, String)> = std::iter::once(nothing).chain(causes).collect();
    let cause = |name, label: &str, hint: &str| Field {
        choices: choices.clone(),
        ..Field::asked(page, name, "", (label, hint))
    };
    vec![
        cause("cause", "registry.main_cause", "registry.main_cause_hint"),
        cause("other_cause", "registry.other_cause", ""),
        Field::asked(page, "land", "text", ("registry.land_mu", "")),
    ]
}

/// What the fields of income and guarantees say; an empty one says nothing.
pub(super) fn facts(typed: &Fields) -> Result<HouseholdFacts, Refusal> {
    let yuan = |name: &'static str| match typed.get(name).trim() {
        "" => Ok(Money::ZERO),
        text => text.parse::<Money>().map_err(|refusal| refusal.at(name)),
    };
    let income = match typed.get("year").trim() {
        "" => None,
        year => Some(YearIncome {
            year: year.parse().map_err(|_| {
                Refusal::new("registry.bad_year", Fault::Refused)
                    .at("year")
                    .value(year)
            })?,
            wages_fen: yuan("wages")?,
            operating_fen: yuan("operating")?,
            property_fen: yuan("property")?,
            transfer_fen: yuan("transfer")?,
            costs_fen: yuan("costs")?,
        }),
    };
    let guarantees = Guarantee::ALL.iter().filter_map(|guarantee| {
        let met = match typed.get(guarantee.as_str()) {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        Some((*guarantee, met))
    });
    let nothing_seen = typed.get("exclusions") == "none";
    Ok(HouseholdFacts {
        income,
        guarantees: guarantees.collect(),
        exclusions: nothing_seen.then(Default::default),
        ..HouseholdFacts::default()
    })
}

/// The fields of [`facts`].
pub(super) fn fact_fields(page: &Page) -> Vec<Field> {
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    let choice = |value: &str, key: &str| (value.to_owned(), page.w.get(key).to_owned());
    let mut fields = vec![
        field(
            "year",
            "number",
            "registry.income_year",
            "registry.income_year_hint",
        ),
        field("wages", "text", "registry.wages", ""),
        field("operating", "text", "registry.operating", ""),
        field("property", "text", "registry.property", ""),
        field("transfer", "text", "registry.transfer", ""),
        field("costs", "text", "registry.costs", ""),
    ];
    for guarantee in Guarantee::ALL {
        let mut asked = field(guarantee.as_str(), "", "registry.not_known", "");
        asked.label = word(page, "guarantee", guarantee);
        asked.choices = vec![
            choice("", "registry.says_nothing"),
            choice("yes", "registry.met"),
            choice("no", "registry.unmet"),
        ];
        fields.push(asked);
    }
    let mut exclusions = field(
        "exclusions",
        "",
        "registry.exclusions",
        "registry.exclusions_hint",
    );
    exclusions.choices = vec![
        choice("", "registry.says_nothing"),
        choice("none", "registry.none_seen"),
    ];
    fields.push(exclusions);
    fields
}

/// A case is opened with the application as it was signed. The form brings the id of the case along: sent twice, it is one.
pub(super) async fn apply(
    State(site): State<Shared>,
    Path(id): Path<String>,
    signed: Signed,
    form: Multipart,
) -> Result<Response, WebError> {
    let household = of(&site, &signed, &id).await?;
    let kind = kind_for(household.state.status);
    let mut typed = Fields::default();
    let apply = match multipart::read(form, DOCUMENT_BYTES_MAX).await {
        Ok(sent) => {
            typed = sent.fields.clone();
            application(&site, (household.id, kind), sent).await
        }
        Err(refusal) => Err(refusal),
    };
    let taken = match apply {
        Ok(apply) => {
            let case = apply.case;
            take(&site, &signed, Act::Apply(apply)).await?.map(|_| case)
        }
        Err(refusal) if refusal.fault == Fault::Broken => return Err(refusal.into()),
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(case) => Ok(layout::see_other(signed.page.href(&case_path(case)))),
        Err(refusal) => {
            let refused = Refused { typed, refusal };
            layout::refused(answer(&site, &signed, &household, Vec::new(), Some(&refused)).await)
        }
    }
}

async fn application(
    site: &Site,
    (household, kind): (HouseholdId, CaseKind),
    sent: Sent,
) -> Result<Apply, Refusal> {
    let on = needed_day(sent.fields.get("on"), "on")?;
    let case: CaseId = sent.fields.get("case").parse()?;
    let run = Some(sent.fields.get("run").to_owned()).filter(|run| !run.is_empty());
    Ok(Apply {
        case,
        household,
        kind,
        on,
        document: sent.keep(site.store.documents()).await?,
        run,
    })
}
