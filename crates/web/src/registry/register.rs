//! A household is written down: where it lives, its head and up to five more, what it earned, what is met. A form of the field
//! ([`crate::outbox`]): its key is the household's id, and what else is new follows from it, so that it is one act however often
//! it is sent.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use kernel::{Area, Fault, PlaceCode, PlaceLevel, Refusal};
use people::staff::{Action, PlaceFilter};
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
use crate::outbox::{self, Outbox};
use crate::page::Page;
use crate::signed::Signed;
use crate::site::Site;

/// Members that an empty form has room for; more join later.
const MEMBERS: usize = 6;
/// The most rows that are read.
const ROWS_MAX: usize = 40;
/// The grades of a disability, from none over the lightest to the gravest.
const DISABILITY_GRADES: [&str; 5] = ["0", "4", "3", "2", "1"];

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
    more_causes: Vec<ChoiceView>,
    key: String,
    /// None where something stands in the form that must not be emptied: what was refused, and what a phone sent.
    outbox: Option<Outbox>,
    sent: Option<SentView>,
}

/// What a phone sent, and was not taken.
pub(super) struct SentView {
    pub reasons: Vec<String>,
    pub xml: String,
    pub files: String,
    /// Where it is set aside; empty where it no longer waits.
    pub aside_href: String,
}

/// Something that may be ticked.
struct ChoiceView {
    value: &'static str,
    words: String,
    is_chosen: bool,
}

pub(super) fn show(site: &Site, signed: &Signed) -> Result<Response, WebError> {
    signed.require(Action::KeepRegistry, None)?;
    let place = own_village(signed).map(|village| village.to_string());
    let typed = Fields::of(&[("place", place.as_deref().unwrap_or_default())]);
    layout::html(&page_of(site, signed, &typed, None))
}

/// The form with what a phone sent in it, to be corrected.
pub(super) fn correct(
    site: &Site,
    signed: &Signed,
    typed: &Fields,
    sent: SentView,
) -> Result<Response, WebError> {
    layout::html(&NewPage {
        outbox: None,
        sent: Some(sent),
        ..page_of(site, signed, typed, None)
    })
}

/// The village of someone who has one.
fn own_village(signed: &Signed) -> Option<PlaceCode> {
    let places = signed.viewer.places(Action::KeepRegistry);
    match places {
        PlaceFilter::Within(own) => own.into_iter().find(|place| place.level() == PlaceLevel::Village),
        PlaceFilter::All => None,
    }
}

pub(super) async fn create(
    State(site): State<Shared>,
    signed: Signed,
    body: Bytes,
) -> Result<Response, WebError> {
    let typed = Fields::parse(&body);
    let taken = match register_of(&site, &typed) {
        Ok(new) => {
            let path = household_path(new.household);
            let taken = take(&site, &signed, Act::Register(new)).await?;
            taken.map(|_now_or_already| path)
        }
        Err(refusal) => Err(refusal),
    };
    outbox::answer(&signed, taken, |refusal| {
        layout::html(&page_of(&site, &signed, &typed, Some(refusal)))
    })
}

/// The household that a form of the registry writes down; the ids of its members follow from its own.
pub(crate) fn register_of(site: &Site, typed: &Fields) -> Result<Register, Refusal> {
    let registry = site.registry.as_ref();
    let registry = registry.ok_or_else(|| Refusal::new("programme.no_recognition", Fault::Missing))?;
    register(typed, |household, row| {
        PersonId::from_uuid(registry.derived_id(&format!("member:{household}:{row}")))
    })
}

/// So many rows are read and shown: as many as were filled in, at least those of an empty form.
fn rows_of(typed: &Fields) -> usize {
    typed.all("name").take(ROWS_MAX).count().max(MEMBERS)
}

fn register(typed: &Fields, person: impl Fn(HouseholdId, usize) -> PersonId) -> Result<Register, Refusal> {
    let at = |field: &'static str| move |refusal: Refusal| refusal.at(field);
    let household = typed.get("key").parse::<HouseholdId>().map_err(at("key"))?;
    let place = typed
        .get("place")
        .trim()
        .parse::<PlaceCode>()
        .map_err(at("place"))?;
    let land = match typed.get("land").trim() {
        "" => None,
        text => Some(text.parse::<Area>().map_err(at("land"))?),
    };
    let mut members = Vec::new();
    for row in 0..rows_of(typed) {
        let number = members.len() + 1;
        let read = member(typed, row, || person(household, row));
        members.extend(read.map_err(|refusal| refusal.under(format_args!("members.{number}")))?);
    }
    Ok(Register {
        household,
        place,
        since: needed_day(typed.get("since"), "since")?,
        facts: HouseholdFacts {
            causes: Some(causes(typed).map_err(at("cause"))?),
            land_milli_mu: land,
            ..facts(typed)?
        },
        members,
        recognised_elsewhere: false,
        document: None,
    })
}

/// Why the household is poor, the main cause first; each once.
fn causes(typed: &Fields) -> Result<Vec<Cause>, Refusal> {
    let mut causes = Vec::new();
    for said in typed.all("cause").chain(typed.all("more_cause")) {
        if !said.is_empty() {
            let cause = said.parse()?;
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
    }
    Ok(causes)
}

/// The member of a row; none where the row is empty. The first row is the head.
fn member(typed: &Fields, row: usize, person: impl Fn() -> PersonId) -> Result<Option<Member>, Refusal> {
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
            work: given("work").map(|word| word.parse()).transpose()?,
            disability: given("disability").map(|grade| grade_of(&grade)).transpose()?,
        },
    }))
}

/// A grade of disability; 0 says that there is none.
fn grade_of(typed: &str) -> Result<u8, Refusal> {
    let bad = |_| Refusal::new("registry.bad_grade", Fault::Refused);
    typed
        .parse()
        .map_err(bad)
        .map_err(|refusal| refusal.at("disability").value(typed))
}

fn page_of(site: &Site, signed: &Signed, typed: &Fields, refusal: Option<&Refusal>) -> NewPage {
    let page = signed.page.clone();
    let mut form = FormState::new(fields(&page), typed);
    let mut rows: Vec<RowView> = (0..rows_of(typed))
        .map(|row| member_row(row, typed, &page))
        .collect();
    if let Some(refusal) = refusal {
        form.refuse(refusal, page.lang);
        refuse_at_row(&mut rows, typed, refusal, page.lang);
    }
    NewPage {
        crumbs: vec![
            Crumb::new(page.href("/staff/registry"), page.w.get("nav.registry")),
            Crumb::new(page.here(), page.w.get("registry.register")),
        ],
        more_causes: more_causes(typed, &page),
        key: match typed.get("key") {
            "" => HouseholdId::next(site.ids.as_ref()).to_string(),
            key => key.to_owned(),
        },
        outbox: refusal
            .is_none()
            .then(|| Outbox::new(site, signed, "/staff/registry/new", "name")),
        sent: None,
        rows,
        form,
        page,
    }
}

/// Puts what is wrong with a member, `members.2.resident_id`, at its row too. Rows that are empty are no members.
fn refuse_at_row(rows: &mut [RowView], typed: &Fields, refusal: &Refusal, lang: kernel::Lang) {
    let mut parts = refusal.at.as_deref().unwrap_or_default().split('.');
    let (Some("members"), Some(Ok(number)), Some(last)) = (
        parts.next(),
        parts.next().map(str::parse::<usize>),
        parts.next_back(),
    ) else {
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

fn more_causes(typed: &Fields, page: &Page) -> Vec<ChoiceView> {
    let choice = |cause: &Cause| ChoiceView {
        value: cause.as_str(),
        words: word(page, "cause", cause),
        is_chosen: typed.all("more_cause").any(|said| said == cause.as_str()),
    };
    Cause::ALL.iter().map(choice).collect()
}

fn choices(page: &Page, list: &str, words: impl Iterator<Item = &'static str>) -> Vec<(String, String)> {
    let nothing = (String::new(), page.w.get("registry.says_nothing").to_owned());
    let words = words.map(|one| (one.to_owned(), word(page, list, one)));
    std::iter::once(nothing).chain(words).collect()
}

/// The fields of a member beside the name; words that are chosen by what the registry calls them.
fn member_fields(page: &Page) -> Vec<Field> {
    use registry::{Health, Labour, Schooling, Sex, Work};
    fn all<T: Copy>(words: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        words.iter().map(|one| word(*one)).collect()
    }
    let field = |name, kind, label: &str| Field::asked(page, name, kind, (label, ""));
    let chosen = |name, label: &str, words: Vec<&'static str>| Field {
        choices: choices(page, name, words.into_iter()),
        ..field(name, "", label)
    };
    vec![
        field("name", "text", "personal.name"),
        field("resident_id", "text", "personal.resident_id"),
        field("phone", "tel", "personal.phone"),
        field("birth_on", "date", "said.birth_on"),
        chosen("sex", "said.sex", all(Sex::ALL, Sex::as_str)),
        chosen("labour", "said.labour", all(Labour::ALL, Labour::as_str)),
        chosen("work", "said.work", all(Work::ALL, Work::as_str)),
        chosen("health", "said.health", all(Health::ALL, Health::as_str)),
        chosen("disability", "said.disability", DISABILITY_GRADES.into()),
        chosen(
            "schooling",
            "said.schooling",
            all(Schooling::ALL, Schooling::as_str),
        ),
    ]
}

fn member_row(row: usize, typed: &Fields, page: &Page) -> RowView {
    let mut fields = member_fields(page);
    if row > 0 {
        let words = Relation::ALL.iter().skip(1).map(|one| one.as_str());
        let relation = Field {
            choices: choices(page, "relation", words),
            ..Field::asked(page, "relation", "", ("said.relation", ""))
        };
        fields.insert(1, relation);
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
