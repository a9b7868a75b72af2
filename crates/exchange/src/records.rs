//! Households and persons as records, with what a partner may see of them.

use dci::{Count, Demographic, Group, Head, Identifier, Listed, Member, Name, Names, Person, Record};
use kernel::{Money, Refusal};
use people::staff::{Action, AuditEntry, Outcome, Scope};
use registry::{HouseholdId, PersonId, Relation, SharedHousehold, SharedMember};
use serde_json::{Map, Value, json};

use crate::asking::{Entity, Measured};
use crate::desk::Exchange;
use crate::model::Partner;

/// Under which identifiers we know households and persons ourselves.
const OWN: &str = "FPID";
/// Under which a resident ID number stands.
const UIN: &str = "UIN";

/// For whom records are made, and by which request.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub partner: &'a Partner,
    pub request_id: Option<&'a str>,
    pub address: Option<&'a str>,
    /// Whether the partner's right to see who a person is counts here.
    pub is_signed: bool,
}

impl Reader<'_> {
    fn sees_in_full(&self) -> bool {
        self.is_signed && self.partner.may(Scope::RevealPersons)
    }

    /// Whether someone agreed to what the partner serves.
    fn is_shown(&self, member: &SharedMember) -> bool {
        let Some(purpose) = self.partner.purpose else {
            return true;
        };
        let consents = &member.line.consents;
        consents
            .iter()
            .any(|consent| consent.purpose == purpose && consent.given)
    }
}

impl Exchange {
    /// The record of a household; none where no member may be shown.
    pub(crate) async fn group(
        &self,
        reader: Reader<'_>,
        id: HouseholdId,
        measured: Measured,
    ) -> Result<Option<Record>, Refusal> {
        let Some((household, shown)) = self.shared(reader, id, measured).await? else {
            return Ok(None);
        };
        for member in &shown {
            self.note_seen(reader, &household, member).await;
        }
        Ok(Some(Record::Group(Box::new(group(&household, &shown, measured)))))
    }

    /// The record of a person of a household; none where they may not be shown.
    pub(crate) async fn person(
        &self,
        reader: Reader<'_>,
        id: PersonId,
        (entity, measured): (Entity, Measured),
    ) -> Result<Option<Record>, Refusal> {
        let seen = reader.partner.seen();
        let household = match self.registry.household_of(&seen, id).await {
            Ok(Some(household)) => household,
            Ok(None) => return Ok(None),
            Err(refusal) if refusal.fault == kernel::Fault::Missing => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let Some((household, shown)) = self.shared(reader, household, measured).await? else {
            return Ok(None);
        };
        let Some(member) = shown.into_iter().find(|member| member.line.person == id) else {
            return Ok(None);
        };
        self.note_seen(reader, &household, &member).await;
        Ok(Some(match entity {
            Entity::Person => Record::Person(Box::new(alone(&household, &member, measured))),
            Entity::Group | Entity::Member => Record::Member(Box::new(self::member(&household, &member))),
        }))
    }

    async fn shared(
        &self,
        reader: Reader<'_>,
        id: HouseholdId,
        measured: Measured,
    ) -> Result<Option<(SharedHousehold, Vec<SharedMember>)>, Refusal> {
        let (year, in_full) = (measured.map_or(0, |(year, _)| year), reader.sees_in_full());
        let shared = self
            .registry
            .shared(&reader.partner.seen(), id, year, in_full)
            .await;
        let mut household = match shared {
            Ok(household) => household,
            Err(refusal) if refusal.fault == kernel::Fault::Missing => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let mut shown = std::mem::take(&mut household.members);
        shown.retain(|member| reader.is_shown(member));
        Ok((!shown.is_empty()).then_some((household, shown)))
    }

    /// Writes down that someone was seen in full.
    async fn note_seen(&self, reader: Reader<'_>, household: &SharedHousehold, member: &SharedMember) {
        if member.personal.is_none() {
            return;
        }
        let subject = format!("dci:{} {}", reader.partner.sender_id, member.line.person);
        let entry = AuditEntry {
            user: None,
            action: Action::RevealPersons.as_str(),
            subject: Some(subject),
            place: Some(household.place),
            outcome: Outcome::Allowed,
            request_id: reader.request_id.map(str::to_owned),
            address: reader.address.map(str::to_owned),
        };
        self.staff.note(entry).await;
    }
}

fn context() -> Value {
    json!({ "@vocab": "https://schema.spdci.org/extensions/social/v1", "xsd": "http://www.w3.org/2001/XMLSchema#" })
}

fn identifier(kind: &str, value: &impl ToString) -> Identifier {
    Identifier {
        identifier_type: kind.to_owned(),
        identifier_value: value.to_string(),
        rest: Map::new(),
    }
}

fn group(household: &SharedHousehold, shown: &[SharedMember], measured: Measured) -> Group {
    let head = shown
        .iter()
        .find(|member| member.line.facts.relation == Some(Relation::Head));
    let (score, kind) = score(household, measured);
    Group {
        context: Some(context()),
        id: Some(format!("urn:uuid:{}", household.id)),
        kind: Some("Group".to_owned()),
        group_identifier: vec![identifier(OWN, &household.id)],
        group_type: Some("household".to_owned()),
        place: Some(json!({ "@type": "Place", "address": household.place.to_string() })),
        poverty_score: score,
        poverty_score_type: kind,
        group_head_info: head.map(|head| Head::Member(Box::new(member(household, head)))),
        group_size: u64::try_from(household.size).ok().map(Count::Number),
        member_list: Some(
            shown
                .iter()
                .map(|one| Listed::Member(Box::new(member(household, one))))
                .collect(),
        ),
        registration_date: Some(household.registered_at.to_string()),
        additional_attributes: Some(vec![json!({ "household_status": household.status })]),
        rest: Map::new(),
    }
}

/// Income a head divided by the poverty line of its year, with two decimals, rounded down.
fn score(household: &SharedHousehold, measured: Measured) -> (Option<Value>, Option<String>) {
    let (Some((year, line)), Some(income)) = (measured, household.per_head_fen) else {
        return (None, None);
    };
    let shown = hundredths(income, line);
    (shown.map(Value::String), Some(format!("income-to-line-{year}")))
}

fn hundredths(income: Money, line: Money) -> Option<String> {
    let hundredths = (i128::from(income.fen()) * 100).checked_div_euclid(i128::from(line.fen()))?;
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.unsigned_abs();
    Some(format!("{sign}{}.{:02}", size / 100, size % 100))
}

fn member(household: &SharedHousehold, member: &SharedMember) -> Member {
    let facts = &member.line.facts;
    Member {
        context: None,
        kind: Some("Member".to_owned()),
        member_identifier: vec![identifier(OWN, &member.line.person)],
        demographic_info: Some(Demographic::Person(Box::new(person(member)))),
        relationship_head: facts.relation.map(|relation| relation.to_string()),
        is_disabled: facts.disability.map(|grade| Value::Bool(grade > 0)),
        employment_status: facts.work.map(|work| work.to_string()),
        education_level: facts.schooling.map(|schooling| schooling.to_string()),
        registration_date: Some(household.registered_at.to_string()),
        ..Member::default()
    }
}

/// Who a member is: in full where the partner may see that, else masked, with the year of birth alone.
fn person(member: &SharedMember) -> Person {
    let (line, full) = (&member.line, member.personal.as_ref());
    let number = match full {
        Some(personal) => personal.resident_id.clone(),
        None => line.who.resident_id.clone(),
    };
    let name = match full {
        Some(personal) => personal.name.clone().unwrap_or_default(),
        None => line.who.name.clone(),
    };
    let mut rest = Map::new();
    if let Some(phone) = full.and_then(|personal| personal.phone.clone()) {
        rest.insert("phone_number".to_owned(), json!([phone]));
    }
    let mut identifiers = vec![identifier(OWN, &line.person)];
    identifiers.extend(number.map(|number| identifier(UIN, &number)));
    Person {
        context: None,
        id: None,
        kind: Some("SRPerson".to_owned()),
        identifier: identifiers,
        // A name is kept whole: which part is the family's is not guessed.
        name: Some(Names::One(Name {
            given_name: Some(name),
            ..Name::default()
        })),
        sex: line.facts.sex.map(|sex| sex.to_string()),
        birth_date: line.facts.birth_on.map(|day| match full {
            Some(_) => day.to_string(),
            None => day.year().to_string(),
        }),
        rest,
    }
}

/// A person who is not told of as a member: with what the household adds.
fn alone(household: &SharedHousehold, member: &SharedMember, measured: Measured) -> Person {
    let mut told = person(member);
    told.context = Some(context());
    told.id = Some(format!("urn:uuid:{}", member.line.person));
    let (score, kind) = score(household, measured);
    let added = [
        ("household_identifier", Some(json!(household.id))),
        ("household_status", Some(json!(household.status))),
        ("poverty_score", score),
        ("poverty_score_type", kind.map(Value::String)),
        (
            "is_disabled",
            member.line.facts.disability.map(|grade| json!(grade > 0)),
        ),
        ("registration_date", Some(json!(household.registered_at))),
    ];
    for (name, value) in added {
        if let Some(value) = value {
            told.rest.insert(name.to_owned(), value);
        }
    }
    told
}
