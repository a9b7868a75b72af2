//! A household is written down: where it lives, its head and up to five more, what it earned, what is met.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use kernel::{Area, Fault, PlaceCode, Refusal};
use people::staff::Action;
use registry::{
    Act, Cause, HouseholdFacts, HouseholdId, Member, PersonFacts, PersonId, Personal, Register, Relation,
};

use super::say::{fact_fields, facts};
use super::{household_path, take, word};
use crate::Shared;
use crate::books::{day, needed_day};
use crate::error::WebError;
use crate::form::{Field, Fields, FormState};
use crate::layout::{self, Crumb};
use crate::page::Page;
use crate::signed::Signed;

/// Members that one form takes; more join later.
const MEMBERS: usize = 6;

struct RowView {
    legend: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "registry/register.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: FormState,
    rows: Vec<RowView>,
}

pub(super) async fn show(signed: Signed) -> Result<Response, WebError> {
    signed.require(Action::KeepRegistry, None)?;
    answer(&signed, &Fields::default(), None)
}

pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body);
    let household = HouseholdId::next(site.ids.as_ref());
    let taken = match register(&typed, household, || PersonId::next(site.ids.as_ref())) {
        Ok(act) => take(&site, &signed, act).await?,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_now_or_already) => Ok(layout::see_other(signed.page.href(&household_path(household)))),
        Err(refusal) => layout::refused(answer(&signed, &typed, Some(&refusal))),
    }
}

fn register(typed: &Fields, household: HouseholdId, person: impl Fn() -> PersonId) -> Result<Act, Refusal> {
    let at = |field: &'static str| move |refusal: Refusal| refusal.at(field);
    let place = typed
        .get("place")
        .trim()
        .parse::<PlaceCode>()
        .map_err(at("place"))?;
    let land = match typed.get("land").trim() {
        "" => None,
        text => Some(text.parse::<Area>().map_err(at("land"))?),
    };
    let causes: Result<Vec<Cause>, Refusal> = typed
        .all("cause")
        .filter(|cause| !cause.is_empty())
        .map(str::parse)
        .collect();
    let mut members = Vec::new();
    for row in 0..MEMBERS {
        let number = members.len() + 1;
        let read = member(typed, row, &person);
        members.extend(read.map_err(|refusal| refusal.under(format_args!("members.{number}")))?);
    }
    Ok(Act::Register(Register {
        household,
        place,
        since: needed_day(typed.get("since"), "since")?,
        facts: HouseholdFacts {
            causes: Some(causes.map_err(at("cause"))?),
            land_milli_mu: land,
            ..facts(typed)?
        },
        members,
        recognised_elsewhere: false,
        document: None,
    }))
}

/// The member of a row; none where the row is empty. The first row is the head.
fn member(typed: &Fields, row: usize, person: &impl Fn() -> PersonId) -> Result<Option<Member>, Refusal> {
    let text = |name: &'static str| typed.all(name).nth(row).unwrap_or_default().trim().to_owned();
    let given = |name| Some(text(name)).filter(|text| !text.is_empty());
    if given("name").is_none() && given("resident_id").is_none() {
        return Ok(None);
    }
    // The head's row has no field of a relation, so those of the others stand one earlier.
    let said = typed
        .all("relation")
        .nth(row.saturating_sub(1))
        .filter(|word| !word.is_empty());
    let relation = match (row, said) {
        (0, _) => Relation::Head,
        (_, Some(relation)) => relation.parse()?,
        (_, None) => return Err(Refusal::new("registry.field_empty", Fault::Refused).at("relation")),
    };
    let birth_on: Option<Date> = day(&text("birth_on"), "birth_on")?;
    Ok(Some(Member {
        person: person(),
        personal: Personal {
            name: given("name"),
            resident_id: given("resident_id"),
            phone: given("phone"),
            bank_account: None,
        },
        facts: PersonFacts {
            relation: Some(relation),
            sex: given("sex").map(|word| word.parse()).transpose()?,
            birth_on,
            labour: given("labour").map(|word| word.parse()).transpose()?,
            health: given("health").map(|word| word.parse()).transpose()?,
            schooling: given("schooling").map(|word| word.parse()).transpose()?,
            ..PersonFacts::default()
        },
    }))
}

fn answer(signed: &Signed, typed: &Fields, refusal: Option<&Refusal>) -> Result<Response, WebError> {
    let page = signed.page.clone();
    let mut form = FormState::new(fields(&page), typed);
    let mut rows: Vec<RowView> = (0..MEMBERS).map(|row| member_row(row, typed, &page)).collect();
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
        refuse_at_row(&mut rows, typed, refusal, page.lang);
    }
    layout::html(&NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(page.here(), page.w.get("registry.register")),
        ],
        rows,
        form,
        page,
    })
}

/// Puts what is wrong with a member, `members.2.resident_id`, at its row too. Rows that are empty are no members.
fn refuse_at_row(rows: &mut [RowView], typed: &Fields, refusal: &Refusal, lang: kernel::Lang) {
    let mut parts = refusal.at.as_deref().unwrap_or_default().split('.');
    let (Some("members"), Some(Ok(number)), Some(last)) =
        (parts.next(), parts.next().map(str::parse::<usize>), parts.last())
    else {
        return;
    };
    let is_filled = |row: usize| {
        let mut asked = ["name", "resident_id"].into_iter();
        asked.any(|name| {
            typed
                .all(name)
                .nth(row)
                .is_some_and(|text| !text.trim().is_empty())
        })
    };
    let row = (0..rows.len())
        .filter(|row| is_filled(*row))
        .nth(number.saturating_sub(1));
    let fields = row.and_then(|row| rows.get_mut(row)).map(|row| &mut row.fields);
    if let Some(field) = fields.and_then(|fields| fields.iter_mut().find(|field| field.name == last)) {
        let mut unnamed = refusal.clone();
        unnamed.at = None;
        field.error = Some(unnamed.message(lang));
    }
}

fn fields(page: &Page) -> Vec<Field> {
    let field = |name, kind, label: &str, hint: &str| Field::asked(page, name, kind, (label, hint));
    let mut cause = field("cause", "", "registry.main_cause", "");
    cause.choices = choices(page, "cause", Cause::ALL.iter().map(|cause| cause.as_str()));
    let mut fields = vec![
        field("place", "text", "registry.village_code", "registry.village_hint"),
        field("since", "date", "registry.since", "registry.since_hint"),
        cause,
        field("land", "text", "registry.land_mu", ""),
    ];
    fields.extend(fact_fields(page));
    fields
}

fn choices(page: &Page, list: &str, words: impl Iterator<Item = &'static str>) -> Vec<(String, String)> {
    let nothing = (String::new(), page.w.get("registry.says_nothing").to_owned());
    let words = words.map(|one| (one.to_owned(), word(page, list, one)));
    std::iter::once(nothing).chain(words).collect()
}

fn member_row(row: usize, typed: &Fields, page: &Page) -> RowView {
    use registry::{Health, Labour, Schooling, Sex};
    let field = |name, kind, label: &str| Field::asked(page, name, kind, (label, ""));
    let chosen = |name, label: &str, list: &str, words: Vec<&'static str>| Field {
        choices: choices(page, list, words.into_iter()),
        ..field(name, "", label)
    };
    let mut fields = vec![
        field("name", "text", "personal.name"),
        field("resident_id", "text", "personal.resident_id"),
        field("phone", "tel", "personal.phone"),
        field("birth_on", "date", "said.birth_on"),
        chosen(
            "sex",
            "said.sex",
            "sex",
            Sex::ALL.iter().map(|one| one.as_str()).collect(),
        ),
        chosen(
            "labour",
            "said.labour",
            "labour",
            Labour::ALL.iter().map(|one| one.as_str()).collect(),
        ),
        chosen(
            "health",
            "said.health",
            "health",
            Health::ALL.iter().map(|one| one.as_str()).collect(),
        ),
        chosen(
            "schooling",
            "said.schooling",
            "schooling",
            Schooling::ALL.iter().map(|one| one.as_str()).collect(),
        ),
    ];
    if row > 0 {
        let words = Relation::ALL.iter().skip(1).map(|one| one.as_str()).collect();
        fields.insert(1, chosen("relation", "said.relation", "relation", words));
    }
    for field in &mut fields {
        // What a head has no field for stands one row earlier in what was typed.
        let place = if field.name == "relation" {
            row.saturating_sub(1)
        } else {
            row
        };
        field.value = typed.all(field.name).nth(place).unwrap_or_default().to_owned();
    }
    let legend = if row == 0 {
        word(page, "relation", "head")
    } else {
        page.w
            .fill("registry.member", &[("number", &(row + 1).to_string())])
    };
    RowView { legend, fields }
}
